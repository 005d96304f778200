package api

import (
	"net/http"
	"slices"
	"strings"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/law/definition"
)

// groupHeader names the upload group of a request about a file.
const groupHeader = "Upload-Group"

// group is the stream that files are handed in to: a draft, or a case that its
// applicant has to complete.
type group struct {
	stream  string
	token   string
	service *definition.Service
	draft   bool
}

// tokenOf is the token of a group: code and secret, joined by a dot.
func (d *Door) tokenOf(stream string) string {
	return d.Cases.Code(stream) + "." + d.Cases.Secret(stream)
}

func errUnknownGroup() *fault.Fault { return fault.New(fault.Unknown, "api.unknown_group") }

// openGroup finds the group of a token.
func (d *Door) openGroup(r *http.Request, token string) (group, error) {
	code, secret, _ := strings.Cut(token, ".")
	f, err := d.unlock(r, code, secret)
	if fault.Is(err, fault.Unknown) {
		return group{}, errUnknownGroup()
	}
	if err != nil {
		return group{}, err
	}
	g := group{stream: f.Stream, token: d.tokenOf(f.Stream), draft: f.Draft}
	if f.Draft {
		g.service, err = d.draftService(r, f.Stream)
	} else {
		g.service, err = d.caseService(r, f.Stream)
	}
	return g, err
}

func (d *Door) draftService(r *http.Request, stream string) (*definition.Service, error) {
	draft, err := d.Cases.LoadDraft(r.Context(), stream)
	if err != nil {
		return nil, err
	}
	return d.definition(r, draft.Definition)
}

// caseService is the service of a case that waits for its applicant, or takes
// messages; to any other case no file can be added.
func (d *Door) caseService(r *http.Request, stream string) (*definition.Service, error) {
	c, err := d.Cases.State(r.Context(), stream)
	if err != nil {
		return nil, err
	}
	b, err := d.definition(r, c.Definition)
	if err != nil {
		return nil, err
	}
	step := b.Step(c.Step)
	fills := c.Open() && step != nil && (step.Kind == definition.StepFill || step.Actor.Who == "applicant" && asksFiles(step))
	if !fills && !b.Messages || c.Shredded {
		return nil, fault.New(fault.Conflict, "api.group_closed")
	}
	return b, nil
}

// asksFiles says whether an action of a step asks for files.
func asksFiles(step *definition.Step) bool {
	return slices.ContainsFunc(step.Actions, func(a definition.Action) bool {
		return slices.ContainsFunc(definition.Asked(a.Fields), func(f *definition.Field) bool { return f.Kind == definition.KindFile })
	})
}

func (d *Door) definition(r *http.Request, hash string) (*definition.Service, error) {
	b, err := d.Cases.Catalogue().At(r.Context(), hash)
	if err != nil {
		return nil, err
	}
	return b.Service, nil
}

// newGroup opens a group for the service that the request names.
func (d *Door) newGroup(r *http.Request, o casework.Once) (group, error) {
	service := r.URL.Query().Get("service")
	if service == "" {
		return group{}, fault.New(fault.Invalid, "api.group_or_service")
	}
	return d.openFor(r, service, o)
}

// openFor opens a draft of a service, which is a group too, once for each key.
func (d *Door) openFor(r *http.Request, service string, o casework.Once) (group, error) {
	b, err := d.live(service)
	if err != nil {
		return group{}, err
	}
	if ok, err := d.opening.Take(pace.Network(d.Address(r))); err != nil {
		return group{}, err
	} else if !ok {
		return group{}, fault.New(fault.TooMany, "casework.too_many")
	}
	stream, err := d.Cases.BeginOnce(r.Context(), casework.Draft{Service: service, Channel: channel, Lang: page.Lang(r.Context())}, o)
	if err != nil {
		return group{}, err
	}
	return group{stream: stream, token: d.tokenOf(stream), service: b.Service, draft: true}, nil
}
