package edit

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// Value is what is put into a file: Text, Word, Map or List.
type Value interface{ expected() *yaml.Node }

// Text is words; quotes are put around them where YAML needs them.
type Text string

// Word stands as it is, without quotes: a number, yes, an id.
type Word string

// Pair is a key with its value.
type Pair struct {
	Key   string
	Value Value
}

// Map is keys with their values, in order.
type Map []Pair

// List is values in order.
type List []Value

func (t Text) expected() *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: string(t)}
}
func (w Word) expected() *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Value: string(w)} }

func (m Map) expected() *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode}
	for _, p := range m {
		n.Content = append(n.Content, Word(p.Key).expected(), p.Value.expected())
	}
	return n
}

func (l List) expected() *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, v := range l {
		n.Content = append(n.Content, v.expected())
	}
	return n
}

// flowText writes a value on one line.
func flowText(v Value) string {
	switch v := v.(type) {
	case Text:
		if plain(string(v)) {
			return string(v)
		}
		return doubleQuoted(string(v))
	case Word:
		return string(v)
	case Map:
		var parts []string
		for _, p := range v {
			parts = append(parts, flowText(Text(p.Key))+": "+flowText(p.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case List:
		var parts []string
		for _, item := range v {
			parts = append(parts, flowText(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return `""`
}

// blockText writes a map over several lines, each key on its own; what is
// nested in it stays on its line.
func blockText(v Value, indent, newline string) string {
	m, ok := v.(Map)
	if !ok {
		return flowText(v)
	}
	var lines []string
	for _, p := range m {
		lines = append(lines, flowText(Text(p.Key))+": "+flowText(p.Value))
	}
	return strings.Join(lines, newline+indent)
}

// plain reports whether words need no quotes, in brackets or out of them: YAML
// itself is asked.
func plain(s string) bool {
	if s == "" || strings.ContainsAny(s, "\n\r\t\x00{}[],#&*!|>'\"%@`") || strings.Contains(s, ": ") || strings.HasSuffix(s, ":") {
		return false
	}
	var doc yaml.Node
	if yaml.Unmarshal([]byte("["+s+"]"), &doc) != nil || len(doc.Content) != 1 || len(doc.Content[0].Content) != 1 {
		return false
	}
	n := doc.Content[0].Content[0]
	return n.Kind == yaml.ScalarNode && n.Tag == "!!str" && n.Value == s
}

func doubleQuoted(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff:
			const hex = "0123456789abcdef"
			b.WriteString(`\u`)
			for shift := 12; shift >= 0; shift -= 4 {
				b.WriteByte(hex[r>>shift&15])
			}
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Write is a new file: each key on its own line, the items of lists on theirs.
func Write(m Map) string {
	var b strings.Builder
	for _, p := range m {
		list, ok := p.Value.(List)
		if !ok || len(list) == 0 {
			b.WriteString(flowText(Text(p.Key)) + ": " + flowText(p.Value) + "\n")
			continue
		}
		b.WriteString(flowText(Text(p.Key)) + ":\n")
		for _, item := range list {
			b.WriteString("  - " + flowText(item) + "\n")
		}
	}
	return b.String()
}
