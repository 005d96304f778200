package notify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Strangers bounds what an instance sends to numbers that anybody may type, such
// as the code by which somebody follows a report of others: each message costs.
type Strangers struct {
	Countries []string `yaml:"countries"` // country codes of numbers that are sent one; empty = 62, Indonesia
	Codes     int      `yaml:"codes"`     // most such messages to telephones in a day; 0 = 200
}

// The usual bounds.
const (
	homeCountry = "62"
	usualCodes  = 200
	mostCodes   = 1_000_000
)

var countryShape = regexp.MustCompile(`^[1-9][0-9]{0,2}$`)

func (s Strangers) check() error {
	for _, c := range s.Countries {
		if !countryShape.MatchString(c) {
			return fmt.Errorf("strangers: countries are country codes in quotes without +, such as %q", homeCountry)
		}
	}
	if s.Codes < 0 || s.Codes > mostCodes {
		return fmt.Errorf("strangers: codes is a number from 0, which is %d, to %d", usualCodes, mostCodes)
	}
	return nil
}

// May reports whether a number that a stranger typed is sent a message.
func (s Strangers) May(phone string) bool {
	n := Dialled(phone)
	countries := s.Countries
	if len(countries) == 0 {
		countries = []string{homeCountry}
	}
	return n != "" && slices.ContainsFunc(countries, func(c string) bool { return strings.HasPrefix(n, c) })
}

// Most is how many such messages leave for telephones in a day.
func (s Strangers) Most() int {
	if s.Codes == 0 {
		return usualCodes
	}
	return s.Codes
}
