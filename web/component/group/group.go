// Package group is several of one kind: children, witnesses, signs. Each is a
// fieldset with its own legend; buttons add one and take one away, without scripts.
package group

import (
	_ "embed"
	"strconv"

	"github.com/a-h/templ"

	"pendopo/web/component/field"
	"pendopo/web/scope"
)

//go:embed group.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "group", CSS: css}

// View is the group. The buttons send add=ID and remove=the item's name; Count is
// the name of the hidden field that says how many items the page shows.
type View struct {
	field.View
	Count string
	Items []Item
	Add   string // words of the button; empty = no more may be added
	Focus string // name of the item that has just been added; empty = none
}

// Item is one of them.
type Item struct {
	Name   string // children.0
	Title  string // Anak 1
	Body   []templ.Component
	Remove string // words of the button; empty = it is needed
}

func (v View) count() string { return strconv.Itoa(len(v.Items)) }

// Examples are its states.
func Examples() []scope.Example {
	name := func(id, value, wrong string) []templ.Component {
		return []templ.Component{field.Text(field.View{ID: id, Label: "Nama lengkap", Value: value, Error: wrong})}
	}
	v := func(id string) View {
		return View{View: field.View{ID: id, Label: "Anak yang dicatatkan", Hint: "Satu isian untuk tiap anak."}, Count: id + ".count", Add: "Tambah anak"}
	}
	one, two, wrong, full, long := v("ex-group"), v("ex-groups"), v("ex-group-bad"), v("ex-group-full"), v("ex-group-long")
	one.Items = []Item{{Name: "ex-group.0", Title: "Anak 1", Body: name("ex-group.0.name", "", "")}}
	two.Items = []Item{{Name: "ex-groups.0", Title: "Anak 1", Body: name("ex-groups.0.name", "Sekar", ""), Remove: "Hapus Anak 1"}, {Name: "ex-groups.1", Title: "Anak 2", Body: name("ex-groups.1.name", "", ""), Remove: "Hapus Anak 2"}}
	wrong.Error = "Paling sedikit satu anak."
	wrong.Items = []Item{{Name: "ex-group-bad.0", Title: "Anak 1", Body: name("ex-group-bad.0.name", "", "Tulis nama anak."), Remove: "Hapus Anak 1"}}
	full.Items, full.Add = []Item{{Name: "ex-group-full.0", Title: "Saksi 1", Body: name("ex-group-full.0.name", "Bagas", "")}}, ""
	long.Label, long.Add, long.Optional = "Anggota keluarga yang ikut pindah bersama kepala keluarga ke alamat yang baru", "Tambah anggota keluarga yang ikut pindah", true
	return []scope.Example{{State: "one", Show: Group(one)}, {State: "several", Show: Group(two)}, {State: "error", Show: Group(wrong)}, {State: "no more may be added", Show: Group(full)}, {State: "empty, long text", Show: Group(long)}}
}
