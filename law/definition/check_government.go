package definition

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"pendopo/law/deadline"
	"pendopo/law/policy"
)

// checkGovernment checks profile, units, roles, regions and numbers.
func (f *folder) checkGovernment() {
	f.checkProfile()
	f.checkUnits()
	g := f.government
	f.roles.distinct(len(g.Roles), "roles[%d].id", func(i int) string { return g.Roles[i].ID })
	f.numbers.distinct(len(g.Numbers), "numbers[%d].id", func(i int) string { return g.Numbers[i].ID })
	for i, n := range g.Numbers {
		f.checkPattern(fmt.Sprintf("numbers[%d].pattern", i), n)
	}
	f.checkRegions()
	f.checkAreas()
	f.checkNeeds()
	f.checkNotices()
}

func (f *folder) checkProfile() {
	p, s := f.government.Profile, f.profile
	if s.root == nil {
		return
	}
	if p.Language != 0 && p.Language != Language {
		s.at("language", "language_version", "version", itoa(Language))
	}
	s.distinct(len(p.Languages), "languages[%d]", func(i int) string { return p.Languages[i] })
	if s.has("languages") && !slices.Contains(p.Languages, "id") && s.clean("languages") {
		s.at("languages", "languages")
	}
	if p.Code != "" && f.regions.root != nil && f.regions.clean("regions") && !f.government.RegionSet().Has(p.Code) {
		s.at("code", "unknown_region", "code", p.Code)
	}
	if p.Accent != "" {
		f.checkAccent(p.Accent)
	}
	if p.Tiles != "" && !tiles.MatchString(p.Tiles) {
		s.at("tiles", "tiles")
	}
	if p.Mark != "" {
		if _, err := fs.Stat(f.fs, p.Mark); err != nil || path.Ext(p.Mark) != ".svg" {
			s.at("mark", "missing_file", "file", p.Mark)
		}
	}
}

// tiles are an address of pictures of the map: by https, for the page lets
// nothing else in, with the three numbers that name a picture.
var tiles = regexp.MustCompile(`^https://[a-z0-9.-]+(:[0-9]+)?/[^\s"'<>;,]*\{z\}[^\s"'<>;,]*\{x\}[^\s"'<>;,]*\{y\}[^\s"'<>;,]*$`)

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// checkAccent: white words on the accent, and the accent on paper, must be
// readable (WCAG 2.2, 4.5 to 1).
func (f *folder) checkAccent(accent string) {
	if !colour.MatchString(accent) {
		f.profile.at("accent", "colour", "colour", accent)
		return
	}
	const paper = "#fffdf8"
	if ratio := contrast(accent, paper); ratio < 4.5 {
		f.profile.at("accent", "contrast", "colour", accent, "ratio", strconv.FormatFloat(ratio, 'f', 1, 64))
	}
}

// contrast is the ratio of WCAG 2.2 between two colours.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c string) float64 {
	var sum float64
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		n, _ := strconv.ParseUint(c[1+2*i:3+2*i], 16, 8)
		v := float64(n) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		sum += weight * v
	}
	return sum
}

func (f *folder) checkUnits() {
	g, s := f.government, f.units
	s.distinct(len(g.Units), "units[%d].id", func(i int) string { return g.Units[i].ID })
	regions, served := g.RegionSet(), map[string]string{}
	for i, u := range g.Units {
		at := fmt.Sprintf("units[%d]", i)
		if u.Parent != "" && (g.Unit(u.Parent) == nil || f.belowItself(u)) {
			s.at(at+".parent", "unknown_parent", "unit", u.Parent)
		}
		if u.Region == "" {
			continue
		}
		switch other := served[u.Region]; {
		case f.regions.root != nil && !regions.Has(u.Region):
			s.at(at+".region", "unknown_region", "code", u.Region)
		case other != "":
			s.at(at+".region", "region_twice", "code", u.Region, "unit", other)
		}
		served[u.Region] = u.ID
	}
}

// belowItself reports whether following the parents of a unit leads back to it.
func (f *folder) belowItself(u Unit) bool {
	at := &u
	for range f.government.Units {
		if at = f.government.Unit(at.Parent); at == nil {
			return false
		}
		if at.ID == u.ID {
			return true
		}
	}
	return false
}

