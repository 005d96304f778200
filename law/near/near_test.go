package near_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	xdraw "golang.org/x/image/draw"

	"pendopo/law/near"
	"pendopo/law/place"
)

// trouble is something that happens in a town, and how people tell of it.
type trouble struct {
	category string
	what     []string
	more     []string
}

func troubles() []trouble {
	return []trouble{
		{"lampu", []string{"lampu jalan padam", "PJU mati", "penerangan jalan tidak menyala", "lampu di tiang mati total", "jalan gelap karena lampu padam"},
			[]string{"rawan kecelakaan kalau malam", "sudah seminggu gelap gulita", "warga takut lewat malam hari", "pernah ada yang dijambret", "mohon diganti bohlamnya"}},
		{"jalan", []string{"jalan berlubang dalam", "ada lubang besar di aspal", "aspal rusak dan berlubang", "jalan rusak parah", "lubang di tengah jalan"},
			[]string{"kemarin ada motor jatuh", "tergenang kalau hujan jadi tidak kelihatan", "mohon segera ditambal", "membahayakan pengendara", "sudah setahun tidak diperbaiki"}},
		{"sampah", []string{"sampah menumpuk", "TPS penuh tidak diangkut", "tumpukan sampah berserakan", "sampah dibuang sembarangan", "bak sampah meluber"},
			[]string{"baunya menyengat", "banyak lalat", "sudah dua minggu tidak diangkut", "mengganggu warga sekitar", "truk sampah tidak pernah datang"}},
		{"banjir", []string{"selokan mampet air meluap", "banjir setiap hujan", "drainase tersumbat", "got penuh lumpur", "genangan air setinggi lutut"},
			[]string{"masuk ke rumah warga", "anak sekolah susah lewat", "karena sampah di gorong-gorong", "mohon dikeruk", "sudah tiga kali bulan ini"}},
		{"pohon", []string{"pohon tumbang menutup jalan", "dahan pohon lapuk hampir jatuh", "pohon besar miring", "ranting menyentuh kabel", "pohon roboh semalam"},
			[]string{"mohon dipangkas", "takut menimpa rumah", "kabel listrik ikut putus", "lalu lintas terhambat", "tolong segera dipotong"}},
		{"parkir", []string{"parkir liar di trotoar", "mobil parkir di badan jalan", "juru parkir liar memaksa", "truk parkir sembarangan", "pejalan kaki tidak bisa lewat karena parkir"},
			[]string{"macet setiap sore", "mohon ditertibkan", "sudah ditegur tetap saja", "rambu tidak dihiraukan", "jalan jadi sempit"}},
	}
}

var streets = [...]string{"Jalan Melati", "Jalan Kenanga", "Gang Mawar", "Jalan Diponegoro", "Jalan Pasar Baru", "depan SD 2", "Jalan Seruni", "perempatan alun-alun", "Dusun Krajan", "Jalan Anggrek"}

// town makes reports and knows which tell of the same.
type town struct {
	r    *rand.Rand
	make *near.Sketcher
	base time.Time
	text string // of the last one
}

func newTown(seed uint64) *town {
	return &town{r: rand.New(rand.NewPCG(seed, 11)), make: near.NewSketcher([]byte("a key")), base: time.Date(2026, 3, 16, 8, 0, 0, 0, time.UTC)}
}

// issue is one thing that happens at one place from a moment on.
type issue struct {
	trouble
	street string
	at     place.Point
	began  time.Time
	photo  near.Print
}

func (t *town) issue() issue {
	all := troubles()
	return issue{all[t.r.IntN(len(all))], streets[t.r.IntN(len(streets))], place.Point{Lat: -7.05 - t.r.Float64()*0.06, Lon: 110.9 + t.r.Float64()*0.06},
		t.base.Add(time.Duration(t.r.IntN(90*24)) * time.Hour), near.Print(t.r.Uint64())}
}

