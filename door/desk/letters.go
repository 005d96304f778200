package desk

import (
	_ "embed"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pendopo/engine/caseview"
	"pendopo/engine/notify"
	"pendopo/kernel/fault"
	"pendopo/law/flow"
	"pendopo/law/policy"
	"pendopo/web/component/actions"
	"pendopo/web/component/choice"
	"pendopo/web/component/date"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/field"
	"pendopo/web/scope"
)

//go:embed letters.css
var letterCSS string

var letterSheet = scope.Sheet{Name: "letters", CSS: letterCSS}

// soonPage is how long before a letter leaves the tray unposted it is marked: the
// last two of its five working days.
const soonPage = 3 * 24 * time.Hour

// trayView is the page of a unit's letters: those to print, those to post, those
// that were posted. It holds no address.
type trayView struct {
	Title   string
	Unit    string
	Others  []slipLink
	Unset   bool   // this instance sends none
	More    string // not all are shown
	Done    []string
	Errors  []errorsummary.Item
	Fresh   []letterRow
	Printed []letterRow
	Posted  []letterRow
	Day     date.View
	Why     choice.View
	Print   []actions.Action
	Post    []actions.Action
	Again   actions.Action
	Back    []actions.Action
	Older   string
}

// letterRow is one letter of the tray.
type letterRow struct {
	ID, Box    string
	Text, Hint string
	Late       string // why somebody should hurry
	Href, Code string
	Number     field.View
	Chosen     bool
}

// letters shows the letters of a unit to whoever works there.
func (d *Door) letters(w http.ResponseWriter, r *http.Request, m me) error {
	return d.showLetters(w, r, m, r.URL.Query(), nil)
}

// postUnits are the units whose letters an officer may see.
func (d *Door) postUnits(m me) []string {
	return slices.DeleteFunc(unitsOf(m), func(u string) bool { return !d.may(m, policy.Enter, policy.Office{Unit: u}) })
}

// sendsLetters reports whether officers post letters here.
func (d *Door) sendsLetters() bool { return d.Notices != nil && d.Notices.Setup().ByLetter() }

// waitingLetters says in one line how many letters wait at the units of an officer.
func (d *Door) waitingLetters(m me) (string, error) {
	if !d.sendsLetters() {
		return "", nil
	}
	units := d.postUnits(m)
	n, since, err := d.Notices.LettersWaiting(m.ctx, units)
	if err != nil || n == 0 {
		return "", err
	}
	return m.words.T("desk.letters_wait", "n", n, "since", m.words.DateShort(since.In(d.zone(units[0])))), nil
}

func (d *Door) showLetters(w http.ResponseWriter, r *http.Request, m me, q url.Values, f *fault.Fault) error {
	units := d.postUnits(m)
	unit := q.Get("unit")
	if unit == "" && len(units) > 0 {
		unit = units[0]
	}
	if err := d.require(m, policy.Enter, policy.Office{Unit: unit}); err != nil {
		return err
	}
	t, words := m.words.T, caseview.Words{Printer: m.words, Government: d.Cases.Government()}
	v := trayView{Title: t("desk.letters_title"), Unit: unit, Unset: !d.sendsLetters()}
	if len(units) > 1 {
		v.Title = t("desk.letters_unit", "unit", words.Unit(unit))
	}
	for _, u := range units {
		if u != unit {
			v.Others = append(v.Others, slipLink{Href: "/desk/letters?unit=" + url.QueryEscape(u), Text: t("desk.letters_unit", "unit", words.Unit(u))})
		}
	}
	if d.Notices != nil {
		if err := d.fillTray(m, unit, q, &v); err != nil {
			return err
		}
	}
	d.trayForms(m, q, f, &v)
	for _, key := range []string{"posted", "back", "left"} {
		if n, err := strconv.Atoi(q.Get(key)); err == nil && n > 0 && f == nil {
			v.Done = append(v.Done, t("desk.letters_done_"+key, "n", n))
		}
	}
	status := 0
	if f != nil {
		status = f.Status()
	}
	return d.page(w, r, m, view{Title: v.Title, Body: trayPage(v), Status: status})
}

