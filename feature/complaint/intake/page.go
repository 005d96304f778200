package intake

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"pendopo/engine/attachment"
	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/servicecard"
	"pendopo/web/component/upload"
)

// pageWords are a service in words.
type pageWords = caseview.Words

// formView is the page for telling something.
type formView struct {
	Title      string
	Service    string
	Definition string
	Key        string
	Plain      bool // files are here already: the form is sent by the browser itself
	Errors     []errorsummary.Item
	Notice     string // what changed, or what went wrong without a place
	Parts      []part
	Position   string // that a photo has within it, offered
	PlaceField string
	Send       string
}

// part is some questions under one heading.
type part struct {
	Title, Help string
	Fields      []templ.Component
}

// form shows the page, empty: nothing on it is anybody's.
func (in *Intake) form(w http.ResponseWriter, r *http.Request) error {
	id := r.URL.Query().Get("service")
	if id == "" {
		return in.choose(w, r)
	}
	b, err := in.service(id, "portal")
	if err != nil {
		return err
	}
	v := in.view(r, input{telling: telling{Bound: b, Values: url.Values{}, Key: rand.Text()}}, nil)
	mayListen(w)
	return in.Portal.Show(w, r, page.View{Title: v.Title, Body: formPage(v)})
}

// mayListen lets this page ask the telephone for its place and for a voice, each by
// a press; no other page may.
func mayListen(w http.ResponseWriter) {
	w.Header().Set("Permissions-Policy", "camera=(), geolocation=(self), microphone=(self)")
}

// choose leads to the one service by which something can be told, or lists them.
func (in *Intake) choose(w http.ResponseWriter, r *http.Request) error {
	list := in.offered("portal")
	if len(list) == 1 {
		http.Redirect(w, r, address(list[0]), http.StatusSeeOther)
		return nil
	}
	words := page.Words(r.Context())
	var cards []servicecard.View
	for _, b := range list {
		cards = append(cards, servicecard.View{Href: address(b), Name: words.Of(b.Service.Name), Summary: words.Of(b.Service.Summary)})
	}
	return in.Portal.Show(w, r, page.View{Title: words.T("intake.choose_title"), Body: choosePage(cards)})
}

// address is where something is told by a service.
func address(b *casework.Bound) string { return "/report?service=" + url.QueryEscape(b.Service.ID) }

// receive takes a form that a browser sends whole.
func (in *Intake) receive(w http.ResponseWriter, r *http.Request) error {
	i, err := in.read(r)
	if err != nil {
		return err
	}
	in.settle(&i)
	if point := i.Values.Get("_place"); point != "" {
		i.Values.Set(i.placeField(), point)
		return in.again(w, r, i, nil)
	}
	if i.Values.Get("_remove") != "" || i.Values.Get("_pick") != "" {
		return in.again(w, r, i, nil)
	}
	a, err := in.accepted(r, i)
	switch kindOf(err) {
	case fault.Invalid, fault.Conflict, fault.TooMany:
		return in.again(w, r, i, err)
	}
	if err != nil {
		return err
	}
	http.Redirect(w, r, in.Portal.HandOver(w, a.Code, a.Secret), http.StatusSeeOther)
	return nil
}

// kindOf is the kind of an error; Internal for none.
func kindOf(err error) fault.Kind {
	if f := fault.Of(err); f != nil {
		return f.Kind
	}
	return fault.Internal
}

// accepted takes a report whose files are all right.
func (in *Intake) accepted(r *http.Request, i input) (casework.Accepted, error) {
	if len(i.faults) > 0 {
		_, cause := in.answers(i.telling)
		return casework.Accepted{}, withFiles(cause, i.faults)
	}
	return in.take(r.Context(), i.telling)
}

// placeField is the name of the question for a point; "" without one.
func (i input) placeField() string {
	if f := rolesOf(i.Bound.Service).Place; f != nil {
		return f.ID
	}
	return ""
}

// again shows the page with what was typed, and what to correct.
func (in *Intake) again(w http.ResponseWriter, r *http.Request, i input, cause error) error {
	mayListen(w)
	v := in.view(r, i, cause)
	status, title := 0, v.Title
	if cause != nil {
		f := fault.Of(cause)
		if status = f.Status(); f.RetryAfter() != "" {
			w.Header().Set("Retry-After", f.RetryAfter())
		}
		title = page.Text(r.Context(), "intake.correct_title", "title", v.Title)
	}
	return in.Portal.Show(w, r, page.View{Title: title, Body: formPage(v), Private: true, Status: status})
}

