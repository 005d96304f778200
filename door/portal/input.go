package portal

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pendopo/engine/attachment"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/form"
	"pendopo/web/component/upload"
)

// input is what one page sent: plain fields, and files already kept.
type input struct {
	url.Values
	faults []*fault.Fault // of files
}

// mostFilesOfPage bounds what one page may send.
const mostFilesOfPage = 20

// read takes a page in, url-encoded or part by part. Files are kept as they
// come; one that a field does not take is a located fault, and the rest goes on.
func (p *Portal) read(r *http.Request, stream string, s *definition.Service) (input, error) {
	return p.readFor(r, stream, func(name string) *definition.Field { return asked(s, name) })
}

// readFor is read for a page whose questions are found by their names.
func (p *Portal) readFor(r *http.Request, stream string, question func(name string) *definition.Field) (input, error) {
	parts := page.PartsOf(r)
	if parts == nil {
		return input{Values: r.PostForm}, nil
	}
	in := input{Values: url.Values{}}
	for files := 0; ; {
		part, err := parts.Next()
		if err != nil || part == nil {
			return in, err
		}
		f := question(part.Name)
		if f == nil || f.Kind != definition.KindFile {
			v, err := part.Value()
			if err != nil {
				return in, err
			}
			in.Add(part.Name, v)
			continue
		}
		if part.File == "" {
			continue // nothing was chosen
		}
		if files++; files > mostFilesOfPage {
			return in, fault.New(fault.TooLarge, "fault.body_fields")
		}
		if err := p.takeFile(&in, stream, *f, part); err != nil {
			return in, err
		}
	}
}

// takeFile keeps one file, or notes why it was not taken.
func (p *Portal) takeFile(in *input, stream string, f definition.Field, part *page.Part) error {
	b, err := p.Attachments.Take(stream, f, part.File, part)
	if err == nil {
		in.Add(f.ID, b.ID)
		return nil
	}
	flt := fault.Of(err)
	if flt.Field != f.ID {
		return err
	}
	in.faults = append(in.faults, flt)
	_, err = io.Copy(io.Discard, part)
	return err
}

// fileQuestions are the questions for files of a page as it was sent, by their names:
// also those of substitutes, and of every item of a group.
func fileQuestions(fields []definition.Field, sent url.Values) []definition.Field {
	var out []definition.Field
	for _, f := range definition.Asked(fields) {
		switch f.Kind {
		case definition.KindFile:
			out = append(out, *f)
		case definition.KindGroup:
			for i := range form.Items(sent, f.ID) {
				for _, inner := range fileQuestions(f.Fields, nil) {
					inner.ID = f.ID + "." + strconv.Itoa(i) + "." + inner.ID
					out = append(out, inner)
				}
			}
		}
	}
	return out
}

// asked is the question that a name on a page stands for; nil when there is none.
func asked(s *definition.Service, name string) *definition.Field {
	group, rest, inside := strings.Cut(name, ".")
	f := s.Field(group)
	if f == nil || !inside {
		return f
	}
	number, inner, _ := strings.Cut(rest, ".")
	if i, err := strconv.Atoi(number); err != nil || i < 0 || i >= definition.MostItems || f.Kind != definition.KindGroup {
		return nil
	}
	for _, x := range definition.Asked(f.Fields) {
		if x.ID == inner {
			found := *x
			found.ID = name
			return &found
		}
	}
	return nil
}

// kept are the files that answers have under a name.
func kept(answers form.Answers, name string) []string {
	group, rest, inside := strings.Cut(name, ".")
	if inside {
		number, inner, _ := strings.Cut(rest, ".")
		items, _ := answers[group].([]form.Answers)
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i >= len(items) {
			return nil
		}
		answers, name = items[i], inner
	}
	ids, _ := answers[name].([]string)
	return ids
}

// settle puts together, for every file field of a page, what was kept before,
// what came now, what is taken back and what is brought to the counter.
func (p *Portal) settle(in input, stream string, fields []definition.Field, had func(name string) []string) {
	field, file, _ := strings.Cut(in.Get("_remove"), ":")
	for _, f := range fileQuestions(fields, in.Values) {
		ids := slices.DeleteFunc(slices.Clone(had(f.ID)), func(id string) bool { return id == form.AtCounter })
		ids = append(ids, in.Values[f.ID]...)
		if f.ID == field {
			ids = p.without(stream, ids, file)
		}
		if f.Counter && in.Get(f.ID+"-counter") != "" {
			for _, id := range slices.Clone(ids) {
				ids = p.without(stream, ids, id)
			}
			ids = []string{form.AtCounter}
		}
		if len(ids) > 0 {
			in.Values[f.ID] = ids
		} else {
			in.Del(f.ID)
		}
	}
}

// changesItems reports that a button of a group of a page was pressed, to add an
// item or to take one away, and not that of the page.
func changesItems(in input, fields []definition.Field) bool {
	group, _, _ := strings.Cut(in.Get("remove")+in.Get("add"), ".")
	return slices.ContainsFunc(fields, func(f definition.Field) bool { return f.ID == group && f.Kind == definition.KindGroup })
}

// added makes room for the item that was asked for and gives its name, or that of
// the group of which one was taken away: where the reader goes on.
func added(in input) (focus string) {
	if group := in.Get("add"); group != "" {
		form.AddItem(in.Values, group)
		return group + "." + strconv.Itoa(form.Items(in.Values, group)-1)
	}
	return ""
}

// without drops a file; one that cannot be removed now is swept later.
func (p *Portal) without(stream string, ids []string, id string) []string {
	if slices.Contains(ids, id) {
		_ = p.Attachments.Remove(stream, id) // unclaimed files are swept after a day
	}
	return slices.DeleteFunc(ids, func(other string) bool { return other == id })
}

// files describes the kept files that some answers name.
func (p *Portal) files(stream string, words *page.Printer, answers form.Answers) map[string]upload.File {
	out := map[string]upload.File{}
	list := []form.Answers{answers}
	for _, v := range answers {
		items, _ := v.([]form.Answers)
		list = append(list, items...)
	}
	for _, some := range list {
		p.describe(stream, words, some, out)
	}
	return out
}

func (p *Portal) describe(stream string, words *page.Printer, answers form.Answers, out map[string]upload.File) {
	for _, v := range answers {
		ids, _ := v.([]string)
		for _, id := range ids {
			if b, err := p.Attachments.File(stream, id); err == nil {
				out[id] = upload.File{ID: id, Name: b.Name, Size: words.Size(b.Received)}
			}
		}
	}
}

// takes says in words what a file field takes.
func takes(words *page.Printer) func(definition.Field) string {
	return func(f definition.Field) string {
		return words.T("portal.takes_"+attachment.Takes(f).Words(), "most", int(attachment.Limit(f)>>20))
	}
}