// told is a report of an issue by somebody: in his own words, from where he
// stands, some hours or days later.
func (t *town) told(i issue) near.Report {
	words := i.what[t.r.IntN(len(i.what))] + " di " + i.street
	if t.r.IntN(4) == 0 {
		words = i.what[t.r.IntN(len(i.what))]
	}
	for range t.r.IntN(3) {
		words += ", " + i.more[t.r.IntN(len(i.more))]
	}
	t.text = t.misspelt(words)
	at := t.about(i.at, 22)
	r := near.Report{Place: &at, Region: "33.60.01.1001", At: i.began.Add(time.Duration(t.r.ExpFloat64() * float64(5*24*time.Hour))), Category: i.category, Text: t.make.Sketch(t.text)}
	if t.r.IntN(12) == 0 {
		r.Category = "lain"
	}
	if t.r.IntN(8) == 0 { // the picture that went round in the neighbours' group
		r.Pictures = []near.Print{i.photo ^ 1<<t.r.IntN(64) ^ 1<<t.r.IntN(64)}
	} else if t.r.IntN(3) > 0 {
		r.Pictures = []near.Print{near.Print(t.r.Uint64())}
	}
	return r
}

// about is a point so many metres away, as devices err.
func (t *town) about(p place.Point, metres float64) place.Point {
	return place.Point{Lat: p.Lat + t.r.NormFloat64()*metres/111195, Lon: p.Lon + t.r.NormFloat64()*metres/110300}
}

// misspelt turns two letters round now and then.
func (t *town) misspelt(words string) string {
	fields := strings.Fields(words)
	for i, w := range fields {
		if len(w) > 4 && t.r.IntN(12) == 0 {
			at := 1 + t.r.IntN(len(w)-2)
			fields[i] = w[:at-1] + w[at:at+1] + w[at-1:at] + w[at+1:]
		}
	}
	return strings.Join(fields, " ")
}

// other is a thing that is easily taken for an issue: another trouble next door,
// the same trouble streets away, or again after months.
func (t *town) other(i issue) issue {
	o := t.issue()
	switch t.r.IntN(4) {
	case 0:
		for o.category == i.category {
			o = t.issue()
		}
		o.at, o.began, o.street = t.about(i.at, 40), i.began, i.street
	case 1:
		o.trouble, o.began = i.trouble, i.began
		o.at = place.Point{Lat: i.at.Lat + 0.0018 + t.r.Float64()*0.002, Lon: i.at.Lon}
	case 2:
		o.trouble, o.at, o.street, o.began = i.trouble, t.about(i.at, 60), i.street, i.began.AddDate(0, 0, 60+t.r.IntN(60))
	default:
		o.at, o.began = t.about(i.at, 150), i.began
	}
	return o
}

// TestWhatIsTheSameIsTold measures on pairs: of those that tell of the same thing
// most are found, and of those that only look like it few.
func TestWhatIsTheSameIsTold(t *testing.T) {
	town := newTown(1)
	const pairs = 1500
	var found, certain, wrong, surelyWrong int
	for range pairs {
		i := town.issue()
		a := town.told(i)
		if s := near.Compare(a, town.told(i)).Score; s >= near.Likely {
			found++
			if s >= near.Certain {
				certain++
			}
		}
		if s := near.Compare(a, town.told(town.other(i))).Score; s >= near.Likely {
			wrong++
			if s >= near.Certain {
				surelyWrong++
			}
		}
	}
	t.Logf("of the same: %.3f likely, %.3f very likely; of others that look alike: %.3f, %.3f",
		float64(found)/pairs, float64(certain)/pairs, float64(wrong)/pairs, float64(surelyWrong)/pairs)
	if found < pairs*85/100 || wrong > pairs*12/100 || surelyWrong > pairs*3/100 {
		t.Errorf("%d and %d found, %d and %d wrong of %d", found, certain, wrong, surelyWrong, pairs)
	}
}

