package api

import (
	"context"
	"net/http"
	"time"

	"pendopo/engine/document"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
)

// Lengths of what is verified, in bytes.
const (
	longestNumber  = 200
	longestPayload = 4000
)

type verdicts struct {
	Results []verdict `json:"results" doc:"None when no document has this number."`
}

type verdict struct {
	State     string     `json:"state" doc:"valid, altered, expired, revoked, void, unlisted or unknown."`
	Words     string     `json:"words"`
	Document  *fact      `json:"document,omitempty"`
	Statement *statement `json:"statement,omitempty"`
}

type fact struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	Number     string `json:"number"`
	Date       string `json:"date"`
	ValidUntil string `json:"valid_until,omitempty"`
	Reason     string `json:"reason,omitempty"`
}

// statement is what a code on paper says, to be compared with the paper.
type statement struct {
	Issuer     string            `json:"issuer"`
	Kind       string            `json:"kind"`
	Number     string            `json:"number"`
	Date       string            `json:"date"`
	ValidUntil string            `json:"valid_until,omitempty"`
	Proved     map[string]string `json:"proved"`
	Deemed     string            `json:"deemed,omitempty"`
	Compare    string            `json:"compare"`
}

// verify tells whether a document is genuine: a number or the text of a QR code
// as JSON, or a file as it is.
func (d *Door) verify(w http.ResponseWriter, r *http.Request) error {
	page.Private(w)
	found, err := d.verdicts(r)
	if err != nil {
		return err
	}
	words := page.Words(r.Context())
	out := verdicts{Results: []verdict{}}
	for _, v := range found {
		out.Results = append(out.Results, tellVerdict(v, words))
	}
	return send(w, r, answer{body: out})
}

func (d *Door) verdicts(r *http.Request) ([]document.Verdict, error) {
	if err := contentType(r, "application/json", "application/pdf"); err != nil {
		return nil, err
	}
	if contentType(r, "application/pdf") == nil {
		pdf, err := page.ReadBody(r)
		if err != nil {
			return nil, err
		}
		return one(d.Documents.VerifyPDF(r.Context(), pdf))
	}
	in, err := bodyOf(r)
	if err != nil {
		return nil, err
	}
	number, payload := in.text("number", false, longestNumber), in.text("payload", false, longestPayload)
	if number == "" && payload == "" || number != "" && payload != "" {
		in.faults = append(in.faults, fault.New(fault.Invalid, "api.number_or_payload").At("/number"))
	}
	if err := fault.Join(in.end()); err != nil {
		return nil, err
	}
	if number != "" {
		return d.Documents.VerifyNumber(r.Context(), number)
	}
	return d.verifyPayload(r.Context(), payload)
}

func (d *Door) verifyPayload(ctx context.Context, payload string) ([]document.Verdict, error) {
	found, err := one(d.Documents.VerifyPayload(ctx, payload))
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Malformed) {
		located := *fault.Of(err)
		located.Kind, located.Field = fault.Invalid, "/payload"
		return nil, &located
	}
	return found, err
}

func one(v document.Verdict, err error) ([]document.Verdict, error) {
	return []document.Verdict{v}, err
}

func tellVerdict(v document.Verdict, words *page.Printer) verdict {
	out := verdict{State: string(v.State), Words: words.T("api.verdict_" + string(v.State))}
	if f := v.Fact; f.ID != (document.ID{}) {
		out.Document = &fact{f.ID.String(), f.Kind, f.Number, day(f.Date), day(f.ValidUntil), f.Reason}
	}
	if s := v.Statement; s != nil {
		out.Statement = &statement{s.Issuer, s.Kind, s.Number, day(s.Date), day(s.ValidUntil), s.Proved, s.Deemed, words.T("api.compare")}
	}
	return out
}

// day is a calendar date; empty for none.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("2006-01-02")
}
