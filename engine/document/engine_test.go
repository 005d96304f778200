package document

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pendopo/kernel/blob"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
	"pendopo/test/testkit"
)

// office is an engine with real stores and a casework that can be made to fail.
type office struct {
	*Engine
	t      *testing.T
	stream string
	now    time.Time

	product      Product
	productFails error
	issuedFails  error
	products     atomic.Int64
	mu           sync.Mutex
	issued       []Issued
}

func (o *office) Product(context.Context, string) (Product, error) {
	o.products.Add(1)
	return o.product, o.productFails
}

func (o *office) Issued(_ context.Context, _ string, facts Issued) error {
	if o.issuedFails != nil {
		return o.issuedFails
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.issued = append(o.issued, facts)
	return nil
}

func newOffice(t *testing.T, url string) *office {
	t.Helper()
	ctx, dir := context.Background(), t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	instance, err := seal.CreateInstance(filepath.Join(dir, "instance"), "tirtanegara.example/log")
	must(err)
	keys, err := seal.OpenKeys(ctx, "sqlite:"+filepath.Join(dir, "keys.db"), instance)
	must(err)
	t.Cleanup(func() { keys.Close() })
	blobs, err := blob.Open(ctx, "sqlite:"+filepath.Join(dir, "blob.db"))
	must(err)
	t.Cleanup(func() { blobs.Close() })
	d := testkit.Open(t, url, db.Options{})
	must(d.Migrate(ctx, "document", Schema()))
	catalogue, err := page.LoadCatalogue(os.DirFS("../../web/locale"), false)
	must(err)
	o := &office{t: t, now: time.Now()}
	o.Engine = New(Deps{DB: d, Keys: keys, Instance: instance, Blobs: blobs, Cases: o, Words: catalogue, Base: sampleBase, Zone: jakarta,
		Now: func() time.Time { return o.now }})
	o.stream, _, err = keys.Take()
	must(err)
	tpl, in := domicile(t)
	o.product = Product{Template: tpl, Government: in.Government, Unit: in.Unit, Place: in.Place, Lang: "id", Values: in.Values,
		Number: in.Number, Date: o.now.In(jakarta), ValidUntil: o.now.In(jakarta).AddDate(0, 3, 0), Signatory: in.Signatory}
	return o
}

func onBoth(t *testing.T, test func(t *testing.T, o *office)) {
	testkit.OnBothURL(t, func(t *testing.T, url string) { test(t, newOffice(t, url)) })
}

func (o *office) run() error {
	return o.Issue(context.Background(), job.Job{Kind: "document.render", Payload: []byte(o.stream)})
}

func (o *office) mustRun() {
	o.t.Helper()
	if err := o.run(); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) file() []byte {
	o.t.Helper()
	r, _, err := o.File(context.Background(), o.stream)
	if err != nil {
		o.t.Fatal(err)
	}
	defer r.Close()
	pdf, err := io.ReadAll(r)
	if err != nil {
		o.t.Fatal(err)
	}
	return pdf
}

func (o *office) stored() int {
	o.t.Helper()
	key, err := o.keys.Get(o.stream)
	if err != nil {
		o.t.Fatal(err)
	}
	list, err := o.blobs.List(o.stream, key)
	if err != nil {
		o.t.Fatal(err)
	}
	return len(list)
}

func (o *office) link() string { return Link(sampleBase, o.issued[0].ID, o.issued[0].Statement) }

// found is the state that each way of asking gives: number, id, code, file.
func (o *office) found(pdf []byte) []State {
	o.t.Helper()
	ctx := context.Background()
	var states []State
	byNumber, err := o.VerifyNumber(ctx, " "+strings.ToLower(o.product.Number)+" ")
	if err != nil {
		o.t.Fatal(err)
	}
	state := Unknown
	for _, v := range byNumber {
		state = v.State
	}
	states = append(states, state)
	for _, ask := range []func() (Verdict, error){
		func() (Verdict, error) { return o.VerifyID(ctx, o.issued[0].ID) },
		func() (Verdict, error) { return o.VerifyPayload(ctx, o.link()) },
		func() (Verdict, error) { return o.VerifyPDF(ctx, pdf) },
	} {
		v, err := ask()
		if err != nil {
			o.t.Fatal(err)
		}
		states = append(states, v.State)
	}
	return states
}

func (o *office) wantAll(want State, pdf []byte) {
	o.t.Helper()
	for i, got := range o.found(pdf) {
		if got != want {
			o.t.Errorf("%s says %s, want %s", [...]string{"number", "id", "code", "file"}[i], got, want)
		}
	}
}

func TestADocumentIsIssuedOnceAndCanBeVerified(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		o.mustRun()
		pdf := o.file()
		o.mustRun() // the job comes again after its lease was lost
		if len(o.issued) != 1 || o.stored() != 1 || !bytes.Equal(pdf, o.file()) {
			t.Errorf("issued %d times, %d files", len(o.issued), o.stored())
		}
		o.wantAll(Valid, pdf)
		v, err := o.VerifyPayload(context.Background(), o.link())
		if err != nil || v.Statement.Proved["nik"] != o.product.Values["nik"] {
			t.Errorf("the code does not prove its values: %+v %v", v, err)
		}
		if id, ok := DocumentID(pdf); !ok || id != o.issued[0].ID {
			t.Error("the file has another identity")
		}
	})
}

