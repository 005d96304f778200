package place_test

import (
	"fmt"
	"strings"
	"testing"

	"pendopo/law/place"
)

// TestFilesWithoutMeasureAreRefused: too large, too many, too deep.
func TestFilesWithoutMeasureAreRefused(t *testing.T) {
	square := `[[0,0],[1,0],[1,1],[0,0]]`
	feature := func(code, ring string) string {
		return `{"type":"Feature","properties":{"code":"` + code + `"},"geometry":{"type":"Polygon","coordinates":[` + ring + `]}}`
	}
	collection := func(features ...string) string {
		return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
	}
	var many []string
	for i := range place.MostAreas + 1 {
		many = append(many, feature(fmt.Sprint(i), square))
	}
	points := "[" + strings.Repeat("[0,0],", place.MostPoints) + "[0,0]]"
	for name, c := range map[string]struct {
		data string
		kind place.FaultKind
	}{
		"bytes":          {collection(feature("1", square)) + strings.Repeat(" ", place.MostBytes), place.Large},
		"areas":          {collection(many...), place.Large},
		"points":         {collection(feature("1", points)), place.Large},
		"not utf-8":      {"\xff\xfe", place.Large},
		"deep":           {collection(feature("1", strings.Repeat("[", 300)+strings.Repeat("]", 300))), place.Unread},
		"something else": {collection(feature("1", square)) + "{}", place.Unread},
		"nothing":        {"", place.Unread},
		"no polygon":     {collection(feature("1", "")), place.Shape},
		"a long code":    {collection(feature("33.60.01.2001.5", square)), place.NoCode},
	} {
		areas, faults := place.Parse([]byte(c.data), nil)
		if areas != nil || len(faults) != 1 || faults[0].Kind != c.kind {
			t.Errorf("%s: %v, want %s", name, faults, c.kind)
		}
	}
}

// TestAFaultNeverSaysWhatTheFileHolds, since the file may be the wrong one.
func TestAFaultNeverSaysWhatTheFileHolds(t *testing.T) {
	for _, data := range []string{`{"nik": 3360011234567890`, `{"nama": Siti}`, `{"a": "Siti` + "\x01" + `"}`, `Siti Aminah`} {
		_, faults := place.Parse([]byte(data), nil)
		if len(faults) == 0 || strings.Contains(fmt.Sprint(faults), "Siti") || strings.Contains(fmt.Sprint(faults), "3360") {
			t.Errorf("%s: %v", data, faults)
		}
	}
}
