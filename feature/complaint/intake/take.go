package intake

import (
	"context"
	"net/url"
	"strings"

	"pendopo/engine/casework"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// telling is a report as it came, by whatever way.
type telling struct {
	Bound   *casework.Bound
	Key     string // drawn where it was written: however often it comes, it is one report
	Channel string
	Lang    string
	Source  source
	Values  url.Values // as typed; files by their ids
	Stream  string     // that holds the files; "" without any
}

// The scopes of keys: of what holds the files of a report, and of the report.
const (
	scopeHold = "report/hold"
	scopeSend = "report/send"
)

// once is the key of a report with what was typed. Its files are not part of it:
// sent twice at the same moment they are kept twice.
func (t telling) once() casework.Once {
	typed := url.Values{}
	for name, values := range t.Values {
		if f := t.Bound.Service.Field(strings.TrimSuffix(name, "-had")); f != nil && f.Kind == definition.KindFile {
			continue
		}
		if !strings.HasPrefix(name, "_") && name != "key" {
			typed[name] = values
		}
	}
	return casework.Once{Scope: scopeSend, Key: t.Key, Request: []byte(typed.Encode())}
}

// hold gives the stream that holds the files of a report: the one that its key
// opened before, or a new one.
func (in *Intake) hold(ctx context.Context, b *casework.Bound, key, channel, lang string, from source) (string, error) {
	once := casework.Once{Scope: scopeHold, Key: key, Request: []byte(b.Service.ID)}
	if err := once.Check(); err != nil {
		return "", err
	}
	used, err := in.Cases.StreamOf(ctx, once)
	if err != nil {
		return "", err
	}
	if used == "" {
		if err := in.limits.wait("report begin", from.Network); err != nil {
			return "", err
		}
	}
	return in.Cases.BeginOnce(ctx, casework.Draft{Service: b.Service.ID, Channel: channel, Lang: lang}, once)
}

// held is the stream that a key holds files in, "" when there is none.
func (in *Intake) held(ctx context.Context, key string) (string, error) {
	return in.Cases.StreamOf(ctx, casework.Once{Scope: scopeHold, Key: key})
}

// take accepts a report, once. What is not acceptable about it is Invalid, with
// every place; a form that has changed since it was read is a Conflict; who sends
// masses is told when to come again (TooMany).
func (in *Intake) take(ctx context.Context, t telling) (casework.Accepted, error) {
	once := t.once()
	if err := once.Check(); err != nil {
		return casework.Accepted{}, err
	}
	if a, before, err := in.Cases.Earlier(ctx, once); before || err != nil {
		return a, err
	}
	if read := t.Values.Get("definition"); read != "" && read != t.Bound.Hash {
		return casework.Accepted{}, fault.New(fault.Conflict, "intake.form_changed")
	}
	answers, err := in.answers(t)
	if err != nil {
		return casework.Accepted{}, err
	}
	if err := in.limits.admit(t.Source); err != nil {
		return casework.Accepted{}, err
	}
	flags, err := in.limits.flags(t.Source, rolesOf(t.Bound.Service), answers)
	if err != nil {
		return casework.Accepted{}, err
	}
	a, err := in.Cases.Submit(ctx, casework.Submission{
		Service: t.Bound.Service.ID, Definition: t.Bound.Hash, Channel: t.Channel, Lang: t.Lang,
		Draft: t.Stream, Answers: answers, Once: once, Flags: flags,
	})
	if fault.Is(err, fault.Gone) || db.IsConflict(err) { // the same key at the same moment
		if earlier, before, other := in.Cases.Earlier(ctx, once); before || other != nil {
			return earlier, other
		}
	}
	return a, err
}

// answers reads what was typed, page by page, as the form asks it.
func (in *Intake) answers(t telling) (form.Answers, error) {
	f := t.Bound.Form
	env := form.Env{Answers: form.Answers{}, Today: in.Now().In(in.Cases.Catalogue().Zone()), Channel: t.Channel}
	var faults []*fault.Fault
	for _, p := range t.Bound.Service.Form.Pages {
		if len(f.Tree(p.ID, env, t.Values)) == 0 {
			continue
		}
		got, err := f.ParsePage(p.ID, t.Values, env.Answers, env)
		env.Answers = got
		if err == nil {
			continue
		}
		flt := fault.Of(err)
		if len(flt.More) == 0 {
			return nil, err
		}
		faults = append(faults, flt.More...)
	}
	if len(faults) > 0 {
		return env.Answers, fault.Join(faults)
	}
	return f.Check(env.Answers, env)
}

// words puts a service into words.
func (in *Intake) zoned(words *page.Printer, b *casework.Bound) pageWords {
	return pageWords{Printer: words, Government: in.Cases.Government(), Service: b.Service, Zone: in.Cases.Catalogue().Zone()}
}
