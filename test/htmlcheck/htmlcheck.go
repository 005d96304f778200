// Package htmlcheck looks at a rendered page as a careful person would who
// cannot see it: labels, headings, references, and nothing that the content
// policy would block. It is for tests.
package htmlcheck

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// node is one element with its attributes.
type node struct {
	name string
	attr map[string]string
	text strings.Builder // of everything inside
	own  strings.Builder // directly inside
	kids []*node
	up   *node
}

// Page is a parsed page.
type Page struct {
	all []*node
}

// Parse reads a page. It takes what templ writes: every element closed.
func Parse(body string) (*Page, error) {
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	p := &Page{}
	var open []*node
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return p, nil
		}
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local, attr: map[string]string{}}
			for _, a := range t.Attr {
				name := a.Name.Local
				if a.Name.Space != "" {
					name = a.Name.Space + ":" + name
				}
				n.attr[name] = a.Value
			}
			if len(open) > 0 {
				n.up = open[len(open)-1]
				n.up.kids = append(n.up.kids, n)
			}
			open = append(open, n)
			p.all = append(p.all, n)
		case xml.EndElement:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case xml.CharData:
			for _, n := range open {
				n.text.Write(t)
			}
			if len(open) > 0 {
				open[len(open)-1].own.Write(t)
			}
		}
	}
}

func (p *Page) each(names string, do func(n *node)) {
	for _, n := range p.all {
		if slices.Contains(strings.Fields(names), n.name) {
			do(n)
		}
	}
}

// Faults is everything that is wrong with the page.
func (p *Page) Faults() []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	ids := p.ids(say)
	p.head(say)
	p.headings(say)
	p.references(ids, say)
	p.fields(say)
	p.forms(say)
	p.blocked(say)
	return out
}

type saying func(format string, args ...any)

func (p *Page) ids(say saying) map[string]*node {
	ids := map[string]*node{}
	for _, n := range p.all {
		id, ok := n.attr["id"]
		if !ok {
			continue
		}
		if id == "" || strings.ContainsAny(id, " \t\n") {
			say("<%s> has the id %q", n.name, id)
		}
		if ids[id] != nil {
			say("the id %s is there twice", id)
		}
		ids[id] = n
	}
	return ids
}

func (p *Page) head(say saying) {
	titled, lang, main := false, false, 0
	p.each("title", func(n *node) { titled = titled || strings.TrimSpace(n.text.String()) != "" })
	p.each("html", func(n *node) { lang = n.attr["lang"] != "" })
	p.each("main", func(*node) { main++ })
	if !titled || !lang || main != 1 {
		say("title %v, language %v, %d main parts", titled, lang, main)
	}
}

func (p *Page) headings(say saying) {
	last, first := 0, 0
	p.each("h1 h2 h3 h4", func(n *node) {
		level := int(n.name[1] - '0')
		if level == 1 {
			first++
		}
		if level > last+1 && last > 0 {
			say("heading %q of level %d follows level %d", words(n), level, last)
		}
		if words(n) == "" {
			say("a heading of level %d is empty", level)
		}
		last = level
	})
	if first != 1 {
		say("%d headings of level 1", first)
	}
}

func words(n *node) string { return strings.Join(strings.Fields(n.text.String()), " ") }

func (p *Page) references(ids map[string]*node, say saying) {
	for _, n := range p.all {
		for _, a := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls"} {
			for _, id := range strings.Fields(n.attr[a]) {
				if ids[id] == nil {
					say("<%s %s=%q>: nothing has that id", n.name, a, id)
				}
			}
		}
		if to, ok := strings.CutPrefix(n.attr["href"], "#"); ok && n.name == "a" && ids[to] == nil {
			say("a link to #%s leads nowhere", to)
		}
	}
}

// fields: everything that is filled in has a label, every group a legend,
// every button and link words.
func (p *Page) fields(say saying) {
	labelled := map[string]bool{}
	p.each("label", func(n *node) { labelled[n.attr["for"]] = words(n) != "" })
	p.each("input select textarea", func(n *node) {
		if n.attr["type"] == "hidden" {
			return
		}
		if !labelled[n.attr["id"]] && n.attr["aria-label"] == "" && !inside(n, "label") {
			say("<%s name=%q> has no label", n.name, n.attr["name"])
		}
	})
	p.each("fieldset", func(n *node) {
		if len(n.kids) == 0 || n.kids[0].name != "legend" || words(n.kids[0]) == "" {
			say("a group begins without its legend")
		}
	})
	p.each("button a summary", func(n *node) {
		if words(n) == "" && n.attr["aria-label"] == "" {
			say("<%s> has no words", n.name)
		}
	})
	p.each("svg img", func(n *node) {
		if n.attr["aria-hidden"] != "true" && n.attr["aria-label"] == "" && n.attr["aria-labelledby"] == "" && n.attr["alt"] == "" {
			say("<%s> has no words and is not hidden", n.name)
		}
	})
	p.each("th", func(n *node) {
		if n.attr["scope"] == "" {
			say("a table heading has no scope")
		}
	})
}

