package chart

import (
	"strings"
	"unicode/utf8"
)

// The widths of Helvetica from the space on, in thousandths of the size (Adobe
// Core 14 AFM); Arial, Liberation Sans and Nimbus Sans have the same.
var (
	regular = [95]uint16{
		278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
		556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
		611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
		667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500,
		222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
	}
	heavy = [95]uint16{
		278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
		556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
		611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
		667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
		278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584,
	}
)

// unknown is the width of a character outside the table: that of the widest
// accented letters.
const unknown = 1000

// width of a text in points.
func width(text string, size float64, bold bool) float64 {
	table := regular
	if bold {
		table = heavy
	}
	sum := 0
	for _, r := range text {
		switch {
		case r >= ' ' && r <= '~':
			sum += int(table[r-' '])
		case r >= 'à' && r <= 'ÿ':
			sum += 611
		case r >= 'À' && r <= 'Ý':
			sum += 778
		default:
			sum += unknown
		}
	}
	return float64(sum) * size / 1000
}

// wrap breaks text into lines that fit a width: at spaces, and inside a word
// only when it alone is too long.
func wrap(text string, w float64, f face) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && width(line+" "+word, f.size, f.bold) <= w {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; width(line, f.size, f.bold) > w; {
			head := fitting(line, w, f)
			lines, line = append(lines, head+"-"), line[len(head):]
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// fitting is the longest beginning of a word that fits with a hyphen; one
// letter at least.
func fitting(word string, w float64, f face) string {
	_, end := utf8.DecodeRuneInString(word)
	for i, r := range word {
		next := i + utf8.RuneLen(r)
		if next >= len(word) || width(word[:next]+"-", f.size, f.bold) > w {
			break
		}
		end = max(end, next)
	}
	return word[:end]
}
