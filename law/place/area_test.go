package place_test

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pendopo/government"
	"pendopo/law/place"
)

// demo are the areas of the demo government.
func demo(t testing.TB) *place.Areas {
	t.Helper()
	data, err := government.FS.ReadFile("regions.geojson")
	if err != nil {
		t.Fatal(err)
	}
	areas, faults := place.Parse(data, nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	return areas
}

// turns is how often a line runs around a point, by adding up angles: the slow
// way, which shares nothing with the one that is tested.
func turns(ring place.Ring, p place.Point) int {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		a := math.Atan2(ring[i-1].Lat-p.Lat, ring[i-1].Lon-p.Lon)
		b := math.Atan2(ring[i].Lat-p.Lat, ring[i].Lon-p.Lon)
		sum += math.Remainder(b-a, 2*math.Pi)
	}
	return int(math.Round(sum / (2 * math.Pi)))
}

func around(area place.Area, p place.Point) bool {
	for _, poly := range area.Polygons {
		in := turns(poly[0], p) != 0
		for _, hole := range poly[1:] {
			in = in && turns(hole, p) == 0
		}
		if in {
			return true
		}
	}
	return false
}

// TestAPointLiesWhereAWalkAroundItSays, for thousands of points of the demo and
// of land with holes and pieces.
func TestAPointLiesWhereAWalkAroundItSays(t *testing.T) {
	island := []byte(`{"type":"FeatureCollection","features":[
	{"type":"Feature","properties":{"code":"33.60.09"},"geometry":{"type":"MultiPolygon","coordinates":[
	[[[0,0],[9,1],[8,8],[4,5],[1,9],[0,0]],[[2,2],[4,2],[4,4],[2,4],[2,2]]],[[[10,10],[12,10],[11,12],[10,10]]]]}}]}`)
	pieces, faults := place.Parse(island, nil)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	r := rand.New(rand.NewPCG(7, 7))
	for _, areas := range []*place.Areas{demo(t), pieces} {
		box, _ := areas.Box()
		inside := 0
		for range 1500 {
			p := place.Point{Lat: box.South + r.Float64()*(box.North-box.South), Lon: box.West + r.Float64()*(box.East-box.West)}
			for _, area := range areas.All() {
				want := around(area, p)
				if got := area.Has(p); got != want {
					t.Errorf("%v in %s: %v, a walk around it says %v", p, area.Code, got, want)
				}
				if want {
					inside++
				}
			}
		}
		if inside < 500 {
			t.Errorf("only %d were inside", inside)
		}
	}
}

// TestTheDemoIsWhole: its villages lie side by side without gap or overlap, a
// district is its villages, and so on every corner of a border too.
func TestTheDemoIsWhole(t *testing.T) {
	areas := demo(t)
	villages, districts := areas.Level(10), areas.Level(6)
	if len(villages) != 11 || len(districts) != 3 {
		t.Fatalf("%d villages in %d districts", len(villages), len(districts))
	}
	whole, _ := areas.Of("33.60")
	box, _ := areas.Box()
	var points []place.Point
	for y := range 90 {
		for x := range 90 {
			points = append(points, place.Point{Lat: box.South + (box.North-box.South)*float64(y)/89, Lon: box.West + (box.East-box.West)*float64(x)/89})
		}
	}
	for _, v := range villages {
		points = append(points, v.Polygons[0][0]...)
	}
	for _, p := range points {
		var in, above []string
		for _, v := range villages {
			if v.Has(p) {
				in = append(in, v.Code)
			}
		}
		for _, d := range districts {
			if d.Has(p) {
				above = append(above, d.Code)
			}
		}
		switch {
		case whole.Has(p) && (len(in) != 1 || len(above) != 1 || in[0][:8] != above[0]):
			t.Errorf("%v lies in %v and %v", p, in, above)
		case whole.Has(p) && areas.At(p) != in[0]:
			t.Errorf("%v is said to lie in %s, not in %s", p, areas.At(p), in[0])
		case !whole.Has(p) && (len(in) != 0 || len(above) != 0 || areas.At(p) != ""):
			t.Errorf("%v lies outside and in %v, %v", p, in, above)
		}
	}
}

func TestAPointInsideIsInside(t *testing.T) {
	for _, area := range demo(t).All() {
		if p := area.Inside(); !area.Has(p) {
			t.Errorf("%s: %v is outside", area.Code, p)
		}
	}
}

