package page

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

// PseudoTag is the language generated from Indonesian with ⟦⟧ around every
// text: what stands outside the brackets was never given to the catalogue.
const PseudoTag = "qps"

// Catalogue is the texts of every language, compiled.
type Catalogue struct {
	languages []string // id first: the language of last resort
	matcher   language.Matcher
	printers  map[string]*Printer
	faults    []string
}

// message is one text: parts in order, or one such list per plural form.
type message struct {
	plain string // the whole text when it has no placeholder
	parts []part
	forms map[pluralForm]*message // chosen by the argument n
}

type part struct {
	text string
	arg  string // name of the placeholder; empty = text
}

// LoadCatalogue reads <area>.<language>.yaml from files. With pseudo it adds
// PseudoTag. Duplicates and broken files are reported by Faults, and a missing
// Indonesian text is an error.
func LoadCatalogue(files fs.FS, pseudo bool) (*Catalogue, error) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	c := &Catalogue{printers: map[string]*Printer{}}
	tables := map[string]map[string]*message{}
	for _, name := range names {
		if err := c.read(files, name, tables); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if tables["id"] == nil {
		return nil, fmt.Errorf("no texts in Indonesian among %d files", len(names))
	}
	if pseudo {
		tables[PseudoTag] = pseudoTable(tables["id"])
	}
	c.compile(tables)
	return c, nil
}

func (c *Catalogue) read(files fs.FS, name string, tables map[string]map[string]*message) error {
	area, lang, ok := strings.Cut(strings.TrimSuffix(name, ".yaml"), ".")
	if !ok {
		return fmt.Errorf("name is not <area>.<language>.yaml")
	}
	data, err := fs.ReadFile(files, path.Clean(name))
	if err != nil {
		return err
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return err
	}
	if len(doc.Content) == 0 {
		return nil
	}
	if tables[lang] == nil {
		tables[lang] = map[string]*message{}
	}
	root := doc.Content[0]
	for i := 0; i+1 < len(root.Content); i += 2 {
		c.add(tables[lang], area, root.Content[i], root.Content[i+1])
	}
	return nil
}

// add puts one text into the table; what is wrong with it becomes a fault that
// the tests show, because one bad text must not keep a government closed.
func (c *Catalogue) add(table map[string]*message, area string, k, v *yaml.Node) {
	key := k.Value
	switch {
	case table[key] != nil:
		c.faults = append(c.faults, fmt.Sprintf("%s line %d: %s is there twice", area, k.Line, key))
	case !strings.HasPrefix(key, area+".") && !strings.HasPrefix(key, "fault."):
		c.faults = append(c.faults, fmt.Sprintf("%s line %d: %s starts with neither %s. nor fault.", area, k.Line, key, area))
	}
	if v.Kind == yaml.ScalarNode {
		table[key] = compileText(v.Value)
		return
	}
	m := &message{forms: map[pluralForm]*message{}}
	for i := 0; i+1 < len(v.Content); i += 2 {
		form, ok := pluralForms[v.Content[i].Value]
		if !ok {
			c.faults = append(c.faults, fmt.Sprintf("%s line %d: %s has no plural form %q", area, v.Line, key, v.Content[i].Value))
			continue
		}
		m.forms[form] = compileText(v.Content[i+1].Value)
	}
	table[key] = m
}

type pluralForm = plural.Form

var pluralForms = map[string]pluralForm{
	"zero": plural.Zero, "one": plural.One, "two": plural.Two,
	"few": plural.Few, "many": plural.Many, "other": plural.Other,
}

// compileText cuts "Langkah {n} dari {of}" into its parts.
func compileText(s string) *message {
	m := &message{}
	rest := s
	for {
		open := strings.IndexByte(rest, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(rest[open:], '}')
		if end < 0 {
			break
		}
		if open > 0 {
			m.parts = append(m.parts, part{text: rest[:open]})
		}
		m.parts = append(m.parts, part{arg: rest[open+1 : open+end]})
		rest = rest[open+end+1:]
	}
	if len(m.parts) == 0 {
		m.plain = s
		return m
	}
	if rest != "" {
		m.parts = append(m.parts, part{text: rest})
	}
	return m
}

// compile makes the printers and the matcher: id first, the rest by name.
func (c *Catalogue) compile(tables map[string]map[string]*message) {
	for lang := range tables {
		if lang != "id" {
			c.languages = append(c.languages, lang)
		}
	}
	sort.Strings(c.languages)
	c.languages = append([]string{"id"}, c.languages...)
	tags := make([]language.Tag, len(c.languages))
	for i, lang := range c.languages {
		tags[i] = language.Make(lang)
		c.printers[lang] = newPrinter(lang, tags[i], tables[lang], tables["id"])
	}
	c.matcher = language.NewMatcher(tags)
}

// Languages is the tags of the catalogue, Indonesian first.
func (c *Catalogue) Languages() []string { return c.languages }

// Faults is what is wrong with the text files, for the tests.
func (c *Catalogue) Faults() []string { return c.faults }

// Keys is every key of a language, sorted.
func (c *Catalogue) Keys(lang string) []string {
	p := c.printers[lang]
	if p == nil {
		return nil
	}
	keys := make([]string, 0, len(p.table))
	for k := range p.table {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Printer writes lang; an unknown language is written in Indonesian.
func (c *Catalogue) Printer(lang string) *Printer {
	if p := c.printers[lang]; p != nil {
		return p
	}
	return c.printers["id"]
}

// Match finds the language of an Accept-Language header or a list of tags.
func (c *Catalogue) Match(accept string) string {
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return c.languages[0]
	}
	_, i, confidence := c.matcher.Match(tags...)
	if confidence == language.No {
		return c.languages[0]
	}
	return c.languages[i]
}
