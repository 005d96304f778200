package region

import "strconv"

// Formerly is the place that a code of the past stood for, and the code that is
// now in its place. Of a code below a former one (a district of a kabupaten that
// was moved to a new province) the name is not known and Now is where the place
// above went. A code of today, and one that no list ever had, is not known.
func (t *Table) Formerly(code string) (Former, bool) {
	if levelOf(code) < 0 || t.Has(code) {
		return Former{}, false
	}
	if p, ok := t.former[code]; ok {
		return Former{Place{code, t.pastName(p)}, nowOf(p)}, true
	}
	for above := parentOf(code); above != ""; above = parentOf(above) {
		if p, ok := t.former[above]; ok {
			return Former{Place{Code: code}, nowOf(p)}, true
		}
	}
	return Former{}, false
}

// Known says whether a code of today or of the past begins a NIK: its kecamatan
// is in a list, or lay in a kabupaten that was renumbered as a whole.
func (t *Table) Known(code string) bool {
	if t.Has(code) {
		return true
	}
	_, ok := t.Formerly(code)
	return ok
}

func (t *Table) pastName(p past) string {
	r := &reader{s: t.file, at: int(p.at)}
	return t.nameOf(r.text(2 * int(r.byte())))
}

func nowOf(p past) string {
	if p.now == 0 {
		return ""
	}
	return Dotted(strconv.FormatUint(p.now, 10))
}