// checkRegions: every region lies in one of the list, up to the highest given.
func (f *folder) checkRegions() {
	regions, top := f.government.RegionSet(), f.government.topLevel()
	for _, r := range f.government.Regions {
		i := strings.LastIndex(r.Code, ".")
		if strings.Count(r.Code, ".") > top && regionShape.MatchString(r.Code) && !regions.Has(r.Code[:i]) {
			f.regionKey(r.Code, "region_outside", "code", r.Code, "outer", r.Code[:i])
		}
	}
}

func (f *folder) regionKey(code, fault string, pairs ...string) {
	if w, ok := f.regions.places["regions."+code]; ok {
		f.regions.node(w.key, fault, pairs...)
	}
}

var patternPart = regexp.MustCompile(`\{([^{}]*)\}`)
var counter = regexp.MustCompile(`^n(:[1-9])?$`)

// checkPattern: a number has its counter, and says the year when it begins anew
// every year.
func (f *folder) checkPattern(at string, n NumberRegister) {
	if n.Pattern == "" {
		return
	}
	counted, yearly, unit := false, false, false
	for _, m := range patternPart.FindAllStringSubmatch(n.Pattern, -1) {
		switch {
		case counter.MatchString(m[1]):
			counted = true
		case m[1] == "year":
			yearly = true
		case m[1] == "unit":
			unit = true
		case m[1] != "month" && m[1] != "month_roman":
			f.numbers.inText(at, m[0], "pattern_part", "part", m[1])
			return
		}
	}
	switch {
	case !counted:
		f.numbers.at(at, "pattern_without_counter")
	case n.Resets == "yearly" && !yearly:
		f.numbers.at(at, "pattern_without_year")
	case n.Per == "unit" && !unit:
		f.numbers.at(at, "pattern_without_unit")
	case unit:
		f.unitCodes()
	}
}

// unitCodes: a unit whose code stands in numbers must have one of its own.
func (f *folder) unitCodes() {
	seen := map[string]bool{}
	for i, u := range f.government.Units {
		at := fmt.Sprintf("units[%d]", i)
		switch {
		case u.Code == "" && !f.units.has(at+".code"):
			f.units.at(at, "unit_without_code", "unit", u.ID)
		case u.Code != "" && seen[u.Code]:
			f.units.at(at+".code", "duplicate_id", "id", u.Code, "line", "units.yaml")
		}
		seen[u.Code] = true
	}
}

// checkCalendars lets the legal clock read its calendars.
func (f *folder) checkCalendars() {
	files := map[string][]byte{}
	for _, c := range f.government.Calendars {
		files[c.Path] = c.Data
	}
	if len(files) == 0 {
		s := &source{file: "calendars", report: f.report}
		s.add(1, 1, "missing_file", args([]string{"file", "calendars"}))
		return
	}
	_, err := deadline.ParseCalendar(files)
	var found deadline.Findings
	if !errors.As(err, &found) {
		return
	}
	for _, c := range found {
		s := &source{file: c.File, report: f.report, lines: strings.Split(string(files[c.File]), "\n")}
		pairs := make([]string, len(c.Args))
		for i, a := range c.Args {
			pairs[i] = fmt.Sprint(a)
		}
		s.add(c.Line, c.Column, c.Code, args(pairs))
	}
}

// checkPolicies proves who may do what, with the roles and units there are.
func (f *folder) checkPolicies() {
	entries, _ := fs.ReadDir(f.fs, "policy")
	var files []policy.File
	lines := map[string][]string{}
	for _, e := range entries {
		name := path.Join("policy", e.Name())
		data, err := f.bytes(name)
		if err != nil || path.Ext(name) != ".cedar" {
			continue
		}
		files = append(files, policy.File{Name: name, Text: data})
		lines[name] = strings.Split(string(data), "\n")
	}
	var known policy.Known
	if f.roles.root != nil && f.units.root != nil {
		known = policy.Known{Roles: roleIDs(f.government), Units: unitIDs(f.government)}
	}
	for _, p := range policy.Check(files, known) {
		s := &source{file: p.File, report: f.report, lines: lines[p.File]}
		s.add(p.Line, p.Column, p.Code, args([]string{"why", p.Message}))
	}
}

// lastLine is the last line on which a node or a part of it begins, or ends for
// a block of text.
func lastLine(n *yaml.Node) int {
	last := ownEnd(n)
	for _, child := range n.Content {
		last = max(last, lastLine(child))
	}
	return last
}

// ownEnd is the line on which a node begins, or on which its block of text ends.
func ownEnd(n *yaml.Node) int {
	if n.Kind == yaml.ScalarNode && n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return n.Line + strings.Count(n.Value, "\n") + 1
	}
	return n.Line
}
