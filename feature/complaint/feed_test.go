package complaint_test

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/flow"
	"pendopo/law/form"
)

// atomElement is any element of a feed.
type atomElement struct {
	XMLName  xml.Name
	Attrs    []xml.Attr    `xml:",any,attr"`
	Children []atomElement `xml:",any"`
	Text     string        `xml:",chardata"`
}

func (e atomElement) all(name string) (out []atomElement) {
	for _, c := range e.Children {
		if c.XMLName.Local == name && c.XMLName.Space == "http://www.w3.org/2005/Atom" {
			out = append(out, c)
		}
	}
	return out
}

func (e atomElement) attr(name string) string {
	for _, a := range e.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// atomFaults holds a feed to what RFC 4287 demands of the elements that ours have.
func atomFaults(body string) (feed atomElement, faults []string) {
	if err := xml.Unmarshal([]byte(body), &feed); err != nil {
		return feed, []string{err.Error()}
	}
	wrong := func(ok bool, words string) {
		if !ok {
			faults = append(faults, words)
		}
	}
	wrong(feed.XMLName.Local == "feed" && feed.XMLName.Space == "http://www.w3.org/2005/Atom", "the root is no feed")
	wrong(len(feed.all("author")) == 1, "no author") // 4.1.1
	seen := map[string]bool{}
	for i, e := range append([]atomElement{feed}, feed.all("entry")...) {
		for _, name := range []string{"id", "title", "updated"} {
			wrong(len(e.all(name)) == 1, "not exactly one "+name)
		}
		for _, id := range e.all("id") { // 4.2.6: an absolute IRI
			u, err := url.Parse(id.Text)
			wrong(err == nil && u.IsAbs() && !seen[id.Text], "id "+id.Text)
			seen[id.Text] = true
		}
		for _, name := range []string{"updated", "published"} { // 3.3
			for _, at := range e.all(name) {
				_, err := time.Parse(time.RFC3339, at.Text)
				wrong(err == nil, name+" "+at.Text)
			}
		}
		alternate, self := 0, 0
		for _, l := range e.all("link") { // 4.2.7
			u, err := url.Parse(l.attr("href"))
			wrong(err == nil && u.IsAbs(), "link "+l.attr("href"))
			switch l.attr("rel") {
			case "alternate":
				alternate++
			case "self":
				self++
			}
		}
		wrong(alternate == 1 && (i > 0 || self == 1), "links")
		for _, c := range e.all("category") { // 4.2.2
			wrong(c.attr("term") != "", "a category without a term")
		}
	}
	return feed, faults
}

// TestFeedsAreAtom in both languages, of everything, of a part, of one and of nothing.
func TestFeedsAreAtom(t *testing.T) {
	onBoth(t, func(w *town) {
		got := w.tells(nil, 1)
		w.shows(got.Stream, flow.Words{Title: `Lampu "padam" & <gelap>`, Text: "Baris satu\n\nBaris dua"})
		w.dispatches(got.Stream, "dishub")
		other := w.tells(form.Answers{"category": "jalan", "region": "33.60.01.1002"}, 0)
		w.shows(other.Stream, lamp)
		for path, entries := range map[string]int{"/reports/feed.atom": 2, "/reports/feed.atom?category=lampu": 2, "/reports/feed.atom?area=33.60.01": 2, "/reports/feed.atom?area=33.60.01.1001": 1,
			"/reports/feed.atom?category=pohon": 0, "/reports/feed.atom?code=" + got.Code: 3} {
			if strings.Contains(path, "category=lampu") {
				entries = 1
			}
			for _, lang := range []string{"id", "en"} {
				b := w.browser()
				b.asked.Set("Accept-Language", lang)
				b.get(path).is(http.StatusOK)
				feed, faults := atomFaults(b.body)
				if len(faults) > 0 || len(feed.all("entry")) != entries || feed.attr("lang") != lang || b.header.Get("Content-Type") != "application/atom+xml; charset=utf-8" {
					t.Errorf("%s: %d entries, want %d; %v\n%s", path, len(feed.all("entry")), entries, faults, b.body)
				}
			}
		}
	})
}

// TestAFeedIsSentAgainOnlyWhenItChanged, and a hidden report leaves it at once.
func TestAFeedIsSentAgainOnlyWhenItChanged(t *testing.T) {
	onBoth(t, func(w *town) {
		got := w.tells(nil, 0)
		w.shows(got.Stream, lamp)
		b := w.browser().get("/reports/feed.atom").says(lamp.Title)
		b.asked.Set("If-None-Match", b.header.Get("Etag"))
		b.get("/reports/feed.atom").is(http.StatusNotModified)
		w.does(got.Stream, coordinator, casework.Deed{Do: flow.DoHide, Reason: "personal_data"})
		b.get("/reports/feed.atom").is(http.StatusOK).hides(lamp.Title, got.Code)
		w.browser().get("/reports/feed.atom?code=" + got.Code).is(http.StatusNotFound)
	})
}

func TestTheAtomCheckFindsFaults(t *testing.T) {
	good := `<feed xmlns="http://www.w3.org/2005/Atom"><id>https://a/b</id><title>x</title><updated>2026-01-02T03:04:05Z</updated><author><name>n</name></author><link rel="self" href="https://a/b"/><link rel="alternate" href="https://a/c"/></feed>`
	if _, faults := atomFaults(good); len(faults) != 0 {
		t.Fatal(faults)
	}
	for _, change := range [][2]string{{"<id>https://a/b</id>", ""}, {"https://a/b</id>", "b</id>"}, {"03:04:05Z", "03:04"}, {"<author><name>n</name></author>", ""}, {`rel="self"`, `rel="via"`}, {"2005/Atom", "2005/Else"}, {"<title>x</title>", "<title>x</title><title>y</title>"}} {
		if _, faults := atomFaults(strings.Replace(good, change[0], change[1], 1)); len(faults) == 0 {
			t.Errorf("%s was taken", change)
		}
	}
}
