package definition

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

// TestEveryKeyIsDocumented looks for each key of each structure in a table of
// the page whose rows begin with it, and for rows of keys that are no more.
func TestEveryKeyIsDocumented(t *testing.T) {
	data, err := os.ReadFile("../../docs/definition-language.md")
	if err != nil {
		t.Fatal(err)
	}
	tables := keyTables(string(data))
	for _, v := range []any{
		Profile{}, Unit{}, Role{}, NumberRegister{}, NeedList{}, Need{}, WordList{}, Synonym{}, Template{}, TableRow{}, Service{}, At{}, Standard{}, Requirement{}, Fee{}, Basis{},
		Substitute{}, FeeCase{}, Form{}, Page{}, Field{}, Instead{}, Rule{}, Choice{}, Limit{}, LimitCase{}, Late{}, Stop{}, Flow{}, Step{}, Straight{},
		Consult{}, Pass{}, CheckLine{}, Action{}, Reason{}, Product{}, Survey{}, Question{}, Reminder{}, Retention{},
	} {
		typ := reflect.TypeOf(v)
		var keys []string
		for i := range typ.NumField() {
			if name, _ := keyOf(typ.Field(i)); name != "" {
				keys = append(keys, name)
			}
		}
		if want := strings.Join(keys, " "); !tables[want] {
			t.Errorf("%s: no table with exactly the keys %s", typ.Name(), want)
		}
	}
}

// keyTables are the keys of every table of a page, in order, joined.
func keyTables(page string) map[string]bool {
	tables, keys := map[string]bool{}, []string{}
	for _, line := range append(strings.Split(page, "\n"), "") {
		if rest, ok := strings.CutPrefix(line, "| `"); ok {
			key, _, _ := strings.Cut(rest, "`")
			keys = append(keys, key)
		} else if !strings.HasPrefix(line, "|") && len(keys) > 0 {
			tables[strings.Join(keys, " ")] = true
			keys = nil
		}
	}
	return tables
}