func TestACrashBetweenTheStepsNeverDrawsAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		o.productFails = errors.New("planted")
		if o.run() == nil {
			t.Fatal("the planted fault is swallowed")
		}
		o.productFails = nil
		// cut off after the file was stored and before casework knew
		o.issuedFails = fault.New(fault.Unavailable, "fault.store_unavailable")
		if o.run() == nil {
			t.Fatal("the planted fault is swallowed")
		}
		if v, err := o.VerifyNumber(context.Background(), o.product.Number); err != nil || len(v) != 0 {
			t.Errorf("a document that is not issued shows: %v %v", v, err)
		}
		pdf := o.file()
		o.issuedFails = nil
		o.product.Values["name"] = "Someone Else" // what is drawn again would differ
		if _, err := o.blobs.Sweep(o.now.Add(48 * time.Hour)); err != nil {
			t.Fatal(err)
		}
		o.mustRun()
		if !bytes.Equal(pdf, o.file()) || o.stored() != 1 {
			t.Error("the file was drawn again")
		}
		st, err := Verify(o.issued[0].Statement, o.instance.DocumentKeys())
		if err != nil || st.Proved["name"] != "Sekar Ayu Wulandari" {
			t.Errorf("the statement is another one: %v", err)
		}
		// cut off after casework knew: it is told again with the same facts
		err = o.db.Write(func(tx db.Tx) error {
			_, err := tx.Exec(`UPDATE document SET state = ? WHERE id = ?`, rowStored, st.ID.String())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		o.mustRun()
		if len(o.issued) != 2 || o.issued[0].SHA256 != o.issued[1].SHA256 || o.issued[0].Blob != o.issued[1].Blob || !bytes.Equal(o.issued[0].Statement, o.issued[1].Statement) {
			t.Error("casework was told something else")
		}
		o.wantAll(Valid, pdf)
	})
}

func TestRunnersThatMeetMakeOneDocument(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() { _ = o.run() }) // those that come second may fail; the job runs again
		}
		wait.Wait()
		o.mustRun()
		for _, facts := range o.issued {
			if facts.SHA256 != o.issued[0].SHA256 || facts.Blob != o.issued[0].Blob || facts.ID != o.issued[0].ID {
				t.Error("casework was told of two documents")
			}
		}
		if _, err := o.blobs.Sweep(o.now.Add(48 * time.Hour)); err != nil {
			t.Fatal(err)
		}
		if o.stored() != 1 {
			t.Errorf("%d files stay", o.stored())
		}
		o.wantAll(Valid, o.file())
	})
}

