package casework

import (
	"context"
	"slices"

	"pendopo/kernel/seal"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
)

// uploadsGiven are the files among what whoever acts answers.
func uploadsGiven(b *Bound, c fold.Case, cmd flow.Command) (ids []string) {
	if len(cmd.Given) == 0 {
		return nil
	}
	for _, step := range b.Service.Flow.Steps {
		if !c.At(step.ID) || cmd.Step != "" && cmd.Step != step.ID {
			continue
		}
		if asked := b.Form.Action(step.ID, cmd.Action); asked != nil {
			ids = append(ids, asked.Uploads(cmd.Given)...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// reseal copies the papers among the answers to some fields under the key of
// another stream. What is to be brought to the counter stays as it is said.
func (e *Engine) reseal(ctx context.Context, fields []*definition.Field, a form.Answers, from, stream string, key seal.StreamKey) (form.Answers, error) {
	old, err := e.keys.Get(from)
	if err != nil {
		return nil, err
	}
	out := form.Answers{}
	for id, v := range a {
		out[id] = v
		uploads, is := v.([]string)
		isFile := slices.ContainsFunc(fields, func(f *definition.Field) bool { return f.ID == id && f.Kind == definition.KindFile })
		if !is || !isFile || slices.Contains(uploads, form.AtCounter) {
			continue
		}
		var copies []string
		for _, upload := range uploads {
			c, err := e.copyFile(ctx, upload, old, stream, key)
			if err != nil {
				return nil, err
			}
			copies = append(copies, c)
		}
		out[id] = copies
	}
	return out, nil
}

// fieldsOf are the fields of a form.
func fieldsOf(s *definition.Service) (out []*definition.Field) {
	for _, p := range s.Form.Pages {
		out = append(out, definition.Asked(p.Fields)...)
	}
	return out
}
