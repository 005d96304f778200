package advice

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"
	"time"

	"pendopo/engine/attachment"
	"pendopo/engine/caseview"
	"pendopo/engine/casework"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
	"pendopo/law/form"
	"pendopo/law/near"
	"pendopo/law/redact"
	"pendopo/law/routing"
)

// Deps is what an adviser stands on.
type Deps struct {
	Cases    *casework.Engine
	Files    *attachment.Store
	Instance *seal.Instance
	Reports  *report.Table
	Log      *slog.Logger
	Now      func() time.Time
}

// Adviser answers the desk. It is safe for use by many goroutines.
type Adviser struct {
	Deps
	sketcher *near.Sketcher
	learned  atomic.Pointer[learned]
}

// New makes an adviser that has learned nothing yet.
func New(d Deps) *Adviser {
	return &Adviser{Deps: d, sketcher: near.NewSketcher(d.Instance.IndexMAC("report sketch"))}
}

// matter is a report that is looked at: its row, what it says, and its service.
type matter struct {
	row     report.Report
	title   string
	text    string
	service *definition.Service
	photos  []string
}

func (m matter) said() string { return m.title + "\n" + m.text }

// read puts together what there is to know of a case from its answers.
func (a *Adviser) read(ctx context.Context, c fold.Case, answers form.Answers) (m matter, ok bool, err error) {
	b, err := a.Cases.Catalogue().At(ctx, c.Definition)
	if err != nil || b.Service.Public == nil {
		return m, false, err
	}
	m.row, err = a.Reports.Stream(ctx, c.Stream)
	if fault.Is(err, fault.Unknown) {
		return m, false, nil
	}
	public := b.Service.Public
	m.service = b.Service
	m.title, _ = answers[public.Title].(string)
	m.text, _ = answers[public.Text].(string)
	m.photos = caseview.IDs(answers[public.Photos])
	return m, err == nil, err
}

// mostUnits are suggested; one that is less likely than this, beside a likelier
// one, only distracts.
const (
	mostUnits  = 3
	leastShown = 0.03
)

// Advise says what speaks for which unit, kind and category, and which reports
// may be the same. A case without a public side gets no advice.
func (a *Adviser) Advise(ctx context.Context, c fold.Case, answers form.Answers) (caseview.Advice, error) {
	m, ok, err := a.read(ctx, c, answers)
	if err != nil || !ok {
		return caseview.Advice{}, err
	}
	l, err := a.known(ctx)
	if err != nil {
		return caseview.Advice{}, err
	}
	v := panel{names: a.names(page.Words(ctx))}
	v.units = l.unit.Suggest(m.said(), tags(m.row.Category, m.row.Region), routing.Hints(v.names.government, m.service, m.row.Category, m.row.Region), mostUnits)
	v.units = slices.DeleteFunc(v.units, func(g routing.Guess) bool { return g.Chance < leastShown })
	picks := map[string]string{}
	public := m.service.Public
	v.kind = other(l.kind.Suggest(m.said(), nil, nil, 1), m.row.Kind, public.Kind, m.service, picks)
	v.category = other(l.category.Suggest(m.said(), nil, nil, 1), m.row.Category, public.Category, m.service, picks)
	if v.same, err = a.same(ctx, m); err != nil {
		return caseview.Advice{}, err
	}
	v.category.field, v.kind.field = public.Category, public.Kind
	v.service = m.service
	return v.advice(m, picks), nil
}

// surely is from what chance on another answer than the reporter's is suggested:
// he knows best what he means.
const surely = 0.6

// remark is an answer that may be another.
type remark struct {
	field string
	guess *routing.Guess
}

// other remarks on an answer that is probably another, and picks it.
func other(guesses []routing.Guess, now, field string, s *definition.Service, picks map[string]string) remark {
	f := s.Field(field)
	if len(guesses) == 0 || f == nil || guesses[0].Label == now || guesses[0].Chance < surely || !offers(f, guesses[0].Label) {
		return remark{}
	}
	picks[field] = guesses[0].Label
	return remark{guess: &guesses[0]}
}

func offers(f *definition.Field, choice string) bool {
	for _, c := range f.Choices {
		if c.ID == choice {
			return true
		}
	}
	return false
}

// Redact proposes the words for everybody: those that were told, masked. A report
// without a title gets the name of its category.
func (a *Adviser) Redact(ctx context.Context, c fold.Case, answers form.Answers) (title, text string, err error) {
	m, ok, err := a.read(ctx, c, answers)
	if err != nil || !ok {
		return "", "", err
	}
	title, text = redact.Mask(m.title), redact.Mask(m.text)
	if title == "" {
		title = a.names(page.Words(ctx)).choice(m.service, m.service.Public.Category, m.row.Category)
	}
	return cut(title, flow.MostTitle), text, nil
}

// cut is the beginning of a text, at most so many characters.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
