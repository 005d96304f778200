package portal

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"slices"

	"pendopo/kernel/blob"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/fold"
	"pendopo/web/component/receipt"
	"pendopo/web/component/slip"
)

// receiptView is the proof that an application was received.
type receiptView struct {
	Receipt receipt.View
	Slip    slip.View
	Track   string
	File    string
	Steps   []string // what happens now
	Dates   []string // by when
}

// receipt shows the code, and the secret while it is new to its owner.
func (p *Portal) receipt(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.ownCase(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	words := f.Words.Printer
	v := receiptView{Track: f.path(""), File: f.path("/receipt.json"),
		Receipt: receipt.View{Title: words.T("portal.slip_title"), Text: words.Moment(f.Case.Received.In(f.Words.Zone)), Code: f.Code}}
	if _, err := r.Cookie(newCookie); err == nil {
		v.Receipt.Secret = p.Cases.Secret(f.Case.Stream)
	}
	if v.Slip, err = p.slip(f); err != nil {
		return err
	}
	for _, t := range f.Bound.Service.Standard.Procedure {
		v.Steps = append(v.Steps, words.Of(t))
	}
	if len(v.Steps) > 1 {
		v.Steps = v.Steps[1:] // the first is what has just been done
	}
	v.Dates = f.dates()
	return p.private(w, r, words.T("portal.receipt_title"), receiptPage(v))
}

// dates are by when what comes next is due, and all of it.
func (f found) dates() (out []string) {
	for _, d := range f.Case.Deadlines {
		if d.State != fold.Running || d.Due.IsZero() {
			continue
		}
		what := f.Words.Step(d.ID)
		if d.ID == fold.CaseDeadline {
			what = f.Words.Printer.T("portal.receipt_all")
		}
		out = append(out, f.Words.Printer.T("portal.receipt_due", "what", what, "due", f.Words.Printer.Day(d.Due.In(f.Words.Zone))))
	}
	return out
}

// slip is the paper to take along.
func (p *Portal) slip(f found) (slip.View, error) {
	words := f.Words.Printer
	g := p.Cases.Government()
	v := slip.View{House: words.Of(g.Profile.Name), Title: words.T("portal.slip_title"), Code: f.Code,
		Facts: []string{words.Of(f.Bound.Service.Name), words.T("portal.slip_received", "moment", words.Moment(f.Case.Received.In(f.Words.Zone)))},
		Bring: labels(words, f.Bound.Service, f.Case.Pending)}
	if f.Case.Fee != nil {
		v.Facts = append(v.Facts, words.T("caseview.fee")+": "+f.Words.Fee(f.Case))
	}
	if u := g.Unit(f.Case.Unit); u != nil {
		v.Where = words.Of(u.Name) + ", " + u.Address
	}
	var err error
	v.QR, v.Address, err = f.Words.TrackCode(p.Base, f.Code)
	return v, err
}

// receiptFile is the signed promise, for whoever wants to check the record.
func (p *Portal) receiptFile(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.ownCase(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	rec, err := p.Cases.Receipt(r.Context(), f.Case.Stream)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(rec, "", "  ")
	if err != nil {
		return err
	}
	page.Private(w)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Disposition", attachmentNamed("tanda-terima-"+f.Code+".json"))
	_, err = w.Write(data)
	return written(err)
}

// documentFile gives the product to its holder.
func (p *Portal) documentFile(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.ownCase(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	if f.Case.Made != nil && f.Case.Made.File != nil {
		return p.madeFile(w, r, f)
	}
	file, b, err := p.Documents.File(r.Context(), f.Case.Stream)
	if err != nil {
		return err
	}
	b.Name = f.Bound.Service.ID + "-" + f.Code + ".pdf"
	return send(w, r, file, b)
}

// attachmentFile gives the applicant back what they sent.
func (p *Portal) attachmentFile(w http.ResponseWriter, r *http.Request) error {
	f, elsewhere, err := p.ownCase(r)
	if err != nil {
		return err
	}
	if elsewhere != "" {
		return redirect(w, r, elsewhere)
	}
	id := r.PathValue("id")
	mine, err := p.meant(r.Context(), f, id)
	if err == nil && !mine {
		err = fault.New(fault.Unknown, "attachment.unknown")
	}
	if err != nil {
		return err
	}
	file, b, err := p.Attachments.Open(r.Context(), f.Case.Stream, id)
	if err != nil {
		return err
	}
	return send(w, r, file, b)
}

// meant says whether a file of the case is for its applicant: sent by them, or
// brought along by an officer for them to see.
func (p *Portal) meant(ctx context.Context, f found, id string) (bool, error) {
	answers, _, err := p.Cases.Own(ctx, f.Case.Stream)
	if err != nil || slices.Contains(f.Bound.Form.Uploads(answers), id) {
		return err == nil, err
	}
	said, err := p.spoken(ctx, f)
	return slices.Contains(f.Words.Meant(p.reader(f), said), id), err
}

// send hands a kept file out as a download.
func send(w http.ResponseWriter, r *http.Request, file io.ReadCloser, b blob.Blob) error {
	defer file.Close()
	return page.Hand(w, r, page.File{Name: b.Name, Type: b.Type, Size: b.Received}, file)
}

func attachmentNamed(name string) string {
	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}

// written drops what goes wrong while an answer is already on its way: there is
// nobody left to tell, and a page of a fault would be part of the file.
func written(error) error { return nil }
