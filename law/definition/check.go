package definition

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// Check reads a government folder and proves it: every finding of reading and
// of meaning at once, in the order of files and places. It writes nothing. A
// folder may go live when Failed(findings) is false.
func Check(fsys fs.FS) []Finding {
	_, found := Checked(fsys)
	return found
}

// Checked is Check that also gives the government that was proved: the folder is
// read once, so it cannot change between the proof and its use.
func Checked(fsys fs.FS) (*Government, []Finding) {
	f := read(fsys)
	f.checkGovernment()
	for i, s := range f.services {
		f.checkService(s, f.government.Services[i])
	}
	f.checkTemplates()
	f.checkCalendars()
	f.checkPolicies()
	return f.government, sorted(f.report.findings)
}

// checks is the check of one service.
type checks struct {
	*source
	folder  *folder
	service *Service
	asked   map[string]int // field id → index of its page
}

func (f *folder) checkService(s *source, service *Service) {
	c := &checks{source: s, folder: f, service: service, asked: map[string]int{}}
	for i, p := range service.Form.Pages {
		for _, fl := range Asked(p.Fields) {
			if _, twice := c.asked[fl.ID]; !twice && fl.ID != "" {
				c.asked[fl.ID] = i
			}
		}
	}
	c.head()
	c.standard()
	c.form()
	c.rules()
	c.flow()
	c.promised()
	c.paths()
	c.limits()
	c.product()
	c.postal()
	c.vault()
	c.public()
	c.later()
}

// head checks what stands at the top of a service file.
func (c *checks) head() {
	s := c.service
	if s.Language != 0 && s.Language != Language {
		c.at("language", "language_version", "version", itoa(Language))
	}
	if name := strings.TrimSuffix(path.Base(c.file), ".yaml"); s.ID != "" && s.ID != name {
		c.at("id", "id_file", "id", s.ID, "file", name)
	}
	c.distinct(len(s.Channels), "channels[%d]", func(i int) string { return s.Channels[i] })
	if len(s.Channels) == 0 && c.has("channels") && c.clean("channels") {
		c.at("channels", "empty_list")
	}
	c.unit()
	c.needs()
	c.distinct(len(s.Stops), "stops[%d].id", func(i int) string { return s.Stops[i].ID })
	for i, stop := range s.Stops {
		if at := fmt.Sprintf("stops[%d].max", i); stop.Max < 1 && c.has(at) && c.clean(at) {
			c.at(at, "not_positive")
		}
	}
	if s.Retention.Years < 1 && c.has("retention.years") && c.clean("retention.years") {
		c.at("retention.years", "not_positive")
	}
}

// unit checks which unit handles a case.
func (c *checks) unit() {
	at := c.service.Unit
	switch {
	case at.Unit != "" && at.Region != "":
		c.at("unit", "unit_and_region")
	case at.Unit == "" && at.Region == "" && c.has("unit") && c.clean("unit"):
		c.at("unit", "unit_or_region")
	case at.Unit != "":
		c.knownUnit(c.first("unit.unit", "unit"), at.Unit)
	case at.Region != "":
		c.unitRegion(at.Region)
	}
}

// unitRegion checks that the field which says the region is always answered, and
// that every region of its level has a unit.
func (c *checks) unitRegion(id string) {
	f := c.service.Field(id)
	switch {
	case f == nil:
		c.at("unit.region", "unknown_field", "field", id)
		return
	case f.Kind == "":
		return
	case f.Kind != KindRegion || !c.service.Always(id) || f.Level == "":
		c.at("unit.region", "unit_region_field", "field", id)
		return
	case f.Scope != "":
		c.at("unit.region", "unit_region_scope", "field", id)
		return
	}
	if c.folder.units.root == nil || c.folder.regions.root == nil {
		return
	}
	served := map[string]bool{}
	for _, u := range c.folder.government.Units {
		served[u.Region] = true
	}
	for _, r := range c.folder.government.Regions {
		if LevelOf(r.Code) == f.Level && !served[r.Code] {
			c.at("unit.region", "region_without_unit", "code", r.Code, "name", r.Name)
		}
	}
}

