package definition

import (
	"errors"
	"io/fs"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Language is the version of the definition language that this binary speaks.
const Language = 1

var (
	regionShape   = regexp.MustCompile(`^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$`)
	intervalShape = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$`)
)

// folder is a government folder while it is read: the structures and where
// each of their parts stands.
type folder struct {
	fs         fs.FS
	report     *report
	government *Government
	profile    *source // government.yaml
	units      *source
	roles      *source
	regions    *source
	numbers    *source
	needs      *source            // root nil: the government has none
	notices    *source            // likewise
	areas      *source            // regions.geojson; nil: the government has none
	files      map[string]*source // services and what they extend, as they stand
	extendedBy map[string]bool    // files that some other extends
	ringed     map[string]bool    // files that extend each other in a ring
	services   []*source          // in the order of government.Services
	templates  map[string]*source // by template id
	unread     bool               // some service file cannot be read at all
}

// Read reads and resolves the government folder at the root of fsys. The
// findings are those of reading: places, types, shapes and missing texts.
// Check adds the ones of meaning.
func Read(fsys fs.FS) (*Government, []Finding) {
	f := read(fsys)
	return f.government, sorted(f.report.findings)
}

func read(fsys fs.FS) *folder {
	f := &folder{fs: fsys, report: &report{}, templates: map[string]*source{},
		government: &Government{Templates: map[string]Template{}}}
	g := f.government
	f.profile = f.file("government.yaml", nil)
	langs := f.languages()
	f.decode(f.profile, langs, &g.Profile)
	f.units = f.list("units.yaml", "units", langs, &g.Units)
	f.roles = f.list("roles.yaml", "roles", langs, &g.Roles)
	f.regions = f.list("regions.yaml", "regions", langs, &g.Regions)
	f.numbers = f.list("numbers.yaml", "numbers", langs, &g.Numbers)
	f.readNeeds(langs)
	f.readNotices(langs)
	f.readAreas()
	f.readServices(langs)
	f.readTemplates(langs)
	f.readCalendars()
	f.readPolicies()
	return f
}

// languages are the declared ones; until they can be read, Indonesian and English.
func (f *folder) languages() []string {
	fallback := []string{"id", "en"}
	if f.profile.root == nil || f.profile.root.Kind != yaml.MappingNode {
		return fallback
	}
	var langs []string
	content := f.profile.root.Content
	for i := 0; i+1 < len(content); i += 2 {
		if content[i].Value == "languages" && content[i+1].Kind == yaml.SequenceNode {
			for _, n := range content[i+1].Content {
				langs = append(langs, n.Value)
			}
		}
	}
	if len(langs) == 0 || slices.Contains(langs, "") {
		return fallback
	}
	if !slices.Contains(langs, "id") {
		langs = append(langs, "id") // reported once, at the list of languages
	}
	return langs
}

// file loads one file; a nil root means that it cannot be read.
func (f *folder) file(name string, optional *bool) *source {
	data, err := f.bytes(name)
	if err != nil {
		s := &source{file: name, places: map[string]place{}, report: f.report}
		if optional == nil || !errors.Is(err, fs.ErrNotExist) {
			s.add(1, 1, "missing_file", args([]string{"file", name}))
		}
		return s
	}
	return parse(name, data, f.report)
}

// bytes reads a file, but never one of a size that no definition has.
func (f *folder) bytes(name string) ([]byte, error) {
	info, err := fs.Stat(f.fs, name)
	if err != nil {
		return nil, err
	}
	if info.Size() > 4*maxFileBytes {
		return make([]byte, maxFileBytes+1), nil // reported by parse as too large
	}
	return fs.ReadFile(f.fs, name)
}

// decode fills one structure from a file.
func (f *folder) decode(s *source, langs []string, into any) {
	if s.root == nil {
		return
	}
	s.places[""] = place{value: s.root}
	d := &decoder{source: s, langs: langs}
	d.decode(s.root, "", reflect.ValueOf(into).Elem(), shape{})
}

// list reads a file whose one key holds a list.
func (f *folder) list(name, key string, langs []string, into any) *source {
	s := f.file(name, nil)
	if s.root == nil {
		return s
	}
	s.places[""] = place{value: s.root}
	d := &decoder{source: s, langs: langs}
	if s.root.Kind != yaml.MappingNode {
		d.wrong(s.root, "map")
		return s
	}
	found := false
	for i := 0; i+1 < len(s.root.Content); i += 2 {
		k, value := s.root.Content[i], s.root.Content[i+1]
		switch {
		case k.Value != key:
			d.node(k, "unknown_key", "key", k.Value, "known", key)
		case !found:
			found = true
			d.member(k, value, key, reflect.ValueOf(into).Elem(), shape{})
		}
	}
	if !found {
		d.node(s.root, "missing_key", "key", key)
	}
	return s
}

// readServices reads what services extend, then each service over it.
func (f *folder) readServices(langs []string) {
	names := f.yamlFiles("services")
	f.files, f.extendedBy, f.ringed = map[string]*source{}, map[string]bool{}, map[string]bool{}
	for _, name := range append(f.optionalFiles("templates"), names...) {
		f.files[name] = f.file(name, nil)
	}
	for _, name := range names {
		s := f.files[name]
		if s.root != nil {
			s = f.extended(s)
		}
		if s == nil || s.root == nil {
			f.unread = true
			continue
		}
		service := &Service{}
		f.decodeService(s, langs, service)
		f.government.Services = append(f.government.Services, service)
		f.services = append(f.services, s)
	}
	f.unusedBases()
}

// decodeService fills a service from its file, with what stands for several
// fields or pages written out.
func (f *folder) decodeService(s *source, langs []string, service *Service) {
	d := &decoder{source: s, langs: langs}
	s.root = d.expanded(s.root)
	f.decode(s, langs, service)
	service.corrections()
}

// optionalFiles are the *.yaml files of a folder that need not be there.
func (f *folder) optionalFiles(dir string) []string {
	if _, err := fs.Stat(f.fs, dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return f.yamlFiles(dir)
}

func (f *folder) readTemplates(langs []string) {
	for _, name := range f.yamlFiles("documents") {
		s := f.file(name, nil)
		var t Template
		f.decode(s, langs, &t)
		if s.root == nil {
			continue
		}
		own := strings.TrimSuffix(path.Base(s.file), ".yaml")
		if t.ID != "" && t.ID != own {
			s.at("id", "id_file", "id", t.ID, "file", own)
		}
		if f.templates[t.ID] != nil && t.ID != own {
			continue // a copy that has not got its own name yet
		}
		f.templates[t.ID], f.government.Templates[t.ID] = s, t
	}
}

// yamlFiles are the *.yaml files of a folder in name order; another ending is
// reported, because a service that is silently not read is worse.
func (f *folder) yamlFiles(dir string) []string {
	entries, err := fs.ReadDir(f.fs, dir)
	s := &source{file: dir, report: f.report}
	if err != nil {
		s.add(1, 1, "missing_file", args([]string{"file", dir}))
		return nil
	}
	var names []string
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if e.IsDir() || path.Ext(name) != ".yaml" {
			s.file = name
			s.add(1, 1, "file_name", args([]string{"file", name}))
			continue
		}
		names = append(names, name)
	}
	return names
}

// readCalendars takes the calendar files as they are; law/deadline reads them.
func (f *folder) readCalendars() {
	entries, _ := fs.ReadDir(f.fs, "calendars")
	for _, e := range entries {
		if e.IsDir() || path.Ext(e.Name()) != ".yaml" {
			continue
		}
		name := path.Join("calendars", e.Name())
		data, err := f.bytes(name)
		if err != nil {
			continue
		}
		f.government.Calendars = append(f.government.Calendars, CalendarFile{Path: name, Data: data})
	}
}

// readPolicies joins the Cedar files in name order.
func (f *folder) readPolicies() {
	entries, _ := fs.ReadDir(f.fs, "policy")
	var all strings.Builder
	for _, e := range entries {
		if e.IsDir() || path.Ext(e.Name()) != ".cedar" {
			continue
		}
		data, err := f.bytes(path.Join("policy", e.Name()))
		if err != nil {
			continue
		}
		all.Write(data)
		if !strings.HasSuffix(string(data), "\n") {
			all.WriteByte('\n')
		}
	}
	f.government.Policies = all.String()
}