// TestASharedBorderStaysShared when it is simplified: each piece of an outline
// that another village has too is drawn with the same points.
func TestASharedBorderStaysShared(t *testing.T) {
	areas := demo(t)
	box, _ := areas.Box()
	for _, tolerance := range []float64{0, 0.7, 3, 12} {
		frame := place.Frame{Box: box, Width: 640}
		times, total := map[[2]string]int{}, 0
		for _, v := range areas.Level(10) {
			path := areas.Path(v, frame, tolerance)
			points := strings.FieldsFunc(path, func(r rune) bool { return strings.ContainsRune("MLZ", r) })
			total += len(points)
			if len(points) < 3 {
				t.Fatalf("%s at %v is %q", v.Code, tolerance, path)
			}
			for i, p := range points {
				edge := []string{p, points[(i+1)%len(points)]}
				slices.Sort(edge)
				times[[2]string(edge)]++
			}
		}
		once := 0
		for edge, n := range times {
			if n > 2 {
				t.Errorf("%v is drawn %d times", edge, n)
			}
			if n == 1 {
				once++
			}
		}
		whole, _ := areas.Of("33.60")
		outline := strings.Count(areas.Path(whole, frame, tolerance), "L") + 1
		if once != outline {
			t.Errorf("at %v pixels, %d pieces of border belong to one village; the outline has %d", tolerance, once, outline)
		}
		if tolerance == 3 && total > 250 {
			t.Errorf("%d points remain at 3 pixels", total)
		}
	}
}

func TestAFrameKeepsTheShapeOfTheGround(t *testing.T) {
	f := place.Frame{Box: place.Box{South: -7.1, West: 110.9, North: -7.0, East: 111}, Width: 500}
	a, b, c := place.Point{Lat: -7.1, Lon: 110.9}, place.Point{Lat: -7.0, Lon: 110.9}, place.Point{Lat: -7.1, Lon: 111}
	onGround := place.Distance(a, b) / place.Distance(a, c)
	if drawn := f.Height() / f.Width; math.Abs(drawn-onGround) > 0.002 {
		t.Errorf("drawn %v, on the ground %v", drawn, onGround)
	}
	if x, y := f.XY(b); x != 0 || y != 0 {
		t.Errorf("the north-west corner stands at %v %v", x, y)
	}
}

func TestDistancesAreThoseOfTheEarth(t *testing.T) {
	jakarta, surabaya := place.Point{Lat: -6.2, Lon: 106.816667}, place.Point{Lat: -7.25, Lon: 112.75}
	if d := place.Distance(jakarta, surabaya); math.Abs(d-664_900) > 1500 {
		t.Errorf("%v m", d)
	}
	if d := place.Distance(jakarta, jakarta); d != 0 {
		t.Errorf("%v m from itself", d)
	}
}

// TestWhatIsNearLiesInACellAround, whatever the direction.
func TestWhatIsNearLiesInACellAround(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 2000 {
		p := place.Point{Lat: r.Float64()*16 - 11, Lon: 95 + r.Float64()*46}
		q := place.Point{Lat: p.Lat + (r.Float64()-0.5)*0.01, Lon: p.Lon + (r.Float64()-0.5)*0.01}
		if d := place.Distance(p, q); !slices.Contains(place.Around(p, d+1), place.CellOf(q)) {
			t.Fatalf("%v lies %v m from %v and in none of the cells around", q, d, p)
		}
	}
	if n := len(place.Around(place.Point{Lat: -7, Lon: 110}, 1e7)); n > 100 {
		t.Errorf("%d cells", n)
	}
}

func TestPointsAreReadAndWritten(t *testing.T) {
	for s, want := range map[string]string{"-7.05123,110.91234": "-7.05123,110.91234", "-7.05, 110.9": "-7.05000,110.90000", "0,0": "0.00000,0.00000"} {
		if p, err := place.ParsePoint(s); err != nil || p.String() != want {
			t.Errorf("%q: %v, %v", s, p, err)
		}
	}
	for _, s := range []string{"", "7", "91,0", "0,181", "1e1,2", "NaN,0", "0x1,2", "-7.05;110.9", " 1,2", "1,2 ", strings.Repeat("1", 90)} {
		if p, err := place.ParsePoint(s); err == nil {
			t.Errorf("%q is read as %v", s, p)
		}
	}
}

func TestNoAreasAreNowhere(t *testing.T) {
	var none *place.Areas
	if _, any := none.Box(); any || none.At(place.Point{}) != "" || none.All() != nil {
		t.Error("no areas have a place")
	}
}

// FuzzParse: what anybody writes is read or refused with a place in the file.
func FuzzParse(f *testing.F) {
	good, err := os.ReadFile("../definition/testdata/good/regions.geojson")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[0,0],[0,0],[0,0]]]}}]}`))
	f.Add([]byte(strings.Repeat("[", 400)))
	f.Fuzz(func(t *testing.T, data []byte) {
		areas, faults := place.Parse(data, nil)
		if (areas == nil) == (len(faults) == 0) {
			t.Fatal("neither areas nor a fault, or both")
		}
		lines := strings.Split(string(data), "\n")
		for _, fault := range faults {
			if fault.Line < 1 || fault.Column < 1 || fault.Line > len(lines) || fault.Column > len(lines[fault.Line-1])+1 {
				t.Errorf("%+v stands outside the file", fault)
			}
		}
		box, any := areas.Box()
		if !any {
			return
		}
		areas.At(box.Centre())
		for _, a := range areas.All() {
			areas.Path(a, place.Frame{Box: box, Width: 300}, 1)
			a.Inside()
		}
	})
}