func TestTheFileIsSaltedByItsStreamsKey(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	o.mustRun()
	key, err := o.keys.Get(o.stream)
	if err != nil {
		t.Fatal(err)
	}
	salt := saltOf(key)
	if !bytes.Contains(o.file(), []byte("<"+hexOf(salt[:])+">]")) {
		t.Error("the file lacks the salt")
	}
	if _, other, err := o.keys.Take(); err != nil || saltOf(other) == salt {
		t.Errorf("another stream has the same salt: %v", err)
	}
}

func TestTheIdentityStaysWhenDrawingFails(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	o.product.Values["name"] = "Sekar 阿"
	if err := o.run(); fault.Of(err) == nil || fault.Of(err).Key != "document.unprintable" {
		t.Fatal(err)
	}
	w, err := o.begin(context.Background(), o.stream)
	if err != nil || w.state != rowNumbered {
		t.Fatalf("%+v %v", w, err)
	}
	o.product.Values["name"] = "Sekar Ayu Wulandari"
	o.mustRun()
	if o.issued[0].ID != w.id {
		t.Error("a second identity was drawn")
	}
}

func TestAlteredAndStrangeFilesAreTold(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	o.mustRun()
	pdf := o.file()
	changed := bytes.Clone(pdf)
	changed[len(changed)/2] ^= 1
	_, in := domicile(t)
	stranger := rendered(t, o.product.Template, in)
	for name, c := range map[string]struct {
		pdf  []byte
		want State
	}{
		"one bit": {changed, Altered}, "something behind": {append(bytes.Clone(pdf), "\n% x"...), Altered},
		"another's": {stranger, Unknown}, "a stub": {[]byte("%PDF-1.7"), Unknown},
		"our identity pasted in": {[]byte("%PDF-1.7\n/ID [<" + o.issued[0].ID.String() + ">]"), Altered},
	} {
		if v, err := o.VerifyPDF(context.Background(), c.pdf); err != nil || v.State != c.want {
			t.Errorf("%s: %s, %v; want %s", name, v.State, err, c.want)
		}
	}
	for name, c := range map[string]struct {
		pdf  []byte
		kind fault.Kind
	}{"a photo": {[]byte("\xff\xd8\xff\xe0"), fault.WrongType}, "nothing": {nil, fault.WrongType}, "too large": {make([]byte, MaxPDF+1), fault.TooLarge}} {
		if _, err := o.VerifyPDF(context.Background(), c.pdf); !fault.Is(err, c.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExpiryRevocationAndVoidShow(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		o.mustRun()
		pdf := o.file()
		last := o.product.ValidUntil
		o.now = time.Date(last.Year(), last.Month(), last.Day(), 23, 59, 0, 0, jakarta)
		o.wantAll(Valid, pdf)
		o.now = o.now.Add(2 * time.Minute)
		o.wantAll(Expired, pdf)
		revoke := func(tx db.Tx) error { return Revoke(tx, o.issued[0].ID, "wrong_data", o.now) }
		if err := o.db.Write(revoke); err != nil {
			t.Fatal(err)
		}
		o.wantAll(Revoked, pdf)
		if err := o.db.Write(revoke); !fault.Is(err, fault.Conflict) {
			t.Errorf("revoked twice: %v", err)
		}
		o.mustRun() // a late retry of the job does not bring it back
		o.wantAll(Revoked, pdf)
	})
}

func TestAVoidNumberShowsItsReason(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	o.issuedFails = errors.New("planted")
	if o.run() == nil {
		t.Fatal("the planted fault is swallowed")
	}
	err := o.db.Write(func(tx db.Tx) error {
		id, err := Of(tx, o.stream)
		return errors.Join(err, MakeVoid(tx, id, "withdrawn", o.now))
	})
	if err != nil {
		t.Fatal(err)
	}
	v, err := o.VerifyNumber(context.Background(), o.product.Number)
	if err != nil || len(v) != 1 || v[0].State != Void || v[0].Fact.Reason != "withdrawn" {
		t.Errorf("%+v %v", v, err)
	}
	o.issuedFails = nil
	o.mustRun()
	if len(o.issued) != 0 {
		t.Error("a void number was issued")
	}
}

func TestVerificationGoesOnAfterShredding(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		o.mustRun()
		pdf := o.file()
		if err := o.keys.Shred(o.stream); err != nil {
			t.Fatal(err)
		}
		if err := o.blobs.Delete(o.stream); err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.File(context.Background(), o.stream); !fault.Is(err, fault.Gone) {
			t.Errorf("the file of a shredded case: %v", err)
		}
		if err := o.db.Write(func(tx db.Tx) error { return Forget(tx, o.stream) }); err != nil {
			t.Fatal(err)
		}
		if _, _, err := o.File(context.Background(), o.stream); !fault.Is(err, fault.Gone) {
			t.Errorf("the file of a shredded case, when its row is empty too: %v", err)
		}
		o.wantAll(Valid, pdf)
		if err := o.run(); err != nil {
			t.Errorf("a job that comes after shredding: %v", err)
		}
	})
}

