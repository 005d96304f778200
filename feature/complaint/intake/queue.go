package intake

import (
	"encoding/json"
	"net/http"
	"strconv"

	"pendopo/engine/attachment"
	"pendopo/engine/caseview"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
)

// A report that waits on a telephone comes in pieces, which a script of ours
// sends: web/static/outbox.js. Each request names the key of its report in a
// header: whoever drew the key may go on with it, from any page.

// refusal is what the script is told when something is not taken.
type refusal struct {
	Text   string          `json:"text"`
	Errors []refusedAnswer `json:"errors,omitempty"`
}

type refusedAnswer struct {
	Field string `json:"field,omitempty"` // id of the element that a link leads to
	Text  string `json:"text"`
}

// queued is around what the script asks for: faults become JSON.
func (in *Intake) queued(do func(w http.ResponseWriter, r *http.Request) (any, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		page.Private(w)
		out, err := do(w, r)
		status := http.StatusOK
		if err != nil {
			f := fault.Of(err)
			if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
				return err
			}
			out, status = in.refused(r, f), f.Status()
			if wait := f.RetryAfter(); wait != "" {
				w.Header().Set("Retry-After", wait)
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(out) // a reader that has gone needs no answer
		return nil
	}
}

func (in *Intake) refused(r *http.Request, f *fault.Fault) refusal {
	words := page.Words(r.Context())
	out := refusal{Text: words.TMap(f.Key, f.Args)}
	b, err := in.bound(r)
	if err != nil {
		return out
	}
	if _, items, err := caseview.Faults(b.Service, words, f); err == nil {
		for _, i := range items {
			out.Errors = append(out.Errors, refusedAnswer{Field: i.Field, Text: i.Text})
		}
	}
	return out
}

// ready tells the script what it needs before it sends: a token of this browser,
// and which form is live.
func (in *Intake) ready(_ http.ResponseWriter, r *http.Request) (any, error) {
	b, err := in.service(r.URL.Query().Get("service"), "portal")
	if err != nil {
		return nil, err
	}
	return map[string]string{"token": page.Token(r), "definition": b.Hash}, nil
}

// pieceState is how far a file has come.
type pieceState struct {
	ID     string `json:"id"`
	Offset int64  `json:"offset"`
	Whole  bool   `json:"whole"`
}

func stateOf(up attachment.Upload, err error) (any, error) {
	id := up.ID
	if up.Whole {
		id = up.Blob.ID // which answers name
	}
	return pieceState{ID: id, Offset: up.Offset, Whole: up.Whole}, err
}

// fileOf finds the report and the question that a file belongs to.
func (in *Intake) fileOf(r *http.Request) (stream string, f definition.Field, err error) {
	b, err := in.bound(r)
	if err != nil {
		return "", f, err
	}
	field := b.Service.Field(r.PathValue("field"))
	if field == nil || field.Kind != definition.KindFile {
		return "", f, fault.New(fault.Unknown, "attachment.unknown")
	}
	stream, err = in.hold(r.Context(), b, r.Header.Get("Report-Key"), "portal", page.Lang(r.Context()), in.source(r))
	return stream, *field, err
}

// beginFile opens a file of Upload-Length bytes; the same number of the same
// report is the same file.
func (in *Intake) beginFile(_ http.ResponseWriter, r *http.Request) (any, error) {
	stream, f, err := in.fileOf(r)
	if err != nil {
		return nil, err
	}
	name, err := page.ReadBody(r)
	if err != nil {
		return nil, err
	}
	size, err := strconv.ParseInt(r.Header.Get("Upload-Length"), 10, 64)
	number, bad := strconv.Atoi(r.Header.Get("Report-File"))
	if err != nil || bad != nil {
		return nil, fault.New(fault.Malformed, "fault.body_malformed")
	}
	return stateOf(in.Attachments.Begin(attachment.Sent{Stream: stream, Field: f, Name: string(name), Size: size,
		Key: "report file " + strconv.Itoa(number), Request: []byte(strconv.FormatInt(size, 10))}))
}

func (in *Intake) statusOfFile(_ http.ResponseWriter, r *http.Request) (any, error) {
	stream, f, err := in.fileOf(r)
	if err != nil {
		return nil, err
	}
	return stateOf(in.Attachments.Status(stream, r.PathValue("id"), f))
}

// addPiece takes the bytes from Upload-Offset on.
func (in *Intake) addPiece(_ http.ResponseWriter, r *http.Request) (any, error) {
	stream, f, err := in.fileOf(r)
	if err != nil {
		return nil, err
	}
	offset, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil {
		return nil, fault.New(fault.Malformed, "fault.body_malformed")
	}
	return stateOf(in.Attachments.Continue(stream, r.PathValue("id"), f, offset, r.Body))
}

// sent is what the script shows of a report that went out.
type sent struct {
	Code    string `json:"code"`
	Secret  string `json:"secret"`
	Receipt string `json:"receipt"` // address of its receipt, which this browser may open
}

// send accepts a report. The same key again is answered as the first time.
func (in *Intake) send(w http.ResponseWriter, r *http.Request) (any, error) {
	b, err := in.bound(r)
	if err != nil {
		return nil, err
	}
	if err := r.ParseForm(); err != nil {
		return nil, fault.New(fault.Malformed, "fault.body_malformed")
	}
	t := telling{Bound: b, Key: r.Header.Get("Report-Key"), Channel: "portal", Lang: page.Lang(r.Context()), Source: in.source(r), Values: r.PostForm}
	if t.Stream, err = in.held(r.Context(), t.Key); err != nil {
		return nil, err
	}
	a, err := in.take(r.Context(), t)
	if err != nil {
		return nil, err
	}
	return sent{Code: a.Code, Secret: a.Secret, Receipt: in.Portal.HandOver(w, a.Code, a.Secret)}, nil
}
