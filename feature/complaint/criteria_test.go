package complaint

import (
	"net/url"
	"reflect"
	"testing"
	"time"
	"unicode/utf8"
)

// FuzzCriteria: whatever an address says is read without a fault, is bounded, and
// what was read is said again by the address of the next page.
func FuzzCriteria(f *testing.F) {
	for _, q := range []string{"", "q=lampu+padam&area=33.60.01&category=jalan&view=map", "state=waiting&days=30&at=2,-283,4437", "at=9,1,1", "q=%00%ff%fe", "days=-1&after=1.a", "category=" + "x%27--", "unit=%F0%9F%92%A9", "at=3,,"} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, query string) {
		v, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		c := parseCriteria(v)
		if !utf8.ValidString(c.Words) || len(c.Words) > mostAsked {
			t.Errorf("words of %d bytes were taken", len(c.Words))
		}
		if again := parseCriteria(c.values()); !reflect.DeepEqual(again, c) {
			t.Errorf("%+v became %+v", c, again)
		}
		filter := c.filter(time.Now())
		if b := filter.Box; b != nil && !(b.South >= -90 && b.North <= 90 && b.South < b.North && b.West < b.East) {
			t.Errorf("a box off the earth: %+v", b)
		}
	})
}