// standard checks the parts of the published standard.
func (c *checks) standard() {
	st := c.service.Standard
	c.distinct(len(st.Requirements), "standard.requirements[%d].id", func(i int) string { return st.Requirements[i].ID })
	for i, r := range st.Requirements {
		c.knownFields(fmt.Sprintf("standard.requirements[%d].field", i), r.Field)
	}
	for _, list := range []struct {
		path string
		n    int
	}{{"standard.requirements", len(st.Requirements)}, {"standard.procedure", len(st.Procedure)}, {"standard.legal_basis", len(st.LegalBasis)}} {
		if list.n == 0 && c.has(list.path) && c.clean(list.path) {
			c.at(list.path, "empty_list")
		}
	}
	for i, b := range st.LegalBasis {
		if _, err := time.Parse(time.DateOnly, b.Date); err != nil && b.Date != "" {
			c.at(fmt.Sprintf("standard.legal_basis[%d].date", i), "date_shape", "date", b.Date)
		}
	}
	c.fee()
	c.substitutes()
	c.variants()
}

// has reports whether a path stands in the file.
func (s *source) has(path string) bool { _, ok := s.places[path]; return ok }

// first is the first of the paths that stands in the file.
func (s *source) first(paths ...string) string {
	for _, p := range paths {
		if s.has(p) {
			return p
		}
	}
	return paths[len(paths)-1]
}

// clean reports whether nothing was found inside the value at a path, so that a
// consequence of a fault is not reported as another.
func (s *source) clean(path string) bool {
	w, ok := s.places[path]
	if !ok {
		return true
	}
	if len(s.report.findings) == 0 {
		return true
	}
	spans := map[string][2]int{}
	visit(w.value, func(n *yaml.Node) {
		file := s.of(n).file
		span, seen := spans[file]
		if !seen {
			span[0] = n.Line
		}
		spans[file] = [2]int{min(span[0], n.Line), max(span[1], ownEnd(n))}
	})
	return !slices.ContainsFunc(s.report.findings, func(f Finding) bool {
		span, ok := spans[f.File]
		return ok && f.Line >= span[0] && f.Line <= span[1]
	})
}

// distinct reports ids that are there twice in a list.
func (s *source) distinct(n int, format string, id func(int) string) {
	seen := map[string]int{}
	for i := range n {
		name := id(i)
		if name == "" {
			continue
		}
		at := fmt.Sprintf(format, i)
		if first, twice := seen[name]; twice {
			line := s.places[s.first(fmt.Sprintf(format, first), "")].value.Line
			s.at(at, "duplicate_id", "id", name, "line", itoa(line))
			continue
		}
		seen[name] = i
	}
}

// knownFields reports ids in a list of fields that the form does not ask.
func (c *checks) knownFields(at string, ids []string) {
	for i, id := range ids {
		if _, ok := c.asked[id]; !ok && id != "" {
			c.at(fmt.Sprintf("%s[%d]", at, i), "unknown_field", "field", id)
		}
	}
}

func (c *checks) knownUnit(at, id string) {
	if id != "" && c.folder.units.root != nil && c.folder.government.Unit(id) == nil {
		c.at(at, "unknown_unit", "unit", id, "known", nearestFirst(id, unitIDs(c.folder.government)))
	}
}

func (c *checks) knownRole(at, id string) {
	if id != "" && c.folder.roles.root != nil && c.folder.government.Role(id) == nil {
		c.at(at, "unknown_role", "role", id, "known", nearestFirst(id, roleIDs(c.folder.government)))
	}
}

func unitIDs(g *Government) (ids []string) {
	for _, u := range g.Units {
		ids = append(ids, u.ID)
	}
	return ids
}

func roleIDs(g *Government) (ids []string) {
	for _, r := range g.Roles {
		ids = append(ids, r.ID)
	}
	return ids
}
