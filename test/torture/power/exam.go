package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pendopo/app"
	"pendopo/engine/attachment"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/ledger"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// exam is one look at a disk as a power cut left it, through the program's own
// code: what opening, signing, verify and every door use.
type exam struct {
	in             *app.Instance
	papers         *attachment.Store
	place          conf.Place
	moment         int // of the cut
	of             *session
	asked, checked int
	red            map[string][]string // by check: what went wrong
}

// examine opens the folder as the next start of the server does and checks
// everything that had been acknowledged before the moment; with start the
// program itself is started on it first.
func examine(folder string, s *session, moment int, start bool) *exam {
	x := &exam{place: conf.Place{Data: filepath.Join(folder, "data"), Node: "node1"}, moment: moment, of: s, red: map[string][]string{}}
	defer func() {
		if p := recover(); p != nil {
			x.wrong(checkOpen, fmt.Errorf("panic: %v", p))
		}
	}()
	if x.missing(); len(x.red) > 0 {
		return x
	}
	if start {
		x.started(folder)
	}
	if err := x.open(); err != nil {
		x.wrong(checkOpen, err)
		return x
	}
	x.sign()
	x.verify()
	x.kept()
	x.once()
	x.destroyed()
	x.wrong(checkOpen, x.in.Close())
	return x
}

// wrong notes a finding; nil is none.
func (x *exam) wrong(check string, err error) {
	if err != nil {
		x.red[check] = append(x.red[check], err.Error())
	}
}

// missing wants the names of folders and files that anything acknowledged
// stands in. Without them the rest has nothing to say.
func (x *exam) missing() {
	acknowledged := slices.ContainsFunc(x.of.effects, func(e *effect) bool { return e.moment < x.moment })
	keys, _ := os.Stat(x.place.InstanceKeys())
	data, _ := os.Stat(x.place.Data)
	if !acknowledged && (keys == nil || data == nil) {
		return // the cut came while the instance was made
	}
	for _, name := range []string{"wrap.key", "index.key", "track.key", "log.key", "document.key", "document.published", "origin"} {
		_, err := os.Stat(filepath.Join(x.place.InstanceKeys(), name))
		x.wrong(checkFolders, err)
	}
	if !acknowledged {
		return
	}
	for _, name := range []string{x.place.Data + "/pendopo.db", x.place.Data + "/blob.db", x.place.InstanceKeys() + "/keys.db"} {
		_, err := os.Stat(name)
		x.wrong(checkFolders, err)
	}
}

// open opens the instance, or makes it anew when the cut came before it was made.
func (x *exam) open() error {
	ctx := context.Background()
	in, err := app.Open(ctx, app.Options{Place: x.place, Base: "http://localhost", Lock: true, Create: true, Origin: "power.example/log"})
	if err != nil {
		return err
	}
	x.in, x.papers = in, attachment.New(in.Keys, in.Blobs)
	if in.Cases.Government() != nil {
		return nil
	}
	_, err = in.Publish(ctx, os.DirFS(x.of.laws))
	return err
}

// sign lets the log take in what waits.
func (x *exam) sign() {
	_, err := x.in.Ledger.Sequence(context.Background())
	x.wrong(checkSign, err)
}

// verify is `pendopo verify`.
func (x *exam) verify() {
	ctx := context.Background()
	x.wrong(checkVerify, x.in.Ledger.Verify(ctx, func(f ledger.Finding) { x.wrong(checkVerify, errors.New(f.String())) }))
	x.wrong(checkVerify, x.in.VerifyRows(ctx, func(words string) { x.wrong(checkVerify, errors.New(words)) }))
}

// newest and older are how many effects are looked for on one disk: the last
// that were acknowledged before the cut, which are in danger, and some before
// them, at even distances. Of those left out verify has read every byte.
const newest, older = 250, 100