// TestPartsSayWhatIsAlike: each part is what it says.
func TestPartsSayWhatIsAlike(t *testing.T) {
	s := near.NewSketcher([]byte("k"))
	p, q := place.Point{Lat: -7.05, Lon: 110.91}, place.Point{Lat: -7.0501, Lon: 110.91}
	at := time.Date(2026, 3, 16, 8, 0, 0, 0, time.UTC)
	a := near.Report{Place: &p, Region: "33.60.01.1001", At: at, Category: "lampu", Text: s.Sketch("Lampu jalan padam di tikungan makam, gelap sekali"), Pictures: []near.Print{0xf0f0}}
	b := near.Report{Place: &q, Region: "33.60.01.1001", At: at.Add(36 * time.Hour), Category: "lampu", Text: s.Sketch("lampu jalan padam di tikungan makam gelap sekali!"), Pictures: []near.Print{0xffff00, 0xf0f3}}
	l := near.Compare(a, b)
	if math.Abs(l.Metres-11.1) > 0.5 || !l.Village || l.Apart != 36*time.Hour || !l.Category || l.Words != 1 || l.Copied != 1 || !l.Picture || l.Score < 0.99 {
		t.Errorf("%+v", l)
	}
	if back := near.Compare(b, a); back != l {
		t.Errorf("the other way round %+v", back)
	}
	c := near.Report{Region: "33.60.02.2001", At: at.AddDate(0, -5, 0), Category: "pasar", Text: s.Sketch("Pedagang di pasar menaikkan harga")}
	if l := near.Compare(a, c); l.Score > 0.01 || l.Metres != -1 || l.Village || l.Category || l.Picture {
		t.Errorf("nothing in common: %+v", l)
	}
	if l := near.Compare(near.Report{}, near.Report{}); l.Words != 0 || l.Copied != 0 || l.Score > near.Likely {
		t.Errorf("two reports without anything: %+v", l)
	}
}

// TestASketchIsKeptAndReadAgain, and says nothing under another key.
func TestASketchIsKeptAndReadAgain(t *testing.T) {
	const text = "Jembatan bambu ke sawah putus diterjang arus semalam"
	a := near.NewSketcher([]byte("one")).Sketch(text)
	got, err := near.ParseSketch(a.Bytes())
	if err != nil || got != a || len(a.Bytes()) != near.SketchBytes {
		t.Errorf("%v, %v", got, err)
	}
	if other := near.NewSketcher([]byte("two")).Sketch(text); other.Words(a) > 0 || bytes.Contains(a.Bytes(), []byte("emba")) {
		t.Error("the key makes no difference")
	}
	if empty := near.NewSketcher([]byte("one")).Sketch("... !!!"); len(empty.Bytes()) != 0 || empty.Words(empty) != 0 {
		t.Error("a text without words is like itself")
	}
	if _, err := near.ParseSketch([]byte("short")); err == nil {
		t.Error("five bytes are read as a sketch")
	}
}

// scene draws a picture of shapes, as different as seeds are.
func scene(seed uint64, w, h int) *image.RGBA {
	r := rand.New(rand.NewPCG(seed, 5))
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	sky, ground := uint8(120+r.IntN(120)), uint8(40+r.IntN(120))
	for y := range h {
		for x := range w {
			c := color.RGBA{sky, sky, sky, 255}
			if y > h*(3+r.IntN(1))/6 {
				c = color.RGBA{ground, ground - 20, ground - 40, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	for range 9 {
		x0, y0, bw, bh := r.IntN(w), r.IntN(h), w/8+r.IntN(w/3), h/8+r.IntN(h/3)
		c := color.RGBA{uint8(r.IntN(256)), uint8(r.IntN(256)), uint8(r.IntN(256)), 255}
		for y := y0; y < min(h, y0+bh); y++ {
			for x := x0; x < min(w, x0+bw); x++ {
				img.SetRGBA(x, y, c)
			}
		}
	}
	return img
}

func scaled(img image.Image, w, h int) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	xdraw.ApproxBiLinear.Scale(out, out.Bounds(), img, img.Bounds(), xdraw.Src, nil)
	return out
}

func compressed(t *testing.T, img image.Image, quality int) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		t.Fatal(err)
	}
	out, err := jpeg.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func brighter(img image.Image, by int) image.Image {
	b := img.Bounds()
	out := image.NewRGBA(b)
	more := func(v uint32) uint8 { return uint8(max(0, min(255, int(v>>8)+by))) }
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, _ := img.At(x, y).RGBA()
			out.SetRGBA(x, y, color.RGBA{more(r), more(g), more(bl), 255})
		}
	}
	return out
}

