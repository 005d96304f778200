package casework

import (
	"context"
	"regexp"
	"strings"

	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// inLine is an answer that a line of an address names.
var inLine = regexp.MustCompile(`\{([a-z][a-z0-9_]*)\}`)

// postal is the name and the lines below it as they stand on an envelope; nothing
// where one of both is missing.
func postal(b *Bound, a form.Answers, lang string) (name string, lines []string) {
	f := b.Service.NameField()
	if f == nil || len(b.Service.Postal) == 0 {
		return "", nil
	}
	answered := false
	for _, line := range b.Service.Postal {
		named, said := false, false
		text := inLine.ReplaceAllStringFunc(line, func(p string) string {
			v := onEnvelope(b, b.Service.Field(p[1:len(p)-1]), a, lang)
			named, said = true, said || v != ""
			return v
		})
		if named && !said {
			continue
		}
		answered = answered || said
		lines = append(lines, oneLine(text))
	}
	if name = oneLine(onEnvelope(b, f, a, lang)); name == "" || !answered {
		return "", nil
	}
	return name, lines
}

// onEnvelope is an answer as the post reads it.
func onEnvelope(b *Bound, f *definition.Field, a form.Answers, lang string) string {
	if f == nil || a[f.ID] == nil {
		return ""
	}
	return b.Form.Show(*f, a[f.ID], lang, nil)
}

// oneLine keeps a text of several lines from taking more room than it was given.
func oneLine(s string) string {
	var parts []string
	for _, line := range strings.Split(s, "\n") {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			parts = append(parts, strings.TrimRight(line, ","))
		}
	}
	return strings.Join(parts, ", ")
}

// ReadAddress writes that an officer reads the address of a case's applicant to
// send a letter. It stands in the record before the address is opened.
func (e *Engine) ReadAddress(ctx context.Context, stream, officer string, by fold.Holder) error {
	c, err := e.state(ctx, stream)
	if err != nil {
		return err
	}
	if c.Shredded {
		return errShredded()
	}
	return e.note(ctx, stream, Reader{Actor: officer, By: by, Purpose: PurposeLetter})
}

// Post commits what an officer did with a letter, the how manieth time of this
// notice. Where the record says so many already, after a crash of the caller, it
// does nothing.
func (e *Engine) Post(ctx context.Context, stream, officer string, by fold.Holder, p flow.Post, nth int) error {
	kind := fold.Posted
	if p.Back != "" {
		kind = fold.CameBack
	}
	return retry(func() error {
		before, err := e.present(ctx, stream)
		if err != nil {
			return err
		}
		said, err := e.said(ctx, before, func(k string, ch fold.Change) bool { return k == kind && ch.Notice == p.Notice })
		if err != nil || said >= nth {
			return err
		}
		_, err = e.command(ctx, before, flow.Command{Do: flow.DoPost, By: by}, act{actor: officer, facts: flow.Facts{Post: &p}})
		return err
	})
}