// fillTray puts the letters of a unit into words.
func (d *Door) fillTray(m me, unit string, q url.Values, v *trayView) error {
	var before time.Time
	if µs, err := strconv.ParseInt(q.Get("before"), 36, 64); err == nil && µs > 0 {
		before = time.UnixMicro(µs).UTC()
	}
	waiting, posted, all, err := d.Notices.Tray(m.ctx, unit, before)
	if err != nil {
		return err
	}
	if all > len(waiting) {
		v.More = m.words.T("desk.letters_more", "n", len(waiting))
	}
	typed := map[string]bool{}
	for _, id := range q["letter"] {
		typed[id] = true
	}
	zone := d.zone(unit)
	for i, l := range waiting {
		row := d.letterRow(m, l, i)
		row.Chosen = len(typed) == 0 || typed[l.ID]
		if until := d.Notices.Until(l); until.Sub(d.Now()) < soonPage {
			row.Late = m.words.T("desk.letters_late", "until", m.words.Date(until.In(zone)))
		}
		about := m.words.T("notify.about_" + l.Kind)
		if l.Printed.IsZero() {
			row.Hint = m.words.T("desk.letters_since", "about", about, "since", m.words.Date(l.Changed.In(zone)))
			v.Fresh = append(v.Fresh, row)
			continue
		}
		row.Hint = m.words.T("desk.letters_at", "about", about, "at", m.words.MomentShort(l.Printed.In(zone)))
		row.Number = field.View{ID: "number-" + strconv.Itoa(i+1), Name: "number-" + l.ID, Label: m.words.T("desk.letters_number"), Value: q.Get("number-" + l.ID), Width: "m", Max: flow.MostPostNumber, Complete: "off"}
		v.Printed = append(v.Printed, row)
	}
	for i, l := range posted {
		row := d.letterRow(m, l, len(waiting)+i)
		row.Hint = m.words.T("desk.letters_counts", "about", m.words.T("notify.about_"+l.Kind), "day", m.words.DateOf(l.Posted), "counts", m.words.Date(l.Counts.In(zone)))
		v.Posted = append(v.Posted, row)
	}
	if n := len(posted); n == notify.MostLetters {
		v.Older = "/desk/letters?" + url.Values{"unit": {unit}, "before": {strconv.FormatInt(posted[n-1].Changed.UnixMicro(), 36)}}.Encode()
	}
	return nil
}

// letterRow is a letter by its case: neither whose it is nor where it goes.
func (d *Door) letterRow(m me, l notify.Letter, i int) letterRow {
	code := d.Cases.Code(l.Subject)
	return letterRow{ID: l.ID, Box: "letter-" + strconv.Itoa(i+1), Href: "/desk/cases/" + code, Code: code,
		Text: m.words.T("desk.letters_row", "service", d.serviceName(m, l.Service), "code", code)}
}

// trayForms are what may be done with letters, and what to correct.
func (d *Door) trayForms(m me, q url.Values, f *fault.Fault, v *trayView) {
	t, k := m.words.T, newKeys()
	day := d.Now().In(d.zone(v.Unit))
	v.Day = date.View{View: field.View{ID: "day", Label: t("desk.letters_day")}, Day: strconv.Itoa(day.Day()), Month: strconv.Itoa(int(day.Month())), Year: strconv.Itoa(day.Year())}
	if q.Has("day-day") {
		v.Day.Day, v.Day.Month, v.Day.Year = q.Get("day-day"), q.Get("day-month"), q.Get("day-year")
	}
	v.Why = choice.View{View: field.View{ID: "reason", Label: t("desk.letters_why")}}
	words := caseview.Words{Printer: m.words}
	for _, why := range flow.Backs() {
		v.Why.Options = append(v.Why.Options, choice.Option{ID: why, Text: capital(words.Back(why)), Chosen: q.Get("reason") == why})
	}
	button := func(text string, quiet bool) actions.Action {
		return actions.Action{Name: "do", Value: "yes", Text: text, Key: k.take(text), Quiet: quiet}
	}
	v.Print, v.Post = []actions.Action{button(t("desk.letters_print"), false)}, []actions.Action{button(t("desk.letters_post"), false)}
	v.Again, v.Back = button(t("desk.letters_again"), true), []actions.Action{button(t("desk.letters_back"), true)}
	if f == nil {
		return
	}
	text, at := m.words.TMap(f.Key, f.Args), "letter-1"
	switch f.Field {
	case "day":
		v.Day.Error, at = text, "day-day"
	case "reason":
		v.Why.Error, at = text, "reason-1"
	}
	v.Errors = []errorsummary.Item{{Field: at, Text: text}}
}

