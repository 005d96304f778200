package complaint

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"net/http"
	"strconv"
	"time"

	"pendopo/engine/caseview"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/fold"
)

// feedLength is how many entries a feed has, the newest.
const feedLength = 50

// atomFeed is a feed of RFC 4287.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Author  atomPerson  `xml:"author"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Type string `xml:"type,attr,omitempty"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Published  string         `xml:"published"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr"`
}

// feed is the newest reports of an area and a category, or what happened to one.
func (f *Feature) feed(w http.ResponseWriter, r *http.Request) error {
	n := f.named(page.Words(r.Context()))
	var feed atomFeed
	var err error
	if code := r.URL.Query().Get("code"); code != "" {
		feed, err = f.feedOfOne(r, n, code)
	} else {
		feed, err = f.feedOfList(r, n)
	}
	if err != nil {
		return err
	}
	return f.sendFeed(w, r, feed)
}

func (f *Feature) feedOfList(r *http.Request, n named) (atomFeed, error) {
	asked := parseCriteria(r.URL.Query())
	c := criteria{Area: asked.Area, Category: asked.Category}
	p, err := f.Reports.List(r.Context(), c.filter(f.Now()), "", feedLength)
	if err != nil {
		return atomFeed{}, err
	}
	out := f.newFeed(n, c.path("/reports/feed.atom"), c.path("/reports"), n.T("complaint.title"))
	if c.Area != "" {
		out.Title += ", " + n.area(c.Area)
	}
	if c.Category != "" {
		out.Title += ", " + n.choice(n.categories(), c.Category)
	}
	var last time.Time
	for _, x := range p.Reports {
		last = latest(last, x.Updated)
		out.Entries = append(out.Entries, f.entry(n, x))
	}
	out.Updated = moment(last)
	return out, nil
}

// feedOfOne tells what happened to a report, deed by deed.
func (f *Feature) feedOfOne(r *http.Request, n named, code string) (atomFeed, error) {
	x, err := f.shown(r.Context(), code)
	if err != nil {
		return atomFeed{}, err
	}
	c, err := f.Cases.State(r.Context(), x.Stream)
	if fault.Is(err, fault.Unknown) {
		return atomFeed{}, errNone() // taken over from another system: nothing happens to it here
	}
	if err != nil {
		return atomFeed{}, err
	}
	b, err := f.Cases.Catalogue().At(r.Context(), c.Definition)
	if err != nil {
		return atomFeed{}, err
	}
	open := fold.Case{Marks: publicMarks(c.Marks)}
	words := caseview.Words{Printer: n.Printer, Government: n.government, Service: b.Service, Zone: n.zone}
	out := f.newFeed(n, "/reports/feed.atom?code="+x.Code, "/reports/"+x.Code, n.title(x))
	last := x.Received
	for i, e := range words.Timeline(open) {
		m := open.Marks[len(open.Marks)-1-i]
		last = latest(last, m.At)
		entry := atomEntry{ID: f.Base + "/reports/" + x.Code + "#" + strconv.FormatInt(m.Version, 10), Title: e.What, Updated: moment(m.At), Published: moment(m.At), Summary: e.Who,
			Links: []atomLink{{Rel: "alternate", Href: f.Base + "/reports/" + x.Code, Type: "text/html"}}}
		out.Entries = append(out.Entries, entry)
	}
	out.Updated = moment(last)
	return out, nil
}

// newFeed begins a feed; its own address is its name.
func (f *Feature) newFeed(n named, self, list, title string) atomFeed {
	return atomFeed{Lang: n.Lang(), ID: f.Base + self, Title: title, Author: atomPerson{n.Of(n.government.Profile.Name)},
		Links: []atomLink{{Rel: "self", Href: f.Base + self, Type: "application/atom+xml"}, {Rel: "alternate", Href: f.Base + list, Type: "text/html"}}}
}

func (f *Feature) entry(n named, x report.Report) atomEntry {
	text := x.Text
	if text == "" {
		text = n.title(x)
	}
	address := f.Base + "/reports/" + x.Code
	return atomEntry{ID: address, Title: n.title(x), Updated: moment(x.Updated), Published: moment(x.Received), Summary: text + "\n\n" + n.state(x).Text,
		Links: []atomLink{{Rel: "alternate", Href: address, Type: "text/html"}}, Categories: []atomCategory{{x.Category, n.choice(n.categories(), x.Category)}}}
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// moment is a time as RFC 3339 writes it; of an empty feed the beginning of time.
func moment(t time.Time) string {
	if t.IsZero() {
		t = time.Unix(0, 0)
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}

// sendFeed writes a feed, or that the reader has it: what is read often costs
// little when nothing has changed.
func (f *Feature) sendFeed(w http.ResponseWriter, r *http.Request, feed atomFeed) error {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	if err := xml.NewEncoder(&b).Encode(feed); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/atom+xml; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("Vary", "Accept-Encoding, Accept-Language, Cookie")
	h.Set("Etag", feedTag(b.Bytes()))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(b.Bytes()))
	return nil
}

func feedTag(b []byte) string {
	sum := sha256.Sum256(b)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}
