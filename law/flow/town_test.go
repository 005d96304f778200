package flow_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"pendopo/government"
	"pendopo/kernel/event"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/rule"
)

// town is the demo government, compiled as far as deciding needs it.
type town struct {
	t        testing.TB
	g        *definition.Government
	clocks   map[string]deadline.Clock
	services map[string]*bound
}

type bound struct {
	*definition.Service
	form  *form.Form
	rules *rule.Program
}

func newTown(t testing.TB) *town {
	t.Helper()
	w, err := theTown()
	if err != nil {
		t.Fatal(err)
	}
	own := *w
	own.t, own.services = t, map[string]*bound{}
	for id, b := range w.services {
		own.services[id] = &bound{b.copy(t), b.form, b.rules}
	}
	return &own
}

// copy is the definition for a test to change.
func (b *bound) copy(t testing.TB) *definition.Service {
	raw, err := json.Marshal(b.Service)
	s := &definition.Service{}
	if err := errors.Join(err, json.Unmarshal(raw, s)); err != nil {
		t.Fatal(err)
	}
	return s
}

// theTown is read, proven and compiled once for all tests; nothing writes into it.
var theTown = sync.OnceValues(func() (*town, error) {
	fsys, err := withTestdata()
	if err != nil {
		return nil, err
	}
	g, findings := definition.Read(fsys)
	if definition.Failed(findings) {
		return nil, fmt.Errorf("%v", findings)
	}
	for _, f := range definition.Check(fsys) {
		if strings.Contains(f.File, "/uji-") {
			return nil, fmt.Errorf("%v", f) // what these tests walk is proven like any other
		}
	}
	files := map[string][]byte{}
	for _, c := range g.Calendars {
		files[c.Path] = c.Data
	}
	set, err := deadline.ParseCalendar(files)
	if err != nil {
		return nil, err
	}
	w := &town{g: g, clocks: map[string]deadline.Clock{}, services: map[string]*bound{}}
	for _, u := range g.Units {
		office, err := set.Office(deadline.UnitSpec{Calendar: u.Calendar, Zone: g.Profile.Zone, Region: g.Profile.Code, Hours: u.Hours})
		if err != nil {
			return nil, err
		}
		w.clocks[u.ID] = deadline.Clock{Set: set, Office: office}
	}
	return w, w.compile()
})

// compile makes the services that are walked ready.
func (w *town) compile() error {
	for _, s := range w.g.Services {
		if !slices.Contains(walked(), s.ID) {
			continue
		}
		p, problems := rule.Compile(s)
		if len(problems) > 0 {
			return fmt.Errorf("%v", problems)
		}
		w.services[s.ID] = &bound{s, form.New(s, p).With(w.g.RegionSet()), p}
	}
	return nil
}

// walked are the services that these tests send cases through: two of the demo
// and those of testdata, which take every way that a flow can.
func walked() []string {
	return append([]string{"surat-keterangan-domisili", "sip-bidan", "uji-izin", "uji-kartu"}, complaints()...)
}

// complaints are those of them by which people tell something, and by which units
// help each other with it.
func complaints() []string {
	return []string{"pengaduan", "pengaduan-pengawasan", "perintah-kerja", "bantuan-unit", "cek-lapangan"}
}