// TestAPictureStaysItself when a phone scales it, sends it at less quality or
// makes it brighter; and is no other picture.
func TestAPictureStaysItself(t *testing.T) {
	worst, nearest := 0, 64
	var prints []near.Print
	for seed := range uint64(24) {
		img := scene(seed, 240, 180)
		own, ok := near.PrintOf(img)
		if !ok {
			t.Fatalf("picture %d has no print", seed)
		}
		for name, changed := range map[string]image.Image{
			"half": scaled(img, 120, 90), "larger": scaled(img, 320, 240), "squeezed": scaled(img, 160, 160), "quality 30": compressed(t, img, 30),
			"brighter": brighter(img, 18), "darker": brighter(img, -18), "small and bad": compressed(t, scaled(img, 96, 72), 25),
		} {
			p, ok := near.PrintOf(changed)
			worst = max(worst, own.Off(p))
			if !ok || own.Off(p) > near.SamePicture {
				t.Errorf("picture %d, %s: %d parts differ", seed, name, own.Off(p))
			}
		}
		for _, other := range prints {
			nearest = min(nearest, own.Off(other))
		}
		prints = append(prints, own)
	}
	t.Logf("the same picture differs in at most %d parts, others in at least %d", worst, nearest)
	if nearest <= near.SamePicture {
		t.Errorf("two pictures differ in %d parts only", nearest)
	}
}

func TestAPictureOfNothingHasNoPrint(t *testing.T) {
	black := image.NewRGBA(image.Rect(0, 0, 100, 100))
	for name, img := range map[string]image.Image{"black": black, "grey noise": compressed(t, brighter(black, 90), 10), "tiny": image.NewRGBA(image.Rect(0, 0, 5, 5)), "nothing": image.NewRGBA(image.Rectangle{})} {
		if _, ok := near.PrintOf(img); ok {
			t.Errorf("%s has a print", name)
		}
	}
}

func FuzzSketch(f *testing.F) {
	f.Add("lampu padam", "lampu jalan padam")
	f.Add("", "\xff")
	f.Add(strings.Repeat("a ", 3000), strings.Repeat("b", 100))
	s := near.NewSketcher([]byte("k"))
	f.Fuzz(func(t *testing.T, a, b string) {
		x, y := s.Sketch(a), s.Sketch(b)
		if w := x.Words(y); w < 0 || w > 1 || w != y.Words(x) {
			t.Errorf("%q and %q share %v", a, b, w)
		}
		if got, err := near.ParseSketch(x.Bytes()); err != nil || got != x {
			t.Errorf("%q: %v", a, err)
		}
	})
}

func BenchmarkSketch(b *testing.B) {
	s := near.NewSketcher([]byte("k"))
	text := strings.Repeat("Lampu jalan padam di tikungan dekat makam, sudah seminggu gelap. ", 4)
	for b.Loop() {
		s.Sketch(text)
	}
}

func BenchmarkCompare(b *testing.B) {
	town := newTown(2)
	i := town.issue()
	x, y := town.told(i), town.told(i)
	for b.Loop() {
		near.Compare(x, y)
	}
}

func ExampleCompare() {
	s := near.NewSketcher([]byte("a key"))
	p := place.Point{Lat: -7.05, Lon: 110.91}
	a := near.Report{Place: &p, Category: "lampu", Text: s.Sketch("Lampu padam di Jalan Melati")}
	b := near.Report{Place: &p, Category: "lampu", Text: s.Sketch("lampu di jalan Melati padam terus")}
	fmt.Println(near.Compare(a, b).Score > near.Likely)
	// Output: true
}
