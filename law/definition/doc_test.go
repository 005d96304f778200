package definition

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// structures are all that can be written in a file.
func structures() []any {
	return []any{
		Profile{}, Unit{}, Role{}, NumberRegister{}, Need{}, Synonym{}, Template{}, TableRow{}, Service{}, At{}, Standard{}, Requirement{}, Fee{}, Basis{},
		Substitute{}, FeeCase{}, Form{}, Page{}, Field{}, Instead{}, Rule{}, Choice{}, Limit{}, LimitCase{}, Late{}, Stop{}, Flow{}, Step{}, Straight{},
		Consult{}, Pass{}, CheckLine{}, Action{}, Reason{}, Product{}, Vault{}, Public{}, Notices{}, NoticeKind{}, Channel{}, Quiet{}, Survey{}, Question{}, Reminder{}, Retention{},
	}
}

// TestEveryKeyIsDocumented looks for each key of each structure in a table of
// the page whose rows begin with it, and for rows of keys that are no more. What
// the tables say of a key is what schemas say of it.
func TestEveryKeyIsDocumented(t *testing.T) {
	data, err := os.ReadFile("../../docs/definition-language.md")
	if err != nil {
		t.Fatal(err)
	}
	tables := keyTables(string(data))
	var said strings.Builder
	for _, v := range structures() {
		typ := reflect.TypeOf(v)
		var keys []string
		for i := range typ.NumField() {
			if name, _ := keyOf(typ.Field(i)); name != "" {
				keys = append(keys, name)
			}
		}
		rows, ok := tables[strings.Join(keys, " ")]
		if !ok {
			t.Errorf("%s: no table with exactly the keys %s", typ.Name(), strings.Join(keys, " "))
			continue
		}
		for i, key := range keys {
			if rows[i] != "" {
				said.WriteString(typ.Name() + "." + key + "\t" + rows[i] + "\n")
			}
		}
	}
	golden(t, "meanings.txt", said.String())
}

// keyTables are the tables of keys of a page: the keys in order, joined, and
// what is said of each.
func keyTables(page string) map[string][]string {
	tables, keys, rows := map[string][]string{}, []string{}, []string{}
	for _, line := range append(strings.Split(page, "\n"), "") {
		if rest, ok := strings.CutPrefix(line, "| `"); ok {
			key, said, _ := strings.Cut(rest, "`")
			cells := strings.Split(said, "|") // before, when, meaning, after
			words := ""
			if len(cells) > 2 {
				words = strings.ReplaceAll(strings.TrimSpace(cells[2]), "`", "")
			}
			keys, rows = append(keys, key), append(rows, words)
		} else if !strings.HasPrefix(line, "|") && len(keys) > 0 {
			tables[strings.Join(keys, " ")] = rows
			keys, rows = nil, nil
		}
	}
	return tables
}

// TestExamplesOfThePageAreYAML reads every example as a clerk would copy it.
func TestExamplesOfThePageAreYAML(t *testing.T) {
	data, err := os.ReadFile("../../docs/definition-language.md")
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(data), "```yaml\n")
	for i, part := range parts[1:] {
		text, _, _ := strings.Cut(part, "```")
		r := &report{}
		if s := parse("example "+itoa(i+1), []byte(text), r); s.root == nil || len(r.findings) > 0 {
			for _, f := range r.findings {
				if f.Code != "duplicate_key" { // two ways to write the same
					t.Errorf("%v\n%s", f, text)
				}
			}
		}
	}
	if len(parts) < 10 {
		t.Errorf("only %d examples", len(parts)-1)
	}
}
