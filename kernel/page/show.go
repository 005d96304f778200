package page

import (
	"bytes"
	"context"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"pendopo/kernel/fault"
	"pendopo/web/component/header"
	"pendopo/web/component/layout"
	"pendopo/web/component/trouble"
	"pendopo/web/scope"
)

// View is one page to show.
type View struct {
	Title   string
	Status  int // 0 = 200
	Body    templ.Component
	Width   string // "" for a form's column, "broad", "desk"
	Door    string // one line below the government's name
	Home    string // where the name leads; "" = /
	Links   []header.Link
	Foot    []header.Link
	Refresh int    // seconds after which the browser asks again; 0 = never
	Private bool   // personal: nobody keeps it
	Images  string // one more origin that pictures may come from: https://peta.example; "" = none
}

func newBuffer() any { return new(bytes.Buffer) }

// Show renders a page. Nothing is sent before all of it is rendered, so a
// failure becomes a page of its own and never half a page.
func (s *Site) Show(w http.ResponseWriter, r *http.Request, v View) error {
	rq := of(r.Context())
	sc := &scope.Scope{Words: rq.printer, Token: func() string { return rq.token(r) }}
	sc.Use(&layout.Sheet)
	sc.Use(&header.Sheet)
	ctx := templ.InitializeContext(scope.With(context.Background(), sc))
	body := s.buffer()
	defer s.buffers.Put(body)
	if err := v.Body.Render(ctx, body); err != nil {
		return fault.New(fault.Internal, "fault.internal").Because(err)
	}
	out := s.buffer()
	defer s.buffers.Put(out)
	sheet := s.sheetFor(sc.Used())
	frame := s.frame(r, rq, &v)
	frame.Style, frame.Scripts = sheet.tag, sheet.scripts
	frame.Body = templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := w.Write(body.Bytes())
		return err
	})
	if err := layout.Page(frame).Render(ctx, out); err != nil {
		return fault.New(fault.Internal, "fault.internal").Because(err)
	}
	w.Header()["Content-Security-Policy"] = withImages(sheet.policy, v.Images)
	s.send(w, r, &v, out.Bytes(), sheet)
	return nil
}

// withImages lets one more origin give pictures to a page.
func withImages(policy []string, origin string) []string {
	if origin == "" || strings.ContainsAny(origin, " ;,'") {
		return policy
	}
	return []string{strings.Replace(policy[0], "img-src 'self'", "img-src 'self' "+origin, 1)}
}

func (s *Site) buffer() *bytes.Buffer {
	b := s.buffers.Get().(*bytes.Buffer)
	b.Reset()
	return b
}

// frame is what stands around the body.
func (s *Site) frame(r *http.Request, rq *request, v *View) layout.View {
	house := s.house.Load()
	lang := rq.printer.lang
	name := inLang(house.Name, lang)
	home := v.Home
	if home == "" {
		home = "/"
	}
	return layout.View{Lang: lang, Title: v.Title, House: inLang(house.Short, lang), Icon: s.Asset("mark.svg"), Width: v.Width, Refresh: v.Refresh,
		Header: header.View{Home: home, Mark: house.Mark, Name: name, Door: v.Door, Links: v.Links, Languages: s.languageLinks(r, lang), Demo: s.demo},
		Foot:   layout.Foot{Links: v.Foot, Address: house.Address, Contact: house.Phone}}
}

// inLang is one of the government's own texts, marked in the pseudo-language.
func inLang(texts map[string]string, lang string) string {
	if t := texts[lang]; t != "" {
		return t
	}
	if lang == PseudoTag {
		return Pseudo(texts["id"])
	}
	return texts["id"]
}

