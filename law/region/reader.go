package region

import "strconv"

// reader reads the file; past its end it is bad and gives zeros.
type reader struct {
	s   string
	at  int
	bad bool
}

func (r *reader) text(n int) string {
	if n > len(r.s)-r.at {
		r.bad = true
		return ""
	}
	r.at += n
	return r.s[r.at-n : r.at]
}

func (r *reader) byte() byte {
	if r.at >= len(r.s) {
		r.bad = true
		return 0
	}
	r.at++
	return r.s[r.at-1]
}

func (r *reader) two() uint16 { return uint16(r.byte()) | uint16(r.byte())<<8 }

// most reads a count; one over the most is no count.
func (r *reader) most(limit int) int {
	n := 0
	for shift := 0; shift < 35; shift += 7 {
		b := r.byte()
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			if n > limit {
				r.bad = true
				return 0
			}
			return n
		}
	}
	r.bad = true
	return 0
}

// code reads a code of five bytes; empty for none.
func (r *reader) code() string {
	n := uint64(0)
	for shift := 0; shift < 40; shift += 8 {
		n |= uint64(r.byte()) << shift
	}
	if n == 0 {
		return ""
	}
	return Dotted(strconv.FormatUint(n, 10)[1:])
}

// walker goes through the places in the order of their codes.
type walker struct {
	r      *reader
	level  int
	number [4]int // of the place and those above it
	names  string // the numbers of the words of its name
}

func (w *walker) within(end int) bool { return w.r.at < end }

// next reads the next place; false when it is none.
func (w *walker) next(words int) bool {
	level, number, plain := w.head()
	if level > w.level+1 {
		return false
	}
	if plain {
		number += w.number[level]
	}
	most := 99
	if level == int(Village) {
		most = 9999
	}
	if number <= w.number[level] || number > most || w.names == "" {
		return false
	}
	w.level, w.number[level] = level, number
	clear(w.number[level+1:])
	return w.named(words)
}

// again reads a place whose numbers are known.
func (w *walker) again(words int) bool {
	w.level, _, _ = w.head()
	return w.named(words)
}

// head reads level, number and words; a plain number counts on from the place
// before.
func (w *walker) head() (level, number int, plain bool) {
	head := w.r.byte()
	number, plain = int(head>>5), true
	if number == farther {
		number, plain = int(w.r.two()), false
	}
	w.names = w.r.text(2 * int(head&mostWords))
	return int(head>>3) & 3, number, plain
}

// named checks that the words of the name are there.
func (w *walker) named(words int) bool {
	for i := 0; i+1 < len(w.names); i += 2 {
		if int(w.names[i])|int(w.names[i+1])<<8 >= words {
			return false
		}
	}
	return !w.r.bad
}

// code is the code of the place at hand.
func (w *walker) code() string {
	b := make([]byte, 0, len("33.74.01.1001"))
	for l := range w.level + 1 {
		n := w.number[l]
		if l > 0 {
			b = append(b, '.')
		}
		if l == int(Village) {
			b = append(b, byte('0'+n/1000), byte('0'+n/100%10))
		}
		b = append(b, byte('0'+n/10%10), byte('0'+n%10))
	}
	return string(b)
}
