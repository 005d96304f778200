package definition

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// PrintNumber fills the pattern of a number register: {n} is the running number,
// {n:3} the same with at least three digits, {unit} the office's code in
// capitals, {month}, {month_roman} and {year} come from date as the office's calendar
// reads it. Anything else in braces is refused, so that a slip in a pattern
// never reaches a letter.
func PrintNumber(pattern string, n int64, unit string, date time.Time) (string, error) {
	if n < 1 {
		return "", fmt.Errorf("number register: running number %d is below 1", n)
	}
	var out strings.Builder
	for rest := pattern; rest != ""; {
		before, after, open := strings.Cut(rest, "{")
		out.WriteString(before)
		if !open {
			break
		}
		token, tail, closed := strings.Cut(after, "}")
		if !closed {
			return "", fmt.Errorf("number pattern %q: a brace is never closed", pattern)
		}
		word, err := numberPart(token, n, unit, date)
		if err != nil {
			return "", fmt.Errorf("number pattern %q: %w", pattern, err)
		}
		out.WriteString(word)
		rest = tail
	}
	return out.String(), nil
}

func numberPart(token string, n int64, unit string, date time.Time) (string, error) {
	switch token {
	case "n":
		return strconv.FormatInt(n, 10), nil
	case "unit":
		return strings.ToUpper(unit), nil
	case "month":
		return fmt.Sprintf("%02d", date.Month()), nil
	case "month_roman":
		return roman(int(date.Month())), nil
	case "year":
		return strconv.Itoa(date.Year()), nil
	}
	digits, padded := strings.CutPrefix(token, "n:")
	width, err := strconv.Atoi(digits)
	if !padded || err != nil || width < 1 || width > 9 {
		return "", fmt.Errorf("{%s} is not one of {n}, {n:1} to {n:9}, {unit}, {month}, {month_roman}, {year}", token)
	}
	return fmt.Sprintf("%0*d", width, n), nil
}

// roman writes 1 to 12, which is all a month needs.
func roman(month int) string {
	return [...]string{"", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}[month]
}