// withTestdata is the demo government with the services of testdata beside its own.
func withTestdata() (fs.FS, error) {
	all := fstest.MapFS{}
	for _, from := range []fs.FS{government.FS, os.DirFS("testdata")} {
		err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(from, name)
			all[name] = &fstest.MapFile{Data: data}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// run is one case in memory: decided by flow, folded by fold.
type run struct {
	*town
	b       *bound
	now     time.Time
	state   fold.Case
	events  []event.Event
	answers form.Answers
}

func (w *town) begin(service string, now time.Time) *run {
	return &run{town: w, b: w.services[service], now: now, answers: answers(service)}
}

// do decides a command and, when it is accepted, applies its events.
func (r *run) do(c flow.Command, f flow.Facts) error {
	res, err := flow.Decide(flow.Input{
		Service: r.b.Service, Form: r.b.form, Rules: r.b.rules, State: r.state, Answers: r.answers,
		Clock: r.clock, Command: c, Facts: f, Now: r.now,
	})
	if err != nil {
		return err
	}
	r.keepsApart(res)
	for _, d := range res.Drafts {
		if d.Series != "" {
			d.Change.Number = "1/TEST"
		}
		clear, err := json.Marshal(d.Change)
		if err != nil {
			r.t.Fatal(err)
		}
		e := event.Event{
			Stream: "s", Version: r.state.Version + 1, Kind: d.Kind, Schema: fold.Schema, Clear: clear,
			Entered: r.now, Received: r.now, Definition: "d",
		}
		if c.Do == flow.DoSubmit {
			e.Received = f.Received
		}
		r.events = append(r.events, e)
		r.corrected(d.Change)
		applied := fold.Apply(r.state, e, d.Change)
		if r.state, err = fold.Fold(r.state, e); err != nil {
			r.t.Fatal(err)
		}
		r.sameRow(applied)
	}
	return nil
}

func (w *town) clock(unit string) (deadline.Clock, error) {
	c, ok := w.clocks[unit]
	if !ok {
		return c, errors.New("no such unit")
	}
	return c, nil
}

// corrected are the answers as officers have corrected them.
func (r *run) corrected(ch fold.Change) {
	for id, v := range ch.Answers {
		if ch.Action != "submit" && r.b.Field(id) != nil {
			r.answers[id] = v
		}
	}
}

// keepsApart wants nothing of a reporter's identity in any event.
func (r *run) keepsApart(res flow.Result) {
	raw, err := json.Marshal(res.Drafts)
	if err != nil {
		r.t.Fatal(err)
	}
	for id, v := range r.answers {
		if f := r.b.Field(id); f != nil && f.Vault && strings.Contains(string(raw), v.(string)) {
			r.t.Fatalf("%s stands in an event", id)
		}
	}
}

// sameRow wants what was folded from a change itself to be stored as what was
// folded from the event that it became.
func (r *run) sameRow(applied fold.Case) {
	got, err1 := json.Marshal(applied)
	want, err2 := json.Marshal(r.state)
	if err := errors.Join(err1, err2); err != nil || string(got) != string(want) {
		r.t.Fatalf("%v\n got %s\nwant %s", err, got, want)
	}
}

func (r *run) submit(received time.Time) error {
	unit, err := r.g.UnitFor(r.b.Unit, r.answers)
	if err != nil {
		r.t.Fatal(err)
	}
	return r.do(flow.Command{Do: flow.DoSubmit, By: applicant, Answers: r.answers},
		r.arrives(flow.Facts{Stream: "s", Channel: "portal", Lang: "id", Unit: unit, Received: received}))
}

// arrives says how a case of this service comes: some only from another case,
// some with an identity that is kept apart.
func (r *run) arrives(f flow.Facts) flow.Facts {
	if !r.b.Open() {
		f.Channel, f.Parent = "internal", "p"
	}
	if r.b.Vault != nil {
		f.Vault, f.Flags = "v", []string{"flood_place"}
	}
	return f
}

// at is what an officer does at a step of the case, whoever's turn it is there.
func (r *run) at(step, action string, with func(*flow.Command)) error {
	seen := r.state.In(step)
	c := flow.Command{Do: flow.DoAct, Action: action, Step: step, By: seen.Holder, Seen: r.state.Version, Checks: r.checksOf(step, true)}
	if with != nil {
		with(&c)
	}
	return r.do(c, flow.Facts{})
}

// act lets whoever's turn it is do an action.
func (r *run) act(action string) error {
	return r.do(flow.Command{Do: flow.DoAct, Action: action, By: r.state.Holder, Seen: r.state.Version, Checks: r.checks(true)}, flow.Facts{})
}

// checks judges every line of the present step's list.
func (r *run) checks(good bool) map[string]bool { return r.checksOf(r.state.Step, good) }

func (r *run) checksOf(step string, good bool) map[string]bool {
	out := map[string]bool{}
	if s := r.b.Step(step); s != nil {
		for _, c := range s.Checklist {
			out[c.ID] = good
		}
	}
	return out
}

var (
	applicant = fold.Holder{Who: "applicant"}
	system    = fold.Holder{Who: "system"}
)

func answers(service string) form.Answers {
	paper := []string{form.AtCounter}
	if slices.Contains(complaints(), service) {
		return told(service)
	}
	if service == "uji-izin" {
		return form.Answers{"name": "Sekar Ayu", "nik": "3360015104960001", "scale": "besar", "area": int64(60), "ktp": paper}
	}
	if service == "uji-kartu" {
		return form.Answers{"name": "Sekar Ayu", "nik": "3360015104960001", "ktp": paper}
	}
	if service == "sip-bidan" {
		return form.Answers{
			"name": "Arum Melati", "nik": "3360015203940041", "birth_place": "Banyusekar", "birth_date": "1994-03-12",
			"phone": "+6281200000041", "home_address": "Jalan Cempaka 4", "str_number": "0000012345", "str_date": "2023-05-15",
			"str_validity": "seumur_hidup", "facility_kind": "klinik", "facility_name": "Klinik Sekar",
			"facility_region": "33.60.01.1001", "facility_address": "Jalan Seruni 8", "practice_order": "pertama",
			"permohonan": paper, "ktp": paper, "pasfoto": paper, "surat_sehat": paper, "ijazah": paper, "str": paper,
			"rekomendasi_ibi": paper, "surat_pimpinan": paper, "declaration": true,
		}
	}
	return form.Answers{
		"name": "Sekar Ayu", "nik": "3360015104960001", "birth_place": "Banyusekar", "birth_date": "1996-04-11", "sex": "perempuan",
		"phone": "+6281200000001", "region": "33.60.01.1001", "street": "Jalan Kemuning 3", "rt": int64(2), "rw": int64(1),
		"lives_since": "2019-08-01", "occupation": "bekerja", "purpose": "bank",
		"surat_pengantar": paper, "ktp": paper, "declaration": true,
	}
}

// told is what a report says.
func told(service string) form.Answers {
	a := form.Answers{"what": "Jalan depan pasar berlubang sejak minggu lalu.", "region": "33.60.01.1001", "point": "-7.06000,110.93950"}
	switch service {
	case "pengaduan":
		a["kind"], a["category"], a["confidential"] = "pengaduan", "sampah", "tidak"
	case "pengaduan-pengawasan":
		a["category"], a["accused_unit"] = "pungli", "Petugas loket"
	default:
		return a
	}
	a["photos"], a["anonymous"], a["name"], a["phone"] = []string{"upload-photo"}, "tidak", "Sekar Ayu Pelapor", "+6281200000077"
	return a
}

// wib is a moment of office time in the demo government.
func wib(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, time.FixedZone("WIB", 7*3600))
	if err != nil {
		panic(err)
	}
	return t
}
