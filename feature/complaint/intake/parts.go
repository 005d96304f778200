package intake

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
)

// mostParts bounds a message that comes in parts.
const mostParts = 10

// partsTries is how often a part is put to the others again, when another part of
// the same message came at the same moment.
const partsTries = 20

// whole puts a message together that comes in parts; false while some are missing.
// The parts wait sealed, in a draft of their own, which ends with them.
func (in *Intake) whole(ctx context.Context, gateway, phone string, m texted) (text string, ok bool, err error) {
	of, bad := strconv.Atoi(m.Parts)
	if bad != nil || of <= 1 || m.Ref == "" {
		return m.Text, true, nil
	}
	n, bad := strconv.Atoi(m.Part)
	if bad != nil || n < 1 || n > of || of > mostParts {
		return "", false, fault.New(fault.Invalid, "intake.message_unreadable")
	}
	b := in.texts()
	if b == nil {
		return m.Text, true, nil
	}
	key := hex.EncodeToString(in.Instance.IndexMAC("inbound parts", gateway, phone, m.Ref))
	stream, err := in.hold(ctx, b, key, channelText, "id", source{Sender: phone})
	if err != nil {
		return "", false, err
	}
	for range partsTries {
		text, ok, err = in.join(ctx, stream, n, of, m.Text)
		if !fault.Is(err, fault.Conflict) {
			break
		}
	}
	if fault.Is(err, fault.Gone) { // it was whole before, and this part comes again
		return "", false, nil
	}
	return text, ok, err
}

// join puts one part to the others.
func (in *Intake) join(ctx context.Context, stream string, n, of int, text string) (string, bool, error) {
	d, err := in.Cases.LoadDraft(ctx, stream)
	if err != nil {
		return "", false, err
	}
	had := map[int]string{}
	if d.Note != "" {
		if err := json.Unmarshal([]byte(d.Note), &had); err != nil {
			return "", false, err
		}
	}
	had[n] = text
	if len(had) < of {
		return "", false, in.keepParts(d, had)
	}
	var all strings.Builder
	for i := 1; i <= of; i++ {
		all.WriteString(had[i])
	}
	return all.String(), true, in.keepParts(d, had)
}

func (in *Intake) keepParts(d casework.Draft, had map[int]string) error {
	note, err := json.Marshal(had)
	if err != nil {
		return err
	}
	d.Note = string(note)
	return in.Cases.SaveDraft(d)
}
