package demo

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/blob"
	"pendopo/law/form"
	"pendopo/law/place"
)

const (
	reportService  = "pengaduan"
	inquiryService = "pengaduan-pengawasan"
	coordinator    = "utami"
)

// reporters are names that nobody has: first names and family names of a list,
// put together by number.
func reporter(n int) person {
	first := strings.Fields("Wening Tunggul Puspa Jatmiko Arimbi Seta Widuri Lanang Kusuma Pratiwi Nareswari Gagah Sekar Danang Utari Bayu Rara Wisnu Kinasih Panji")
	last := strings.Fields("Handayani Prakosa Wulandari Setiawan Maharani Nugroho Lestari Wibowo Anggraini Saputra Kartika")
	return person{name: first[n%len(first)] + " " + last[n/3%len(last)], n: 300 + n}
}

// reports plans the reports of citizens, from three months ago until now.
func (w *world) reports() error {
	list, err := tellings()
	if err != nil {
		return err
	}
	w.ground = w.in.Cases.Government().Boundaries()
	told := map[string]*tale{}
	for _, t := range list {
		r := w.told(t)
		if key := t.value("key"); key != "" {
			told[key] = r.tale
		}
		if r.into = told[t.value("into")]; t.state == "merged" && r.into == nil {
			return fmt.Errorf("demo: report %d goes into nothing", t.n)
		}
		stage, ok := stages()[t.state]
		if !ok {
			return fmt.Errorf("demo: report %d is %q, which is no state", t.n, t.state)
		}
		stage(r)
	}
	w.inquiries()
	return nil
}

// report is one report on its way.
type report struct {
	telling
	*tale
	world  *world
	into   *tale
	unit   string   // that handles it
	photos []string // ids, once it was told
}

// told plans that somebody tells it.
func (w *world) told(t telling) *report {
	who := reporter(t.n)
	r := &report{telling: t, world: w, unit: w.unitFor(t)}
	a := form.Answers{"kind": t.kind(), "category": t.category, "region": t.region, "what": t.text, "anonymous": "tidak", "confidential": "tidak", "phone": who.phone()}
	if t.has("anon") {
		a["anonymous"] = "ya"
	} else {
		a["name"] = who.name
	}
	if t.has("secret") {
		a["confidential"] = "ya"
	}
	if t.place != "" {
		a["place_words"] = t.place
	}
	if !t.has("nopoint") && !t.has("sms") && t.picture != "-" {
		a["point"] = w.spot(t).String()
	}
	s := casework.Submission{Service: reportService, Channel: channelOf(t), Answers: a}
	if flood, ok := strings.CutPrefix(t.state, "flood_"); ok {
		s.Flags = []string{flagOf(flood)}
	}
	r.tale = w.submitWith(reportKey(t.n), r.moment(t.days, 0), s, func(stream string, s *casework.Submission) error {
		return w.photograph(r, stream, s)
	})
	if t.has("anon") && t.state == "sent" {
		w.opened = append(w.opened, r)
	}
	return r
}

func channelOf(t telling) string {
	switch {
	case t.has("sms"):
		return "sms"
	case t.has("counter"):
		return "counter"
	}
	return "portal"
}

func flagOf(flood string) string {
	if flood == "words" {
		return "words"
	}
	return "flood_" + flood
}

// photograph draws what is seen and stores it with the report.
func (w *world) photograph(r *report, stream string, s *casework.Submission) error {
	if r.picture == "-" || r.has("sms") {
		return nil
	}
	content, err := scene(r.picture, uint64(r.n+1), false)
	if err != nil {
		return err
	}
	id, err := w.store(stream, blob.Info{Name: "foto.jpg", Type: "image/jpeg"}, content)
	r.photos = []string{id}
	s.Answers["photos"] = r.photos
	return err
}

// unitFor is the unit that the definitions name for a category.
func (w *world) unitFor(t telling) string {
	g := w.in.Cases.Government()
	b, err := w.in.Cases.Catalogue().Live(reportService)
	if err != nil {
		return "setda"
	}
	for _, c := range b.Service.Field("category").Choices {
		if c.ID != t.category || c.Unit == nil {
			continue
		}
		if unit, err := g.UnitFor(*c.Unit, form.Answers{"region": t.region}); err == nil {
			return unit
		}
	}
	return "setda"
}

// spot is where a report happened. Reports with a name in common happened in the
// same spot, as far as telephones know it.
func (w *world) spot(t telling) place.Point {
	name := cmp.Or(t.value("key"), t.value("into"), t.value("near"))
	if name == "" {
		return w.somewhere(t.region, t.n)
	}
	n := 1000
	for _, c := range name {
		n += int(c)
	}
	p, c := w.somewhere(t.region, n), canvas{seed: uint64(t.n)*31 + 7}
	const metre = 1.0 / 111_000
	return place.Point{Lat: p.Lat + c.between(-18, 18)*metre, Lon: p.Lon + c.between(-18, 18)*metre}
}

// somewhere is a point in a village, always the same for one number.
func (w *world) somewhere(region string, n int) place.Point {
	area, drawn := w.ground.Of(region)
	if !drawn {
		return place.Point{Lat: -7.06, Lon: 110.93}
	}
	c := canvas{seed: uint64(n)*7919 + 17}
	for range 200 {
		p := place.Point{Lat: c.between(area.Box.South, area.Box.North), Lon: c.between(area.Box.West, area.Box.East)}
		if area.Has(p) {
			return p
		}
	}
	return area.Inside()
}

// moment is when something happens to a report: so many working days ago, in a
// minute of its own; what is of today happened within the last hours.
func (r *report) moment(days, later int) time.Time {
	if days <= 0 {
		return r.world.today.Add(-time.Duration(20+r.n%9*13-later) * time.Minute)
	}
	at := 8*60 + (r.n*37+later*53)%420
	return r.world.at(days, fmt.Sprintf("%02d:%02d", at/60, at%60))
}
