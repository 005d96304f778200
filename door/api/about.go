package api

import (
	_ "embed"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"pendopo/kernel/page"
	"pendopo/web/component/table"
	"pendopo/web/scope"
)

//go:embed about.css
var aboutCSS string

var aboutSheet = scope.Sheet{Name: "api", CSS: aboutCSS}

// aboutView is the page about the API: the description, to be read by people.
// It is in English, as the names in the API are.
type aboutView struct {
	Paragraphs []string
	Groups     []aboutGroup
	Types      []table.View
}

type aboutGroup struct {
	Name       string
	Operations []aboutOperation
}

type aboutOperation struct {
	Title, Method, Path, Text, Secret, Example string
	Inputs, Answers                            table.View
}

// about shows the page about the API.
func (d *Door) about(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r.Context())
	v := aboutOf(d.operations())
	return d.Site.Show(w, r, page.View{Title: words.T("api.about_title"), Body: aboutPage(v), Width: "broad"})
}

func aboutOf(ops []operation) aboutView {
	doc := describe(ops)
	v := aboutView{Paragraphs: strings.Split(about, "\n\n")}
	for _, op := range ops {
		i := slices.IndexFunc(v.Groups, func(g aboutGroup) bool { return g.Name == op.group })
		if i < 0 {
			i, v.Groups = len(v.Groups), append(v.Groups, aboutGroup{Name: op.group})
		}
		v.Groups[i].Operations = append(v.Groups[i].Operations, aboutOperationOf(op))
	}
	types := doc["components"].(schema)["schemas"].(schema)
	for _, name := range slices.Sorted(maps.Keys(types)) {
		v.Types = append(v.Types, aboutType(name, types[name].(schema)))
	}
	return v
}

func aboutOperationOf(op operation) aboutOperation {
	method, path := methodAndPath(op.Pattern)
	out := aboutOperation{Title: op.summary, Method: strings.ToUpper(method), Path: path, Text: op.text,
		Inputs:  table.View{Caption: "What it takes", Columns: columns("Name", "Where", "Meaning")},
		Answers: table.View{Caption: "What it answers", Columns: columns("Status", "Meaning")},
	}
	out.Secret = map[need]string{must: "Needs the secret.", may: "Shows more with the secret."}[op.secret]
	for _, p := range op.parameters() {
		in := p.(schema)
		where := in["in"].(string)
		if in["required"] == true {
			where += ", required"
		}
		out.Inputs.Rows = append(out.Inputs.Rows, cells(in["name"].(string), where, in["description"].(string)))
	}
	if op.body != nil {
		out.Inputs.Rows = append(out.Inputs.Rows, cells("body", strings.Join(op.body.kinds, ", "), bodyWords(op.body)))
		if op.body.example != nil {
			example, _ := json.MarshalIndent(op.body.example, "", "  ") // a literal of ours
			out.Example = string(example)
		}
	}
	for _, r := range op.results {
		out.Answers.Rows = append(out.Answers.Rows, cells(strconv.Itoa(r.status), r.text))
	}
	for _, b := range op.trouble {
		out.Answers.Rows = append(out.Answers.Rows, cells(strconv.Itoa(b.status), b.key))
	}
	return out
}

func bodyWords(c *content) string {
	if c.of == nil {
		return "The bytes."
	}
	return typeWords(schemas{schema{}}.of(reflect.TypeOf(c.of)))
}

// aboutType is the members of a type in a table.
func aboutType(name string, s schema) table.View {
	v := table.View{Caption: name, Columns: columns("Member", "Type", "Meaning"), Empty: "Any members."}
	required, _ := s["required"].([]any)
	members, _ := s["properties"].(schema)
	for _, m := range slices.Sorted(maps.Keys(members)) {
		one := members[m].(schema)
		kind := typeWords(one)
		if !slices.Contains(required, any(m)) {
			kind += ", may be absent"
		}
		text, _ := one["description"].(string)
		v.Rows = append(v.Rows, cells(m, kind, text))
	}
	return v
}

// typeWords says of what type a schema is.
func typeWords(s schema) string {
	if ref, ok := s["$ref"].(string); ok {
		return ref[strings.LastIndexByte(ref, '/')+1:]
	}
	switch s["type"] {
	case "array":
		return "list of " + typeWords(s["items"].(schema))
	case nil:
		return "any"
	}
	if s["format"] != nil {
		return s["format"].(string)
	}
	return s["type"].(string)
}

func columns(names ...string) []table.Column {
	var out []table.Column
	for _, n := range names {
		out = append(out, table.Column{Name: n})
	}
	return out
}

func cells(texts ...string) []table.Cell {
	var out []table.Cell
	for _, t := range texts {
		out = append(out, table.Cell{Text: t})
	}
	return out
}