func inside(n *node, name string) bool {
	for ; n != nil; n = n.up {
		if n.name == name {
			return true
		}
	}
	return false
}

// forms: whatever changes something carries the token, first of all.
func (p *Page) forms(say saying) {
	p.each("form", func(n *node) {
		if n.attr["method"] != "post" {
			return
		}
		if len(n.kids) == 0 || n.kids[0].attr["name"] != "_token" || n.kids[0].attr["value"] == "" {
			say("the form to %s does not begin with its token", n.attr["action"])
		}
	})
}

// blocked: what the content security policy would not let through.
func (p *Page) blocked(say saying) {
	for _, n := range p.all {
		for a := range n.attr {
			if a == "style" || strings.HasPrefix(a, "on") {
				say("<%s> has the attribute %s", n.name, a)
			}
		}
		if n.name == "script" && (n.attr["src"] == "" || words(n) != "") {
			say("a script stands in the page")
		}
		for _, a := range []string{"src", "href", "action"} {
			if v := n.attr[a]; strings.HasPrefix(v, "http") || strings.HasPrefix(v, "//") {
				say("<%s %s=%q> leads to another site", n.name, a, v)
			}
		}
	}
}

// Untranslated is the visible text that stands outside ⟦⟧: what was never
// given to the catalogue. Values that are nobody's words, such as codes and
// names, are passed in known.
func (p *Page) Untranslated(known ...string) []string {
	var out []string
	for _, n := range p.all {
		if n.name == "style" || n.name == "script" || n.name == "a" && n.attr["lang"] != "" {
			continue // a link to another language is in that language
		}
		text := n.own.String() + " " + n.attr["aria-label"] + " " + n.attr["placeholder"] + " " + n.attr["title"]
		left := outside(text)
		for _, k := range known {
			left = strings.ReplaceAll(left, k, "")
		}
		if strings.IndexFunc(left, unicode.IsLetter) >= 0 {
			out = append(out, fmt.Sprintf("<%s> %q", n.name, strings.TrimSpace(left)))
		}
	}
	return out
}

// outside drops what stands in balanced ⟦⟧.
func outside(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch {
		case r == '⟦':
			depth++
		case r == '⟧' && depth > 0:
			depth--
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Form is what a browser would send with the first form whose action begins so,
// without a button, and where to.
func (p *Page) Form(action string) (to string, v url.Values, ok bool) {
	var form *node
	p.each("form", func(n *node) {
		if form == nil && strings.HasPrefix(n.attr["action"], action) {
			form = n
		}
	})
	if form == nil {
		return "", nil, false
	}
	v = url.Values{}
	for _, n := range p.all {
		if within(n, form) {
			n.sent(v)
		}
	}
	return form.attr["action"], v, true
}

func within(n, form *node) bool {
	for ; n != nil; n = n.up {
		if n == form {
			return true
		}
	}
	return false
}

// sent adds what one control sends.
func (n *node) sent(v url.Values) {
	name := n.attr["name"]
	_, checked := n.attr["checked"]
	_, selected := n.attr["selected"]
	_, disabled := n.attr["disabled"]
	switch kind := n.attr["type"]; {
	case disabled:
	case n.name == "option" && selected:
		for up := n.up; up != nil; up = up.up {
			if up.name == "select" {
				v.Set(up.attr["name"], n.attr["value"])
			}
		}
	case n.name == "textarea":
		v.Add(name, n.own.String())
	case n.name != "input" || kind == "file" || (kind == "radio" || kind == "checkbox") && !checked:
	default:
		v.Add(name, n.attr["value"])
	}
}

// Text is the page as read from top to bottom.
func (p *Page) Text() string {
	var b strings.Builder
	p.each("main", func(n *node) { b.WriteString(n.text.String()) })
	return strings.Join(strings.Fields(b.String()), " ")
}
