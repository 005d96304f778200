package api

import (
	"fmt"
	"slices"

	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// resolve puts the kept files in the place of the uploads that answers name,
// and checks that each is whole and of a kind and size that its field takes: a
// file may have been handed in for no field, or for another. Files that the
// case has already are theirs.
func (d *Door) resolve(stream string, a form.Answers, b *casework.Bound) error {
	var faults []*fault.Fault
	for _, p := range b.Service.Form.Pages {
		faults = append(faults, d.resolveFields(stream, definition.Asked(p.Fields), a, "/answers/")...)
	}
	for _, f := range faults {
		if f.Kind == fault.Internal || f.Kind == fault.Unavailable {
			return f
		}
	}
	return fault.Join(faults)
}

// resolveFields does so for fields that stand at a pointer, and in the items of
// repeated groups.
func (d *Door) resolveFields(stream string, fields []*definition.Field, a form.Answers, at string) []*fault.Fault {
	var faults []*fault.Fault
	for _, f := range fields {
		if f.Kind == definition.KindGroup {
			items, _ := a[f.ID].([]form.Answers)
			for i, item := range items {
				faults = append(faults, d.resolveFields(stream, definition.Asked(f.Fields), item, fmt.Sprintf("%s%s/%d/", at, f.ID, i))...)
			}
			continue
		}
		ids, _ := a[f.ID].([]string)
		if f.Kind != definition.KindFile || len(ids) == 0 || ids[0] == form.AtCounter {
			continue
		}
		kept, err := d.kept(stream, *f, ids, at)
		if err != nil {
			faults = append(faults, fault.Of(err))
		}
		a[f.ID] = kept
	}
	return faults
}

func (d *Door) kept(stream string, f definition.Field, ids []string, at string) ([]string, error) {
	out := slices.Clone(ids)
	for i, id := range ids {
		up, err := d.Attachments.Status(stream, id, f)
		if err != nil && !fault.Is(err, fault.Unknown) {
			return nil, err
		}
		switch {
		case err != nil || !up.Whole:
			return nil, fault.New(fault.Invalid, "casework.upload_unknown").At(at + f.ID)
		case !fits(up, f):
			return nil, fault.New(fault.Invalid, "api.file_unfit").At(at + f.ID)
		}
		out[i] = up.Blob.ID
	}
	return out, nil
}

// fits says whether a kept file is of a kind and size that a field takes.
func fits(up attachment.Upload, f definition.Field) bool {
	return attachment.Takes(f).Fits(up.Blob.Type) && up.Length <= attachment.Limit(f)
}
