package open311

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pendopo/engine/casework"
	"pendopo/feature/complaint/georeport"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
)

// channel is the one by which reports of other programs come.
const channel = "api"

// post takes a report, or an update.
func (s *Server) post(w http.ResponseWriter, r *http.Request) (any, error) {
	switch name(r) {
	case "requests":
		return s.file(w, r)
	case "servicerequestupdates":
		return s.note(w, r)
	case "services", "discovery":
		return otherMethod("GET, HEAD, OPTIONS")(w, r)
	}
	return nil, unknown("open311.address")
}

// file takes a report.
func (s *Server) file(w http.ResponseWriter, r *http.Request) (any, error) {
	a, err := s.sent(r)
	if err != nil {
		return nil, err
	}
	k, err := s.keys.Holder(r.Context(), a.text("api_key"))
	if err != nil {
		return nil, err
	}
	if err := s.filing.take(k); err != nil {
		return nil, err
	}
	sub, o, err := s.submission(r, a)
	if err != nil {
		return nil, err
	}
	sub.Once, err = s.once(k, r, a)
	if err != nil {
		return nil, err
	}
	done, again, err := s.earlier(r, k, a, sub.Once)
	if err == nil && !again {
		if sub.Flags, err = s.Gate.Program(k.ID, a.text("device_id"), o.bound.Service, sub.Answers); err == nil {
			done, err = s.Cases.Submit(r.Context(), sub)
		}
	}
	if err != nil {
		return nil, located(err, o)
	}
	return georeport.Receipts{{ID: done.Code, Notice: georeport.Text(s.notice(page.Words(r.Context()), k, done))}}, nil
}

// notice is what an app shows to whoever reported. The secret is in it, for there is
// no other way to them; a server that passes reports on has nobody to show it to.
func (s *Server) notice(words *page.Printer, k Key, done casework.Accepted) string {
	notice := words.T("open311.notice", "code", done.Code, "secret", done.Secret)
	if k.Peer != "" {
		notice = words.T("open311.notice_peer", "code", done.Code)
	}
	if s.Base != "" {
		notice += " " + words.T("open311.notice_at", "address", s.Base+"/track")
	}
	return notice
}

// same is for how long a report that comes again, word for word and without a
// key of its own, is the same report.
const same = 10 * time.Minute

// once is the idempotency key of a report: the caller's, or one made of what it
// says and when.
func (s *Server) once(k Key, r *http.Request, a *args) (casework.Once, error) {
	given := r.Header.Get("Idempotency-Key")
	o := casework.Once{Scope: k.scope(), Key: given, Request: a.canonical()}
	if given == "" {
		o.Key = s.fingerprint(k, a, s.Now())
	}
	return o, o.Check()
}

// earlier finds what a report became that was filed before: under the same key,
// or under a fingerprint of the time before.
func (s *Server) earlier(r *http.Request, k Key, a *args, now casework.Once) (casework.Accepted, bool, error) {
	done, again, err := s.Cases.Earlier(r.Context(), now)
	if again || err != nil || r.Header.Get("Idempotency-Key") != "" {
		return done, again, err
	}
	return s.Cases.Earlier(r.Context(), casework.Once{Scope: k.scope(), Key: s.fingerprint(k, a, s.Now().Add(-same)), Request: a.canonical()})
}

func (s *Server) fingerprint(k Key, a *args, at time.Time) string {
	time := strconv.FormatInt(at.Truncate(same).Unix(), 10)
	return hex.EncodeToString(s.Instance.IndexMAC("open311 same", k.ID, string(a.canonical()), time))
}

// canonical is what a report says, whatever the order in which it was sent.
func (a *args) canonical() []byte {
	said := url.Values{}
	for name, list := range a.values {
		if name == "api_key" || len(list) == 1 && strings.TrimSpace(list[0]) == "" {
			continue
		}
		said[name] = list
	}
	return []byte(said.Encode())
}

// submission reads a report and everything wrong with it.
func (s *Server) submission(r *http.Request, a *args) (casework.Submission, offer, error) {
	var o offer
	code := a.text("service_code")
	if code == "" {
		a.refuse("service_code", "open311.missing")
	} else {
		var ok bool
		_, byCode := s.offered.of(s.Cases.Catalogue())
		if o, ok = byCode[code]; !ok {
			return casework.Submission{}, o, unknown("open311.service_code").At("service_code")
		}
	}
	f := &filing{args: a, server: s, offer: o, tree: map[string]any{}}
	f.where()
	f.what()
	if o.bound == nil {
		return casework.Submission{}, o, a.wrong()
	}
	f.attributes()
	f.who()
	f.settle()
	answers, err := o.bound.Form.ParseTree(f.tree)
	if wrong := gathered(a.wrong(), located(err, o)); wrong != nil {
		return casework.Submission{}, o, wrong
	}
	return casework.Submission{Service: o.bound.Service.ID, Channel: channel, Lang: page.Lang(r.Context()), Answers: answers}, o, nil
}

