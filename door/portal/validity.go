package portal

import (
	"strconv"
	"strings"

	"pendopo/kernel/page"
)

// validity is "6 months" in words; one that cannot be read is shown as written.
func validity(words *page.Printer, s string) string {
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.Atoi(number)
	key := "portal.span_" + strings.TrimSuffix(unit, "s")
	if err != nil || !words.Has(key) {
		return s
	}
	return words.T(key, "n", n)
}
