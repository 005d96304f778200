package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/kernel/blob"
	"pendopo/kernel/db"
	"pendopo/kernel/job"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// submitting is what a life does first.
const submitting = flow.DoSubmit

// worker prepares. It has an engine of its own on a clock of its own, because
// each of its cases lives at another moment.
type worker struct {
	town   *town
	engine *casework.Engine
	now    time.Time
}

func newWorker(ctx context.Context, t *town) (*worker, error) {
	w := &worker{town: t}
	clock := func() time.Time { return w.now }
	w.engine = casework.New(casework.Deps{
		DB: t.DB, Keys: t.Keys, Instance: t.Instance.Instance, Ledger: t.Ledger, Jobs: job.NewRunner(t.DB, clock), Blobs: t.Blobs,
		Log: t.Log, Now: clock, Node: t.Place.Node,
	})
	return w, w.engine.Load(ctx)
}

// turn prepares what happens next to a life.
func (w *worker) turn(ctx context.Context, t *turn, drawn int) error {
	w.now = t.life.at
	switch t.life.do {
	case submitting:
		return w.submit(t)
	case flow.DoLapse:
		return w.act(ctx, t, flow.Command{Do: flow.DoLapse, Deadline: t.life.action, By: fold.Holder{Who: "system"}}, "")
	case flow.DoIssued:
		if drawn > 0 && t.life.n%drawn == t.life.n/drawn%drawn { // not always the same service
			t.draw = true
			return nil
		}
		return w.issued(ctx, t)
	}
	return w.deed(ctx, t)
}

func (w *worker) submit(t *turn) error {
	l, r := t.life, t.life.r
	region := w.town.regions[r.IntN(len(w.town.regions))]
	p := personOf(r.IntN(1+l.n*3/5+1000), w.now)
	s := casework.Submission{Service: "surat-keterangan-domisili", Channel: "portal", Lang: "id", Answers: p.domicile(r, region, w.now)}
	if l.n%5 == 0 {
		s.Service, s.Answers = "sip-bidan", p.licence(r, region, w.now)
	}
	if l.chance(30) {
		s.Lang = "en"
	}
	switch {
	case l.n%4 == 0:
		w.counter(&s, region, l)
	case l.n%20 == 1:
		s.Channel = "api"
	}
	s.Once = once(s.Channel+"/submit", l)
	var m *casework.Move
	var err error
	l.held, m, err = w.engine.HoldSubmit(s)
	t.moves = append(t.moves, m)
	return err
}

// counter makes a matter one that an officer typed in, some of them from paper
// that had come before.
func (w *worker) counter(s *casework.Submission, region string, l *life) {
	unit, role := "dpmptsp", "petugas_ptsp"
	if s.Service != "sip-bidan" {
		for _, u := range w.town.Cases.Government().Units {
			if u.Region == region {
				unit, role = u.ID, "petugas_layanan"
			}
		}
	}
	s.Channel, s.Actor, s.By = "counter", w.town.officer(unit, role, l.n), fold.Holder{Who: "role", Role: role, Unit: unit}
	if l.chance(250) {
		s.Received, s.Evidence = w.now.Add(-time.Duration(5+l.r.IntN(120))*time.Minute), "queue_ticket"
	}
}

// once is the key of a request.
func once(scope string, l *life) casework.Once {
	key := strconv.FormatUint(l.r.Uint64(), 36) + strconv.FormatUint(l.r.Uint64(), 36) + strconv.FormatUint(l.r.Uint64(), 36)
	return casework.Once{Scope: scope, Key: key, Request: []byte(key)}
}

// deed is what a person does: the applicant, or the officer whose turn it is,
// who mostly opens the answers before.
func (w *worker) deed(ctx context.Context, t *turn) error {
	l := t.life
	step := w.town.service(l.held.State.Service).Step(l.step)
	a := step.Action(l.action)
	if a == nil {
		return fmt.Errorf("no action %q", l.action)
	}
	c := flow.Command{Do: flow.DoAct, Action: a.ID, By: fold.Holder{Who: "applicant"}}
	switch a.Kind {
	case definition.ActWithdraw, definition.ActDeliver, definition.ActObject:
		return w.act(ctx, t, c, "")
	case definition.ActSubmit:
		c.Answers = l.held.Answers
		return w.act(ctx, t, c, "")
	}
	c.By = l.held.State.Holder
	actor := w.town.officer(c.By.Unit, c.By.Role, l.n)
	if err := w.look(t, casework.Reader{Actor: actor, By: c.By, Purpose: casework.PurposeHandle}); err != nil {
		return err
	}
	l.judge(&c, step, a)
	return w.act(ctx, t, c, actor)
}

// look opens the answers a little before the deed.
func (w *worker) look(t *turn, r casework.Reader) error {
	if !t.life.chance(looks) {
		return nil
	}
	w.now = t.life.at.Add(-min(time.Duration(10+t.life.r.IntN(90))*time.Second, t.life.at.Sub(t.life.held.State.Changed)/2))
	m, err := w.engine.HoldOpening(t.life.held, r)
	if m != nil {
		t.moves = append(t.moves, m)
	}
	w.now = t.life.at
	return err
}