// gathered joins two faults of the same request.
func gathered(a, b error) error {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	var all []*fault.Fault
	for _, err := range []error{a, b} {
		f := fault.Of(err)
		if f.Kind != fault.Invalid {
			return err
		}
		if f.Field != "" {
			all = append(all, &fault.Fault{Kind: f.Kind, Key: f.Key, Args: f.Args, Field: f.Field})
		}
		all = append(all, f.More...)
	}
	return fault.Join(all)
}

// filing turns parameters into the answers of a form.
type filing struct {
	*args
	server *Server
	offer  offer
	tree   map[string]any // answers by field, as JSON
}

// where reads the place: a point, an address, or both.
func (f *filing) where() {
	lat, north := f.coordinate("lat", 90)
	long, east := f.coordinate("long", 180)
	address := f.text("address_string")
	switch {
	case north != east && f.text("lat")+f.text("long") != "":
		for _, name := range []string{"lat", "long"} {
			if f.text(name) == "" {
				f.refuse(name, "open311.half_place")
			}
		}
	case !north && address+f.text("address_id")+f.text("lat") == "":
		f.refuse("lat", "open311.no_place")
	}
	if f.offer.bound == nil {
		return
	}
	service := f.offer.bound.Service
	if north && east && service.Public.Place != "" {
		f.tree[service.Public.Place] = strconv.FormatFloat(lat, 'f', 5, 64) + "," + strconv.FormatFloat(long, 'f', 5, 64)
	}
	if field := addressField(service); field != "" && address != "" {
		f.tree[field] = cut(address, most(service.Field(field)))
	}
	if field := service.Public.Region; field != "" {
		if code := f.region(lat, long, north && east, address); code != "" {
			f.tree[field] = code
		} else if f.text("address_id") == "" && len(f.faults) == 0 {
			f.refuse(f.placed(north && east), "open311.where")
		}
	}
}

// placed is the parameter by which a report says where it is.
func (f *filing) placed(point bool) string {
	if point {
		return "lat"
	}
	return "address_string"
}

// region is the code of the place: the one that was sent, the one in whose
// boundaries the point lies, or the one that the address names.
func (f *filing) region(lat, long float64, point bool, address string) string {
	if id := f.text("address_id"); id != "" {
		return id
	}
	if point {
		if code := f.server.offered.village(f.server.Cases.Catalogue(), lat, long); code != "" {
			return code
		}
	}
	return regionNamed(f.server.Cases.Catalogue().Regions(), address)
}

// regionNamed is the one village that an address names, with its district where
// several have the name; "" when that is none or more than one.
func regionNamed(set map[string]string, address string) string {
	said := " " + strings.Join(strings.FieldsFunc(strings.ToLower(address), apart), " ") + " "
	var named, exact []string
	for code, name := range set {
		village, district, _ := strings.Cut(strings.ToLower(name), ",")
		if strings.Count(code, ".") != 3 || !strings.Contains(said, " "+strings.TrimSpace(village)+" ") {
			continue
		}
		named = append(named, code)
		if district, _, _ = strings.Cut(strings.TrimSpace(district), ","); district != "" && strings.Contains(said, " "+district+" ") {
			exact = append(exact, code)
		}
	}
	switch {
	case len(exact) == 1:
		return exact[0]
	case len(named) == 1:
		return named[0]
	}
	return ""
}

