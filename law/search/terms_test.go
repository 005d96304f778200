package search

import (
	"slices"
	"testing"
)

func TestTermsAreTheRootsOfWhatTellsSomething(t *testing.T) {
	s := NewStemmer()
	for text, want := range map[string][]string{
		"Tolong, lampu jalannya padam di depan pasar!": {"lampu", "jalan", "padam", "depan", "pasar"},
		"jalan berlubang, jalan rusak":                 {"jalan", "lubang", "rusak"},
		"the street lamp is broken":                    {"street", "lamp", "broken"},
		"":                                             nil,
		"yg dgn utk":                                   nil,
	} {
		if got := s.Terms(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