func TestAStatementThatIsNotListedIsTold(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	o.mustRun()
	keyID, private := o.instance.DocumentKey()
	st, err := Verify(o.issued[0].Statement, o.instance.DocumentKeys())
	if err != nil {
		t.Fatal(err)
	}
	other := st
	other.ID = NewID()
	changed := st
	changed.Number = "474/999"
	for _, c := range []struct {
		st   Statement
		want State
	}{{other, Unlisted}, {changed, Altered}} {
		payload, err := Sign(c.st, keyID, private)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := o.VerifyPayload(context.Background(), Link(sampleBase, c.st.ID, payload)); err != nil || v.State != c.want {
			t.Errorf("%s %v, want %s", v.State, err, c.want)
		}
	}
	_, key, _ := sampleKey()
	forged, err := Sign(st, keyID, key)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.VerifyPayload(context.Background(), Link(sampleBase, st.ID, forged)); fault.Of(err) == nil || fault.Of(err).Key != "document.forged" {
		t.Errorf("forged: %v", err)
	}
}

// What a stolen database would show. The control plants a value in a table and
// must find it, so the search can fail.
func TestTheTablesHoldNoPersonalValue(t *testing.T) {
	onBoth(t, func(t *testing.T, o *office) {
		o.mustRun()
		personal := []string{o.product.Values["name"], o.product.Values["nik"], o.product.Values["address"]}
		if found := o.search(personal); found != "" {
			t.Errorf("%q is in a table", found)
		}
		err := o.db.Write(func(tx db.Tx) error {
			_, err := tx.Exec(`UPDATE document SET reason = ?`, o.product.Values["name"])
			return err
		})
		if err != nil || o.search(personal) == "" {
			t.Fatalf("the control is not found: %v", err)
		}
	})
}

func (o *office) search(words []string) string {
	o.t.Helper()
	var all bytes.Buffer
	err := o.db.Read(context.Background(), func(tx db.Tx) error {
		var id, kind, number, key, state, reason, stream, template, blobID, sealedHash string
		var sum, statement []byte
		err := tx.Row(`SELECT d.id, kind, number, number_key, state, reason, sha256, stream, template, blob, sealed_hash, statement
			FROM document d JOIN document_work w ON w.id = d.id`).
			Scan(&id, &kind, &number, &key, &state, &reason, &sum, &stream, &template, &blobID, &sealedHash, &statement)
		for _, s := range []string{id, kind, number, key, state, reason, stream, template, blobID, sealedHash, string(sum), string(statement)} {
			all.WriteString(s + "\n")
		}
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, w := range words {
		if strings.Contains(all.String(), w) {
			return w
		}
	}
	return ""
}

func TestALostDatabaseIsUnavailable(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	o.mustRun()
	if err := o.db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := o.VerifyNumber(context.Background(), "1"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
}