// capital begins a line with a capital letter.
func capital(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

// chosenLetters are the letters that were marked, each of which this officer may
// post; those that are no letters any more are counted.
func (d *Door) chosenLetters(r *http.Request, m me) (list []notify.Letter, by map[string]notify.Clerk, left int, err error) {
	ids := r.PostForm["letter"]
	if d.Notices == nil || len(ids) == 0 || len(ids) > notify.MostLetters {
		return nil, nil, 0, fault.New(fault.Invalid, "desk.letters_chosen_none").At("letter")
	}
	by = map[string]notify.Clerk{}
	for _, id := range ids {
		l, err := d.Notices.Letter(r.Context(), id)
		if fault.Is(err, fault.Unknown) {
			left++
			continue
		}
		if err != nil {
			return nil, nil, 0, err
		}
		c, err := d.Cases.State(r.Context(), l.Subject)
		if err != nil {
			return nil, nil, 0, err
		}
		b, err := d.Cases.Catalogue().At(r.Context(), c.Definition)
		if err != nil {
			return nil, nil, 0, err
		}
		what := resource(c, b.Service)
		if err := d.mayAct(m, what, flow.DoPost); err != nil {
			return nil, nil, 0, err
		}
		list, by[id] = append(list, l), notify.Clerk{Officer: m.ID, By: capacity(m, what)}
	}
	return list, by, left, nil
}

// mailView is letters as they are printed.
type mailView struct {
	Title, Lead string
	List        string
	Mails       []mail
}

// printLetters opens the letters that were marked and shows them for printing: once,
// and kept by no browser. That their addresses were read stands in the record first.
func (d *Door) printLetters(w http.ResponseWriter, r *http.Request, m me) error {
	list, by, _, err := d.chosenLetters(r, m)
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		return d.showLetters(w, r, m, r.PostForm, f)
	}
	if err != nil {
		return err
	}
	v := mailView{List: "/desk/letters?unit=" + url.QueryEscape(r.PostForm.Get("unit"))}
	for _, l := range list {
		s, ok, err := d.Notices.Print(r.Context(), l.ID, by[l.ID])
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		one, err := d.mail(s)
		if err != nil {
			return err
		}
		v.Mails = append(v.Mails, one)
	}
	v.Title, v.Lead = m.words.T("desk.letters_sheets", "n", len(v.Mails)), m.words.T("desk.letters_fold")
	if len(v.Mails) == 0 {
		v.Title, v.Lead = m.words.T("desk.letters_title"), m.words.T("desk.letters_sheets_none")
	}
	return d.page(w, r, m, view{Title: v.Title, Body: mailPage(v)})
}

// postLetters notes that the marked letters were posted.
func (d *Door) postLetters(w http.ResponseWriter, r *http.Request, m me) error {
	v := r.PostForm
	day := dayOf(v.Get("day-day"), v.Get("day-month"), v.Get("day-year"))
	return d.eachLetter(w, r, m, "posted", func(l notify.Letter, by notify.Clerk) error {
		return d.Notices.Post(r.Context(), l.ID, by, notify.Posting{Day: day, Number: clean(v.Get("number-"+l.ID), flow.MostPostNumber+1)})
	})
}

// lettersBack notes that the post returned the marked letters.
func (d *Door) lettersBack(w http.ResponseWriter, r *http.Request, m me) error {
	return d.eachLetter(w, r, m, "back", func(l notify.Letter, by notify.Clerk) error {
		return d.Notices.Back(r.Context(), l.ID, by, r.PostForm.Get("reason"))
	})
}

// eachLetter does the same with every letter that was marked. One that a colleague
// has dealt with meanwhile holds up none of the others.
func (d *Door) eachLetter(w http.ResponseWriter, r *http.Request, m me, done string, do func(notify.Letter, notify.Clerk) error) error {
	list, by, left, err := d.chosenLetters(r, m)
	n := 0
	for _, l := range list {
		if err = do(l, by[l.ID]); err == nil {
			n++
			continue
		}
		if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Unknown) {
			break
		}
		left, err = left+1, nil
	}
	if f := fault.Of(err); f != nil && f.Kind == fault.Invalid {
		return d.showLetters(w, r, m, r.PostForm, f)
	}
	if err != nil {
		return err
	}
	return redirect(w, r, "/desk/letters?"+url.Values{"unit": {r.PostForm.Get("unit")}, done: {strconv.Itoa(n)}, "left": {strconv.Itoa(left)}}.Encode())
}

// dayOf is a date of three boxes as 2026-03-17; something that is none stays none.
func dayOf(day, month, year string) string {
	d, err1 := strconv.Atoi(strings.TrimSpace(day))
	m, err2 := strconv.Atoi(strings.TrimSpace(month))
	y, err3 := strconv.Atoi(strings.TrimSpace(year))
	if err1 != nil || err2 != nil || err3 != nil {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}
