package region

import (
	_ "embed"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed region.bin
var file string

// Place is one place: its code and its name, without the word for its level
// where the list has none (Kabupaten and Kota stand in the list, Kecamatan, Desa
// and Kelurahan do not).
type Place struct {
	Code, Name string
}

// Table is the list of places. It is safe for many goroutines.
type Table struct {
	file   string
	once   sync.Once
	bad    bool
	words  []uint32 // where each shelf of words begins
	count  int      // of words
	places int      // of places
	from   int      // where the places begin
	upto   int      // and end
	index  []entry  // provinces, regencies and districts
	former map[string]past
}

// entry is a place above the villages and where it stands in the file.
type entry struct {
	code string
	at   uint32
}

type past struct {
	at  uint32 // of its words
	now uint64
}

var national = From(file)

// National is the list of this build. Nothing is read before the first question.
func National() *Table { return national }

// From is the list in a file that Pack wrote.
func From(file string) *Table { return &Table{file: file} }

// open makes the index, once. A file that is cut or not of this format is an
// empty list.
func (t *Table) open() bool {
	t.once.Do(func() {
		r := &reader{s: t.file}
		t.bad = !t.read(r) || r.bad
		if t.bad {
			t.index, t.former, t.words, t.upto = nil, nil, nil, t.from
		}
	})
	return !t.bad
}

func (t *Table) read(r *reader) bool {
	if r.text(len(header)) != header {
		return false
	}
	t.count = r.most(1 << 16)
	for i := 0; i < t.count && !r.bad; i++ {
		if i%shelf == 0 {
			t.words = append(t.words, uint32(r.at))
		}
		same, own := int(r.byte()), int(r.byte())
		if i%shelf == 0 && same != 0 {
			return false
		}
		r.text(own)
	}
	t.places = r.most(len(t.file))
	t.from = r.at
	w := walker{r: r}
	for n := t.places; n > 0 && !r.bad; n-- {
		at := r.at
		if !w.next(t.count) {
			return false
		}
		if w.level < int(Village) {
			t.index = append(t.index, entry{w.code(), uint32(at)})
		}
	}
	t.upto = r.at
	t.former = map[string]past{}
	for n := r.most(len(t.file)); n > 0 && !r.bad; n-- {
		code, now := r.code(), r.code()
		at := r.at
		w.names = r.text(2 * int(r.byte()))
		if !w.named(t.count) {
			return false
		}
		t.former[code] = past{uint32(at), codeNumber(now)}
	}
	return !r.bad && r.at == len(t.file)
}

func codeNumber(code string) uint64 {
	n, _ := strconv.ParseUint(strings.ReplaceAll(code, ".", ""), 10, 40)
	return n
}

// Count is how many places there are.
func (t *Table) Count() int { t.open(); return t.places }

// Has says whether a place of today has the code.
func (t *Table) Has(code string) bool { _, ok := t.find(code); return ok }

// Name is the name of the place of today with this code; empty for none.
func (t *Table) Name(code string) string {
	w, ok := t.find(code)
	if !ok {
		return ""
	}
	return t.nameOf(w.names)
}

// find brings a walker to the place with a code.
func (t *Table) find(code string) (*walker, bool) {
	level := levelOf(code)
	if level < 0 || !t.open() {
		return nil, false
	}
	above := code
	if level == int(Village) {
		above = parentOf(code)
	}
	w := t.at(above)
	if w == nil || level < int(Village) {
		return w, w != nil
	}
	own, _ := strconv.Atoi(code[len(above)+1:])
	for w.within(t.upto) && w.next(t.count) && w.level == int(Village) {
		if w.number[Village] == own {
			return w, true
		}
	}
	return nil, false
}

// at is a walker that has just read a province, regency or district.
func (t *Table) at(code string) *walker {
	i, ok := slices.BinarySearchFunc(t.index, code, func(e entry, c string) int { return strings.Compare(e.code, c) })
	if !ok {
		return nil
	}
	w := &walker{r: &reader{s: t.file, at: int(t.index[i].at)}}
	for l := range levelOf(code) + 1 {
		w.number[l], _ = strconv.Atoi(code[3*l : 3*l+2])
	}
	w.again(t.count)
	return w
}

// Path is the place with this code and those above it, from the province down;
// empty when there is no such place.
func (t *Table) Path(code string) []Place {
	if !t.Has(code) {
		return nil
	}
	var out []Place
	for c := code; c != ""; c = parentOf(c) {
		out = append(out, Place{c, t.Name(c)})
	}
	slices.Reverse(out)
	return out
}

// Full is the place with this code and those above it, the place itself first;
// empty when there is no such place.
func (t *Table) Full(code string) string {
	var names []string
	for _, p := range t.Path(code) {
		names = append(names, p.Name)
	}
	slices.Reverse(names)
	return strings.Join(names, ", ")
}

// Below are the places directly below a code in the order of their codes; below
// nothing stand the provinces.
func (t *Table) Below(code string) []Place {
	if !t.open() {
		return nil
	}
	level := levelOf(code)
	if code != "" && level < 0 || level == int(Village) {
		return nil
	}
	if level < int(District) {
		return t.indexBelow(code, level+1)
	}
	w := t.at(code)
	if w == nil {
		return nil
	}
	var out []Place
	for w.within(t.upto) && w.next(t.count) && w.level == int(Village) {
		out = append(out, Place{w.code(), t.nameOf(w.names)})
	}
	return out
}

func (t *Table) indexBelow(code string, level int) []Place {
	var out []Place
	i, _ := slices.BinarySearchFunc(t.index, code, func(e entry, c string) int { return strings.Compare(e.code, c) })
	for ; i < len(t.index) && strings.HasPrefix(t.index[i].code, code); i++ {
		if e := t.index[i]; levelOf(e.code) == level && parentOf(e.code) == code {
			out = append(out, Place{e.code, t.Name(e.code)})
		}
	}
	return out
}

// nameOf puts a name together from the numbers of its words.
func (t *Table) nameOf(words string) string {
	var b strings.Builder
	for i := 0; i+1 < len(words); i += 2 {
		if i > 0 {
			b.WriteByte(' ')
		}
		t.word(&b, int(binary.LittleEndian.Uint16([]byte(words[i:i+2]))))
	}
	return b.String()
}

// word writes the word with a number.
func (t *Table) word(b *strings.Builder, n int) {
	r := &reader{s: t.file, at: int(t.words[n/shelf])}
	var buf [256]byte
	length := 0
	for i := 0; i <= n%shelf; i++ {
		same, own := int(r.byte()), int(r.byte())
		if same > length || same+own > len(buf) {
			return
		}
		length = same + copy(buf[same:], r.text(own))
	}
	b.Write(buf[:length])
}
