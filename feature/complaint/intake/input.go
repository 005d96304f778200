package intake

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/pace"
	"pendopo/kernel/page"
	"pendopo/law/definition"
)

// input is a form as it came from a browser without scripts.
type input struct {
	telling
	faults   []*fault.Fault // of files
	position string         // that a photo has within it
}

// mostFilesOfForm bounds what one form may send.
const mostFilesOfForm = 20

// read takes a form in, part by part. What must be known before the first file is
// kept stands before it in the form.
func (in *Intake) read(r *http.Request) (input, error) {
	i := input{telling: telling{Channel: "portal", Lang: page.Lang(r.Context()), Source: in.source(r), Values: url.Values{}}}
	parts := page.PartsOf(r)
	if parts == nil {
		i.Values = r.PostForm
		return i, in.identify(&i)
	}
	for files := 0; ; {
		part, err := parts.Next()
		if err != nil {
			return i, err
		}
		if part == nil {
			return i, in.identify(&i)
		}
		if part.File == "" {
			if err := i.add(part); err != nil {
				return i, err
			}
			continue
		}
		if files++; files > mostFilesOfForm {
			return i, fault.New(fault.TooLarge, "fault.body_fields")
		}
		if err := in.takeFile(r.Context(), &i, part); err != nil {
			return i, err
		}
	}
}

// add takes a plain field.
func (i *input) add(part *page.Part) error {
	v, err := part.Value()
	if f := i.field(part.Name); err == nil && (f == nil || f.Kind != definition.KindFile) {
		i.Values.Add(part.Name, v) // a file field in which nothing was chosen is left out
	}
	return err
}

func (i *input) field(name string) *definition.Field {
	if i.Bound == nil {
		return nil
	}
	return i.Bound.Service.Field(name)
}

// identify finds the service and the key of a form.
func (in *Intake) identify(i *input) (err error) {
	if i.Bound != nil {
		return nil
	}
	if i.Bound, err = in.service(i.Values.Get("service"), i.Channel); err != nil {
		return err
	}
	i.Key = i.Values.Get("key")
	i.Stream, err = in.held(context.Background(), i.Key)
	return err
}

// takeFile keeps one file, or notes why it was not taken.
func (in *Intake) takeFile(ctx context.Context, i *input, part *page.Part) (err error) {
	if err = in.identify(i); err != nil {
		return err
	}
	f := i.field(part.Name)
	if f == nil || f.Kind != definition.KindFile {
		return fault.New(fault.Malformed, "fault.body_malformed")
	}
	if i.Stream == "" {
		if i.Stream, err = in.hold(ctx, i.Bound, i.Key, i.Channel, i.Lang, i.Source); err != nil {
			return err
		}
	}
	whole, err := io.ReadAll(io.LimitReader(part, attachment.Limit(*f)+1))
	if err != nil {
		return err
	}
	if i.position == "" {
		i.position = position(whole)
	}
	b, err := in.Attachments.Take(i.Stream, *f, part.File, bytes.NewReader(whole))
	if err == nil {
		i.Values.Add(f.ID, b.ID)
		return nil
	}
	if fault.Of(err).Field != f.ID {
		return err
	}
	i.faults = append(i.faults, fault.Of(err))
	_, err = io.Copy(io.Discard, part)
	return err
}

// settle puts together, for every question for files, what was kept before and
// what came now, without what is taken back.
func (in *Intake) settle(i *input) {
	field, gone, _ := strings.Cut(i.Values.Get("_remove"), ":")
	for _, f := range fieldsOf(i.Bound.Service) {
		if f.Kind != definition.KindFile {
			continue
		}
		ids := append(slices.Clone(i.Values[f.ID+"-had"]), i.Values[f.ID]...)
		ids = slices.DeleteFunc(ids, func(id string) bool {
			if f.ID == field && id == gone {
				_ = in.Attachments.Remove(i.Stream, id) // one that nobody names is swept after a day
				return true
			}
			_, err := in.Attachments.File(i.Stream, id)
			return i.Stream == "" || err != nil
		})
		i.Values[f.ID] = ids
		i.Values.Del(f.ID + "-had")
	}
}

// dropFiles forgets the files of a form: they belong to what was sent before.
func (i input) dropFiles() {
	for _, f := range fieldsOf(i.Bound.Service) {
		if f.Kind == definition.KindFile {
			i.Values.Del(f.ID)
		}
	}
}

// formCookie is the browser's own, that every form of this site needs.
const formCookie = "form"

// source is where a request comes from.
func (in *Intake) source(r *http.Request) source {
	s := source{Network: pace.Network(in.Address(r))}
	if c, err := r.Cookie(formCookie); err == nil && len(c.Value) < 100 {
		s.Device = c.Value
	}
	return s
}

// withFiles joins what is wrong with files to what is wrong with the rest. A file
// that was refused is not said to be missing as well.
func withFiles(cause error, files []*fault.Fault) error {
	if len(files) == 0 {
		return cause
	}
	all := slices.Clone(files)
	if f := fault.Of(cause); f != nil {
		if f.Kind != fault.Invalid {
			return cause
		}
		for _, m := range f.More {
			if !slices.ContainsFunc(files, func(o *fault.Fault) bool { return o.Field == m.Field }) {
				all = append(all, m)
			}
		}
	}
	return fault.Join(all)
}

// bound is the service of a request of a script.
func (in *Intake) bound(r *http.Request) (*casework.Bound, error) {
	return in.service(r.Header.Get("Report-Service"), "portal")
}