// kept checks effects that were acknowledged before the cut.
func (x *exam) kept() {
	var list []*effect
	for _, e := range x.of.effects {
		if e.moment < x.moment {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b *effect) int { return a.moment - b.moment })
	last := max(0, len(list)-newest)
	for i, e := range list {
		if i >= last || i%(last/older+1) == 0 {
			x.checked++
			x.wrong(e.check, e.hold(x))
		}
	}
}

// before reports whether the cut came before something that was asked for only
// after this answer.
func (x *exam) before(a *answer) bool {
	if a == nil {
		return true
	}
	at, known := x.of.answers[*a]
	return !known || x.moment <= at
}

// once finds applicants who have two cases: each applied once.
func (x *exam) once() {
	var streams []string
	err := x.in.DB.Read(context.Background(), func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT stream FROM cases`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			streams = append(streams, s)
		}
		return rows.Err()
	})
	x.wrong(checkCases, err)
	seen := map[string]bool{}
	for _, s := range streams {
		answers, _, err := x.in.Cases.Own(context.Background(), s)
		switch nik := text(answers, "nik"); {
		case fault.Is(err, fault.Gone):
		case err != nil:
			x.wrong(checkKeys, err)
		case seen[nik]:
			x.wrong(checkCases, errors.New("one application is there twice"))
		default:
			seen[nik] = true
		}
	}
}

func text(a form.Answers, id string) string {
	s, _ := a[id].(string)
	return s
}

// unlock finds what a code and its secret open.
func (x *exam) unlock(h *handed) (stream string, draft bool, err error) {
	x.asked++ // from a new address each time: nobody guesses here
	from := fmt.Sprintf("10.%d.%d.%d", byte(x.asked>>16), byte(x.asked>>8), byte(x.asked))
	f, err := x.in.Cases.Unlock(context.Background(), h.Code, h.Secret, from)
	return f.Stream, f.Draft, err
}

// atLeast wants a case of that version or a later one.
func (x *exam) atLeast(h *handed, version int64) error {
	stream, draft, err := x.unlock(h)
	if err != nil || draft {
		return fmt.Errorf("the case of an acknowledged application is lost: %w", errors.Join(err, whether(draft, "its draft is there")))
	}
	c, err := x.in.Cases.State(context.Background(), stream)
	if err == nil && c.Version < version {
		err = fmt.Errorf("an acknowledged action is lost: version %d, not %d", c.Version, version)
	}
	return err
}

func whether(is bool, words string) error {
	if is {
		return errors.New(words)
	}
	return nil
}

// opens wants the sealed answers to be those that were sent.
func (x *exam) opens(h *handed, nik string) error {
	stream, draft, err := x.unlock(h)
	if err != nil || draft {
		return nil // the loss is named by another check
	}
	answers, _, err := x.in.Cases.Own(context.Background(), stream)
	if fault.Is(err, fault.Gone) && !x.before(h.closing) {
		return nil
	}
	if err == nil && (text(answers, "name") != h.name || text(answers, "nik") != nik) {
		err = errors.New("the answers are not those that were sent")
	}
	return err
}

// saved wants a draft with the k-th revision of its page, or a later one.
func (x *exam) saved(h *handed, field string, k int) error {
	stream, _, err := x.unlock(h)
	if err == nil {
		var answers form.Answers
		if answers, err = x.draftOf(stream); err == nil {
			_, last, _ := strings.Cut(text(answers, field), "revisi ")
			n := 0
			fmt.Sscan(last, &n)
			return whether(n < k, fmt.Sprintf("an acknowledged change of a draft is lost: revision %d, not %d", n, k))
		}
	}
	if !x.before(h.closing) {
		return nil // it was on its way out
	}
	return fmt.Errorf("an acknowledged draft is lost: %w", err)
}

func (x *exam) draftOf(stream string) (form.Answers, error) {
	d, err := x.in.Cases.LoadDraft(context.Background(), stream)
	return d.Answers, err
}

// discarded wants a draft to be gone.
func (x *exam) discarded(h *handed) error {
	_, _, err := x.unlock(h)
	if err == nil {
		return errors.New("a draft that was discarded is there again")
	}
	if !fault.Is(err, fault.Unknown) {
		return err
	}
	return nil
}

// destroyed wants at least as many destroyed keys as were acknowledged, and
// none of them to open anything.
func (x *exam) destroyed() {
	acknowledged := 0
	for _, e := range x.of.effects {
		if e.check == checkDestroyed && e.moment < x.moment {
			acknowledged++
		}
	}
	list, err := os.ReadFile(x.in.Instance.ShreddedList())
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		x.wrong(checkDestroyed, err)
	}
	streams := strings.Fields(string(list))
	if len(streams) < acknowledged {
		x.wrong(checkDestroyed, fmt.Errorf("%d keys are listed as destroyed, %d were acknowledged", len(streams), acknowledged))
	}
	for _, s := range streams {
		if _, err := x.in.Keys.Get(s); !fault.Is(err, fault.Gone) {
			x.wrong(checkDestroyed, fmt.Errorf("a destroyed key: %v", err))
		}
	}
}

// shredded wants the answers of a case to be out of reach for good.
func (x *exam) shredded(h *handed) error {
	stream, _, err := x.unlock(h)
	if err != nil {
		return err
	}
	gone, err := x.in.Keys.Destroyed(stream)
	return errors.Join(err, whether(err == nil && !gone, "the key of a destroyed case is there"))
}

// group wants the draft, or by now the case, that papers were sent to.
func (x *exam) group(s *sent) error {
	_, _, err := x.unlock(s.holder())
	return err
}

func (s *sent) holder() *handed {
	code, secret, _ := strings.Cut(s.Group, ".")
	return &handed{Code: code, Secret: secret}
}

// reached wants the bytes of a paper up to an offset, and all of it once whole.
func (x *exam) reached(s *sent, offset int64) error {
	stream, _, err := x.unlock(s.holder())
	if err != nil {
		return nil // the loss is named by another check
	}
	field := definition.Field{ID: "surat_pengantar", Kind: definition.KindFile}
	up, err := x.papers.Status(stream, s.Upload, field)
	if err != nil {
		return fmt.Errorf("an acknowledged piece is lost: %w", err)
	}
	if up.Offset < offset {
		return fmt.Errorf("an acknowledged piece is lost: %d bytes, not %d", up.Offset, offset)
	}
	if !up.Whole {
		return whether(offset == int64(len(s.data)), "an acknowledged file is not whole")
	}
	r, _, err := x.papers.Open(context.Background(), stream, up.Blob.ID)
	if err != nil {
		return err
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	return errors.Join(err, whether(err == nil && !bytes.Equal(data, s.data), "a file is not what was sent"))
}

// continued wants the log to extend a head that was shown, and heads/ to hold
// the one before: no head is signed while its forerunner is not kept there.
func (x *exam) continued(head, before string) error {
	if err := x.in.Ledger.VerifyHead([]byte(head)); err != nil {
		return fmt.Errorf("a head that was shown: %w", err)
	}
	if before == "" {
		return nil
	}
	files, err := filepath.Glob(filepath.Join(x.place.Heads(), "*.heads"))
	for _, f := range files {
		kept, e := os.ReadFile(f)
		if err = errors.Join(err, e); bytes.Contains(kept, []byte(before)) {
			return err
		}
	}
	return errors.Join(err, errors.New("a head that was shown is not kept in heads/"))
}

// hasOfficer wants an officer who was added, with the name that was given.
func (x *exam) hasOfficer(login, name string) error {
	id, err := x.in.Identity.FindLogin(context.Background(), login)
	if err != nil {
		return err
	}
	n, err := x.in.Identity.Name(context.Background(), id)
	return errors.Join(err, whether(err == nil && n.Full != name, "an officer has another name"))
}