func apart(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// what reads the words of the report, and the picture that is named with it.
func (f *filing) what() {
	text := f.text("description")
	if n := utf8.RuneCountInString(text); n > georeport.MostDescription {
		f.refuse("description", "open311.long").With("n", georeport.MostDescription)
		return
	}
	media := f.media()
	if f.offer.bound == nil {
		return
	}
	service := f.offer.bound.Service
	if d := service.Field(service.Public.Text); text == "" && d != nil && !d.Optional {
		f.refuse("description", "open311.missing")
	}
	f.tree[service.Public.Category] = f.offer.choice.ID
	if field := service.Public.Title; field != "" && text != "" {
		f.tree[field] = headline(text, most(service.Field(field)))
	}
	if len(media) > 0 && text != "" {
		room := most(service.Field(service.Public.Text))
		if with := text + "\n\n" + strings.Join(media, "\n"); utf8.RuneCountInString(with) <= room {
			text = with
		} else {
			f.refuse("media_url", "open311.media_long")
		}
	}
	if text != "" {
		f.tree[service.Public.Text] = text
	}
}

// Bounds of the addresses of pictures.
const (
	mostMedia    = 5
	longestMedia = 500
)

// media are the addresses of pictures. They are kept as text for the officer and
// never fetched: what an address leads to can change, and who fetches it tells
// where our servers stand.
func (f *filing) media() []string {
	var out []string
	for _, name := range []string{"media_url", "media_url[]"} {
		for _, v := range f.values[name] {
			if v = strings.TrimSpace(v); v == "" {
				continue
			}
			u, err := url.Parse(v)
			if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(v) > longestMedia {
				f.refuse("media_url", "open311.media")
				continue
			}
			out = append(out, v)
		}
	}
	if len(out) > mostMedia {
		f.refuse("media_url", "open311.list_long").With("n", mostMedia)
	}
	return out
}

// most is how many characters a text field takes.
func most(f *definition.Field) int {
	switch {
	case f != nil && f.Max != nil:
		return int(*f.Max)
	case f != nil && f.Long:
		return georeport.MostDescription
	}
	return 200
}

// headline is the first sentence of a text, as far as a title goes.
func headline(text string, most int) string {
	text, _, _ = strings.Cut(text, "\n")
	if i := strings.IndexAny(text, ".!?"); i > 20 {
		text = text[:i+1]
	}
	return cut(strings.TrimSpace(text), min(most, 80))
}

// cut ends a text at its last whole word within so many characters.
func cut(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	short := string(runes[:most-1])
	if i := strings.LastIndexByte(short, ' '); i > len(short)/2 {
		short = short[:i]
	}
	return short + "…"
}

// attributes reads attribute[code] and attribute[code][].
func (f *filing) attributes() {
	service := f.offer.bound.Service
	asked := asks(service)
	for _, name := range sortedNames(f.values) {
		rest, ok := strings.CutPrefix(name, "attribute[")
		if !ok {
			continue
		}
		id, end, _ := strings.Cut(rest, "]")
		i := slices.IndexFunc(asked, func(d *definition.Field) bool { return d.ID == id })
		if i < 0 || end != "" && end != "[]" {
			f.refuse("attribute", "open311.attribute_unknown")
			continue
		}
		var values []string
		for _, v := range f.values[name] {
			if v = strings.TrimSpace(v); v != "" {
				values = append(values, v)
			}
		}
		switch {
		case len(values) > 1:
			f.refuse("attribute["+id+"]", "open311.attribute_one")
		case len(values) == 1:
			f.attribute(asked[i], values[0])
		}
	}
}

// attribute puts one answer in the form's own notation.
func (f *filing) attribute(d *definition.Field, v string) {
	switch datatype(d) {
	case georeport.Number:
		f.tree[d.ID] = json.Number(v)
		if !json.Valid([]byte(v)) || strings.ContainsAny(v, `"[{tfn`) {
			f.refuse("attribute["+d.ID+"]", "open311.number")
			delete(f.tree, d.ID)
		}
	case georeport.Datetime:
		t, err := georeport.ParseMoment(v, f.zone)
		if err != nil {
			f.refuse("attribute["+d.ID+"]", "open311.moment")
			return
		}
		f.tree[d.ID] = t.In(f.zone).Format(time.DateOnly)
	default:
		f.tree[d.ID] = v
	}
}

// who reads who reports, into the fields that go to the vault. A service without
// such a field never keeps it.
func (f *filing) who() {
	service := f.offer.bound.Service
	for i := range service.Form.Pages {
		for _, d := range definition.Asked(service.Form.Pages[i].Fields) {
			name := identity(d)
			v := f.text(name)
			if name == "first_name" {
				v = strings.TrimSpace(v + " " + f.text("last_name"))
			}
			if name != "" && v != "" {
				f.tree[d.ID] = v
			}
		}
	}
}

// settle answers what a report by this specification leaves open: see usual. Who
// gives no name stays anonymous, and whoever sends a report declares what the
// form wants declared.
func (f *filing) settle() {
	service := f.offer.bound.Service
	if v := service.Vault; v != nil && f.tree[v.Anonymous] == nil && f.text("first_name")+f.text("last_name") == "" {
		f.tree[v.Anonymous] = "ya"
	}
	for i := range service.Form.Pages {
		for _, d := range definition.Asked(service.Form.Pages[i].Fields) {
			if d.Kind == definition.KindDeclaration {
				f.tree[d.ID] = true
			} else if v := usual(service, d); v != "" && f.tree[d.ID] == nil {
				f.tree[d.ID] = v
			}
		}
	}
}

// located names the parameter instead of the form's field in every fault.
func located(err error, o offer) error {
	f := fault.Of(err)
	if f == nil || o.bound == nil {
		return err
	}
	own := parameters(o.bound.Service)
	var rename func(f *fault.Fault) *fault.Fault
	rename = func(f *fault.Fault) *fault.Fault {
		g := *f
		if field := strings.TrimPrefix(f.Field, "/"); field != "" && o.bound.Service.Field(field) != nil {
			if g.Field = own[field]; g.Field == "" {
				g.Field = "attribute[" + field + "]"
			}
		}
		g.More = nil
		for _, m := range f.More {
			g.More = append(g.More, rename(m))
		}
		return &g
	}
	return rename(f)
}

func sortedNames(values url.Values) []string {
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
