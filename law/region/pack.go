package region

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// The file: a line that names the format; the words, each as the number of
// letters it shares with the one before, the number of its own and those (each
// sixteenth in full); the places in the order of their codes; the former codes.
// Counts stand before each part.
//
// A place is one byte: how many words its name has (3 bits), its level (2), how
// much its last number is above that of the place before it at the same level
// below the same place (3; 7: the number itself follows in two bytes). Then its
// words, two bytes each. A former code is its digits as a number of five bytes,
// the code that is now in its place likewise (0: none), one byte with the number
// of words, and the words.
const (
	header    = "pendopo/regions/1\n"
	shelf     = 16 // words between two that are written in full
	mostWords = 7
	farther   = 7
)

// Former is a code of the past: what it was called and which code is now in its
// place, empty when none is known.
type Former struct {
	Place
	Now string
}

// Pack writes the file. Both lists may come in any order.
func Pack(places []Place, former []Former) ([]byte, error) {
	places, former = slices.Clone(places), slices.Clone(former)
	slices.SortFunc(places, func(a, b Place) int { return strings.Compare(a.Code, b.Code) })
	slices.SortFunc(former, func(a, b Former) int { return strings.Compare(a.Code, b.Code) })
	p := packer{number: map[string]uint16{}}
	if err := p.words(places, former); err != nil {
		return nil, err
	}
	p.out = binary.AppendUvarint(p.out, uint64(len(places)))
	above := []string{""}
	last := map[string]int{}
	for _, pl := range places {
		level := levelOf(pl.Code)
		if level < 0 || level >= len(above) || parentOf(pl.Code) != above[level] {
			return nil, fmt.Errorf("%s stands below no place", pl.Code)
		}
		if err := p.place(pl, level, last); err != nil {
			return nil, err
		}
		above = append(above[:level+1], pl.Code)
	}
	p.out = binary.AppendUvarint(p.out, uint64(len(former)))
	for _, f := range former {
		p.out = appendCode(appendCode(p.out, f.Code), f.Now)
		p.out = p.name(append(p.out, byte(len(strings.Fields(f.Name)))), f.Name)
	}
	return p.out, nil
}

type packer struct {
	out    []byte
	number map[string]uint16
}

// words writes every word of every name once.
func (p *packer) words(places []Place, former []Former) error {
	for _, f := range former {
		places = append(places, f.Place)
	}
	for _, pl := range places {
		list := strings.Fields(pl.Name)
		if len(list) == 0 || len(list) > mostWords {
			return fmt.Errorf("%s has a name of %d words", pl.Code, len(list))
		}
		for _, w := range list {
			p.number[w] = 0
		}
	}
	var all []string
	for w := range p.number {
		all = append(all, w)
	}
	slices.SortFunc(all, byLetters)
	if len(all) > 1<<16 {
		return errors.New("more words than 16 bits can number")
	}
	p.out = binary.AppendUvarint([]byte(header), uint64(len(all)))
	before := ""
	for i, w := range all {
		p.number[w] = uint16(i)
		same := 0
		for i%shelf != 0 && same < min(len(before), len(w)) && before[same] == w[same] {
			same++
		}
		p.out = append(append(p.out, byte(same), byte(len(w)-same)), w[same:]...)
		before = w
	}
	return nil
}

func (p *packer) place(pl Place, level int, last map[string]int) error {
	own, err := strconv.Atoi(pl.Code[strings.LastIndexByte(pl.Code, '.')+1:])
	parent := parentOf(pl.Code)
	step := own - last[parent]
	if err != nil || step <= 0 {
		return fmt.Errorf("%s stands twice or is no code", pl.Code)
	}
	last[parent] = own
	head := byte(len(strings.Fields(pl.Name))) | byte(level)<<3
	if step < farther {
		p.out = append(p.out, head|byte(step)<<5)
	} else {
		p.out = binary.LittleEndian.AppendUint16(append(p.out, head|farther<<5), uint16(own))
	}
	p.out = p.name(p.out, pl.Name)
	return nil
}

func (p *packer) name(out []byte, name string) []byte {
	for _, w := range strings.Fields(name) {
		out = binary.LittleEndian.AppendUint16(out, p.number[w])
	}
	return out
}

// appendCode writes the digits of a code as a number, with a 1 before them so
// that no zero is lost.
func appendCode(out []byte, code string) []byte {
	n := uint64(0)
	if code != "" {
		n, _ = strconv.ParseUint("1"+strings.ReplaceAll(code, ".", ""), 10, 40)
	}
	return append(out, byte(n), byte(n>>8), byte(n>>16), byte(n>>24), byte(n>>32))
}

// byLetters is the order of the words: as they are searched, then as they are
// written.
func byLetters(a, b string) int {
	if c := strings.Compare(letters(a), letters(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

// letters is a word as it is searched: small letters and digits alone.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