func (in *Intake) view(r *http.Request, i input, cause error) formView {
	words := page.Words(r.Context())
	s := i.Bound.Service
	v := formView{Title: words.Of(s.Name), Service: s.ID, Definition: i.Bound.Hash, Key: i.Key, Plain: i.Stream != "", Send: in.button(words, s)}
	if f := fault.Of(cause); f != nil && f.Key == "casework.key_reused" { // the page was gone back to: this is another report
		v.Key, v.Notice, v.Plain, cause = rand.Text(), words.T("intake.another"), false, nil
		i.dropFiles()
	}
	faults, items, other := caseview.Faults(s, words, cause)
	if v.Errors = items; other != nil {
		f := fault.Of(other)
		v.Notice = words.TMap(f.Key, f.Args)
	}
	if name := i.placeField(); name != "" && i.position != "" && i.Values.Get(name) == "" {
		v.Position, v.PlaceField = i.position, name
	}
	v.Parts = in.parts(words, i, faults)
	return v
}

// button is the words of the service itself for sending.
func (in *Intake) button(words *page.Printer, s *definition.Service) string {
	if step := s.Step(s.Flow.Start); step != nil {
		for _, a := range step.Actions {
			if a.Kind == definition.ActSubmit {
				return words.Of(a.Label)
			}
		}
	}
	return words.T("intake.send")
}

// parts are the questions of all pages on one, the photo first.
func (in *Intake) parts(words *page.Printer, i input, faults map[string]string) []part {
	s, env := i.Bound.Service, form.Env{Today: in.Now(), Channel: i.Channel}
	if env.Channel == "" {
		env.Channel = "portal"
	}
	env.Answers, _ = in.answers(i.telling) // what could be read; it decides what else is asked
	fields, photos := in.fields(words, i, env, faults), rolesOf(s).Photos
	var out []part
	for _, p := range s.Form.Pages {
		own := part{Title: words.Of(p.Title), Help: words.Of(p.Help), Fields: fields.Nodes(i.Bound.Form.Tree(p.ID, env, i.Values))}
		if len(own.Fields) == 0 {
			continue
		}
		if photos != nil && slices.ContainsFunc(p.Fields, func(f definition.Field) bool { return f.ID == photos.ID }) {
			out = append([]part{own}, out...)
			continue
		}
		out = append(out, own)
	}
	return out
}

func (in *Intake) fields(words *page.Printer, i input, env form.Env, faults map[string]string) caseview.Fields {
	typed := i.Values
	if typed == nil {
		typed = url.Values{}
	}
	files, kept := map[string]upload.File{}, form.Answers{}
	for _, f := range fieldsOf(i.Bound.Service) {
		if f.Kind != definition.KindFile {
			continue
		}
		kept[f.ID] = slices.Clone(typed[f.ID])
		for _, id := range typed[f.ID] {
			if b, err := in.Attachments.File(i.Stream, id); err == nil {
				files[id] = upload.File{ID: id, Name: b.Name, Size: words.Size(b.Received)}
			}
		}
	}
	env.Answers = withKept(env.Answers, kept)
	return caseview.Fields{Words: in.zoned(words, i.Bound), Form: i.Bound.Form, Env: env, Answers: env.Answers, Typed: typed, Faults: faults,
		Files: files, Carry: true, Limit: takes(words), Map: in.mapOf(words)}
}

func withKept(a, kept form.Answers) form.Answers {
	out := form.Answers{}
	for id, v := range a {
		out[id] = v
	}
	for id, v := range kept {
		out[id] = v
	}
	return out
}

// takes says in words what a question for files takes.
func takes(words *page.Printer) func(definition.Field) string {
	return func(f definition.Field) string {
		return words.T("portal.takes_"+attachment.Takes(f).Words(), "most", int(attachment.Limit(f)>>20))
	}
}

// position is where a photo was taken, as an answer; "" when it does not say.
func position(photo []byte) string {
	lat, lon, ok := attachment.Position(photo)
	if !ok {
		return ""
	}
	return strconv.FormatFloat(lat, 'f', 5, 64) + "," + strconv.FormatFloat(lon, 'f', 5, 64)
}