// judge fills in what an officer says with an action.
func (l *life) judge(c *flow.Command, step *definition.Step, a *definition.Action) {
	c.Checks = map[string]bool{}
	for _, line := range step.Checklist {
		c.Checks[line.ID] = true
	}
	switch {
	case a.Kind == definition.ActReturn && len(step.Checklist) > 0:
		bad := step.Checklist[l.r.IntN(min(3, len(step.Checklist)))].ID
		c.Checks[bad] = false
		c.Defects = []flow.Defect{{ID: bad, Words: "Berkas tidak terbaca. Mohon dikirim foto yang lebih jelas, dengan semua sudut terlihat."}}
	case a.Kind == definition.ActReject:
		c.Reason = a.Reasons[l.r.IntN(len(a.Reasons))].ID
	case a.Kind == definition.ActForward && l.chance(200):
		c.Note = "Sudah dicocokkan dengan daftar tenaga kesehatan."
	}
}

func (w *worker) act(ctx context.Context, t *turn, c flow.Command, actor string) error {
	o := casework.Once{}
	switch {
	case c.By.Who == "applicant":
		o = once("portal/"+t.life.held.State.Stream+"/"+c.Action, t.life)
	case actor != "":
		o = once("desk/"+actor+"/act", t.life)
	}
	m, err := w.engine.HoldAct(ctx, t.life.held, c, actor, flow.Facts{}, o)
	t.moves = append(t.moves, m)
	return err
}

// issued stands in for drawing the document: a small file with its number
// instead of a letter, signed and sealed like one.
func (w *worker) issued(ctx context.Context, t *turn) error {
	h := t.life.held
	b, err := w.engine.Catalogue().At(ctx, h.State.Definition)
	if err != nil {
		return err
	}
	note, err := w.engine.HoldOpening(h, casework.Reader{Actor: "system", By: fold.Holder{Who: "system"}, Purpose: casework.PurposeDocument})
	if err != nil {
		return err
	}
	if note != nil {
		t.moves = append(t.moves, note)
	}
	i := document.Issued{
		ID: document.NewID(), Number: h.State.Number, Date: w.now.In(w.town.days.zone), Template: w.town.template[b.Service.ID],
		ValidUntil: validity(b.Service.Product.Validity, w.now.In(w.town.days.zone)),
	}
	if err := w.sign(&i, b, h.Answers); err != nil {
		return err
	}
	content := standIn(i)
	sum := sha256.Sum256(content)
	file, err := blob.SealWhole(h.State.Stream, h.Key(), blob.Info{Name: "document.pdf", Type: "application/pdf"}, content)
	if err != nil {
		return err
	}
	t.files = append(t.files, file)
	i.SHA256, i.Blob, i.SealedHash = hex.EncodeToString(sum[:]), file.ID, hex.EncodeToString(file.SealedHash[:])
	facts := flow.Facts{Statement: i.Statement, Document: &fold.Document{
		ID: i.ID.String(), Hash: i.SealedHash, SHA256: i.SHA256, Template: i.Template, Blob: i.Blob, Date: i.Date.UTC(), Until: i.ValidUntil.UTC(),
	}}
	m, err := w.engine.HoldAct(ctx, h, flow.Command{Do: flow.DoIssued, By: fold.Holder{Who: "system"}}, "", facts, casework.Once{})
	if err != nil {
		return err
	}
	at, stream, kind, key := w.now, h.State.Stream, b.Template.ID, h.Key()
	m.Also(func(tx db.Tx) error { return document.TakeIn(tx, stream, kind, i, key, at) })
	t.moves = append(t.moves, m)
	return nil
}

// sign makes the statement that the code on the paper would carry.
func (w *worker) sign(i *document.Issued, b *casework.Bound, answers form.Answers) error {
	id, private := w.town.Instance.Instance.DocumentKey()
	st := document.Statement{
		Issuer: w.town.Cases.Government().Profile.Name.In("id"), Kind: b.Template.ID, Number: i.Number, Date: dayOf(i.Date), ValidUntil: dayOf(i.ValidUntil),
		ID: i.ID, Proved: map[string]string{},
	}
	for _, field := range b.Template.Proved {
		if v, ok := answers[field].(string); ok {
			st.Proved[field] = v
		}
	}
	var err error
	i.Statement, err = document.Sign(st, id, private)
	return err
}

// dayOf is a calendar date at 00:00 UTC.
func dayOf(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// validity is the last day of "6 months" or "5 years" from a day on.
func validity(span string, from time.Time) time.Time {
	n, unit, _ := strings.Cut(span, " ")
	count, _ := strconv.Atoi(n)
	y, m, d := from.Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, from.Location())
	if strings.HasPrefix(unit, "year") {
		return day.AddDate(count, 0, 0)
	}
	return day.AddDate(0, count, 0)
}

// standIn is a PDF of one empty page that says which document it stands for.
func standIn(i document.Issued) []byte {
	return fmt.Appendf(nil, "%%PDF-1.4\n%% stands in for %s, number %s\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"+
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n", i.ID, i.Number)
}