// languageLinks lead to the same page in every language. After a form was
// sent there is no such page, so they lead to where the form stands.
func (s *Site) languageLinks(r *http.Request, current string) []header.Link {
	links := make([]header.Link, len(s.texts.languages))
	rest := ""
	if r.URL.RawQuery != "" && r.Method == http.MethodGet {
		q := r.URL.Query()
		q.Del("lang")
		if rest = q.Encode(); rest != "" {
			rest = "&" + rest
		}
	}
	for i, lang := range s.texts.languages {
		links[i] = header.Link{Href: r.URL.Path + "?lang=" + lang + rest, Lang: lang, Current: lang == current,
			Text: s.texts.printers[lang].T("page.language_name")}
		if lang == PseudoTag {
			links[i].Lang = "" // no language that a screen reader would know
		}
	}
	return links
}

// send writes the page. One that holds nothing personal and no form token may
// be kept by the browser and asked for again by its tag.
func (s *Site) send(w http.ResponseWriter, r *http.Request, v *View, page []byte, sheet *sheet) {
	h := w.Header()
	h["Content-Type"] = htmlType
	h["Vary"] = varyLang
	if v.Private || v.Status >= 400 {
		h["Cache-Control"] = noStore
	} else {
		h["Cache-Control"] = noCache
		if of(r.Context()).binding == nil && s.unchanged(w, r, page) {
			return
		}
	}
	if takesGzip(r.Header.Get("Accept-Encoding")) {
		p := s.packers.Get().(*packer)
		defer s.packers.Put(p)
		if packed := p.pack(page, sheet); packed != nil {
			h["Content-Encoding"] = gzipCoding
			page = packed
		}
	}
	h["Content-Length"] = []string{strconv.Itoa(len(page))}
	if v.Status != 0 {
		w.WriteHeader(v.Status)
	}
	_, _ = w.Write(page) // a reader that has gone needs no answer
}

// unchanged answers 304 when the browser has this very page.
func (s *Site) unchanged(w http.ResponseWriter, r *http.Request, page []byte) bool {
	sum := uint64(crc32.Checksum(page, s.castagnoli))<<32 | uint64(crc32.ChecksumIEEE(page)) // both in hardware
	tag := `W/"` + strconv.FormatUint(sum, 36) + `"`
	w.Header()["Etag"] = []string{tag}
	if !strings.Contains(r.Header.Get("If-None-Match"), tag) {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}

// Fragment renders a part of a page, for scripts that refresh it.
func (s *Site) Fragment(w http.ResponseWriter, r *http.Request, part templ.Component) error {
	rq := of(r.Context())
	sc := &scope.Scope{Words: rq.printer, Token: func() string { return rq.token(r) }}
	ctx := templ.InitializeContext(scope.With(context.Background(), sc))
	out := s.buffer()
	defer s.buffers.Put(out)
	if err := part.Render(ctx, out); err != nil {
		return fault.New(fault.Internal, "fault.internal").Because(err)
	}
	w.Header()["Content-Type"] = htmlType
	w.Header()["Cache-Control"] = noStore
	_, _ = w.Write(out.Bytes()) // a reader that has gone needs no answer
	return nil
}

// showFault is the page of a fault that no form can show beside its fields.
func (s *Site) showFault(w http.ResponseWriter, r *http.Request, f *fault.Fault) error {
	words := Words(r.Context())
	v := trouble.View{Title: words.T(titles[f.Kind]), Text: words.TMap(f.Key, f.Args), Home: words.T("page.fault_home")}
	switch f.Kind {
	case fault.Internal:
		v.Next, v.CodeLabel, v.Code = words.T("page.fault_next_internal"), words.T("page.fault_code"), ID(r.Context())
	case fault.Unavailable:
		v.Next = words.T("page.fault_next_unavailable")
	case fault.Unknown:
		v.Next = words.T("page.fault_next_unknown")
	default:
		v.Next = words.T("page.fault_next_back")
	}
	for _, m := range f.More {
		v.More = append(v.More, words.TMap(m.Key, m.Args))
	}
	return s.Show(w, r, View{Title: v.Title, Status: f.Status(), Body: trouble.Page(v), Private: true})
}
