package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"pendopo/government"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/law/deadline"
	"pendopo/law/definition"
)

// DeadlineCmd counts a legal time limit and shows every day of it. It reads
// files alone: no data folder, no database.
type DeadlineCmd struct {
	Received   string   `help:"When the matter was received, with its zone: 2026-03-17T09:00+07:00." required:"" placeholder:"MOMENT"`
	Within     string   `help:"The time limit: 14 working days, 10 working minutes, 3 calendar days, 72 hours." required:"" placeholder:"SPAN"`
	Unit       string   `help:"Unit of the government folder whose calendar, hours and zone hold; else five working days in the government's zone."`
	Government string   `help:"Government folder; without it the demo government." placeholder:"DIR"`
	Calendar   string   `help:"Folder of calendar files to use in place of the government's." placeholder:"DIR"`
	Stop       []string `help:"A time the clock stood still; may be repeated. Without TO it still stands." sep:"none" placeholder:"FROM..TO"`
	Lang       string   `help:"Language of the answer." enum:"id,en" default:"id"`
	JSON       bool     `help:"Print the proof as one JSON object." name:"json"`
}

// Run prints the due moment and its proof.
func (c *DeadlineCmd) Run(env *Env) error {
	words := env.Texts.Printer(c.Lang)
	proof, err := c.proof()
	if err != nil {
		return &statusError{failed, errors.New(complaint(err, words))}
	}
	if c.JSON {
		return c.printJSON(env.Out, proof)
	}
	return c.print(env.Out, proof, words)
}

// proof reads every input, so that all faults are told at once, and counts.
func (c *DeadlineCmd) proof() (deadline.Proof, error) {
	var wrong []*fault.Fault
	note := func(flag string, err error) {
		if f := fault.Of(err); f != nil {
			f.Field = or(f.Field, flag)
			wrong = append(wrong, f)
		}
	}
	start, err := moment(c.Received)
	note("--received", err)
	span, err := deadline.ParseSpan(c.Within)
	note("--within", err)
	var stops []deadline.Stop
	for i, s := range c.Stop {
		stop, err := parseStop(s)
		note(fmt.Sprintf("--stop %d", i+1), err)
		stops = append(stops, stop)
	}
	clock, err := c.clock()
	if found := (deadline.Findings)(nil); errors.As(err, &found) {
		return deadline.Proof{}, err
	}
	note("--unit", err)
	if err := fault.Join(wrong); err != nil {
		return deadline.Proof{}, err
	}
	proof, err := clock.Due(span, start, stops)
	if f := fault.Of(err); f != nil && strings.HasPrefix(f.Key, "deadline.stop") {
		f.Field = "--stop"
	}
	return proof, err
}

// clock is the legal clock of the unit asked for.
func (c *DeadlineCmd) clock() (deadline.Clock, error) {
	g, err := c.government()
	if err != nil {
		return deadline.Clock{}, err
	}
	set, err := c.calendars(g)
	if err != nil {
		return deadline.Clock{}, err
	}
	spec := deadline.UnitSpec{Calendar: "five_day", Zone: g.Profile.Zone, Region: g.Profile.Code}
	if c.Unit != "" {
		u := g.Unit(c.Unit)
		if u == nil {
			return deadline.Clock{}, fault.New(fault.Invalid, "deadline.cli.unit_unknown").At("--unit").
				With("unit", c.Unit).With("units", unitIDs(g))
		}
		spec.Calendar, spec.Hours = u.Calendar, u.Hours
		spec.Zone, spec.Region = or(u.Zone, spec.Zone), or(u.Region, spec.Region)
	}
	office, err := set.Office(spec)
	if err != nil {
		f := fault.Of(err)
		return deadline.Clock{}, f.At("--unit " + f.Field)
	}
	return deadline.Clock{Set: set, Office: office}, nil
}

func (c *DeadlineCmd) government() (*definition.Government, error) {
	files := fs.FS(government.FS)
	if c.Government != "" {
		files = os.DirFS(c.Government)
		if _, err := fs.Stat(files, "government.yaml"); err != nil {
			return nil, fault.New(fault.Invalid, "deadline.cli.government_unreadable").At("--government").Because(reason(err))
		}
	}
	g, found := definition.Read(files)
	for _, f := range found {
		if f.Severity == definition.Error && (f.File == "government.yaml" || f.File == "units.yaml") {
			return nil, fault.New(fault.Invalid, "deadline.cli.government_unreadable").At("--government").Because(errors.New(f.String()))
		}
	}
	return g, nil
}

// calendars are those of --calendar, else those of the government.
func (c *DeadlineCmd) calendars(g *definition.Government) (*deadline.Set, error) {
	files := map[string][]byte{}
	if c.Calendar == "" {
		for _, f := range g.Calendars {
			files[f.Path] = f.Data
		}
		return deadline.ParseCalendar(files)
	}
	dir := os.DirFS(c.Calendar)
	names, err := fs.Glob(dir, "*.yaml")
	if err == nil && len(names) == 0 {
		_, err = fs.Stat(dir, ".")
		return nil, fault.New(fault.Invalid, "deadline.cli.folder_unreadable").At("--calendar").Because(reason(err))
	}
	for _, name := range names {
		data, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, fault.New(fault.Invalid, "deadline.cli.folder_unreadable").At("--calendar").Because(reason(err))
		}
		files[path.Join(c.Calendar, name)] = data
	}
	return deadline.ParseCalendar(files)
}

// reason is what the file system says, without the path it was asked for.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func unitIDs(g *definition.Government) string {
	ids := make([]string, len(g.Units))
	for i, u := range g.Units {
		ids[i] = u.ID
	}
	return strings.Join(ids, ", ")
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// moment reads a moment with its zone; seconds may be left out.
func moment(s string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04Z07:00", time.RFC3339Nano} {
		t, err := time.Parse(layout, s)
		if err != nil {
			continue
		}
		if t.Year() < 1971 || t.Year() > 2199 {
			return t, fault.New(fault.Invalid, "deadline.moment_range")
		}
		return t, nil
	}
	return time.Time{}, fault.New(fault.Invalid, "deadline.moment_unreadable")
}

// parseStop reads FROM..TO; without TO the clock still stands.
func parseStop(s string) (stop deadline.Stop, err error) {
	from, to, ok := strings.Cut(s, "..")
	if !ok {
		return stop, fault.New(fault.Invalid, "deadline.stop_unreadable")
	}
	if stop.From, err = moment(from); err == nil && to != "" {
		stop.To, err = moment(to)
	}
	return stop, err
}

// complaint is all that was wrong with the input, each with its place.
func complaint(err error, p *page.Printer) string {
	var found deadline.Findings
	if errors.As(err, &found) {
		lines := make([]string, len(found))
		for i, f := range found {
			lines[i] = f.In(p.T)
		}
		return strings.Join(lines, "\n")
	}
	f := fault.Of(err)
	list := f.More
	if len(list) == 0 {
		list = []*fault.Fault{f}
	}
	var lines []string
	for _, f := range list {
		lines = append(lines, sentence(f, p)...)
	}
	return strings.Join(lines, "\n")
}

// sentence is one fault in words, and those within it.
func sentence(f *fault.Fault, p *page.Printer) []string {
	line := p.TMap(f.Key, f.Args)
	if f.Field != "" {
		line = strings.TrimSpace(f.Field) + ": " + line
	}
	if f.Cause != nil {
		line += " (" + f.Cause.Error() + ")"
	}
	if len(f.More) == 0 {
		return []string{line}
	}
	var lines []string
	for _, m := range f.More {
		m.Field = strings.TrimSpace(f.Field + " " + m.Field)
		lines = append(lines, sentence(m, p)...)
	}
	return lines
}

// printJSON prints the proof and the unit it was asked for.
func (c *DeadlineCmd) printJSON(w io.Writer, proof deadline.Proof) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Unit string `json:"unit,omitempty"`
		deadline.Proof
	}{c.Unit, proof})
}

// print writes the proof for people.
func (c *DeadlineCmd) print(w io.Writer, proof deadline.Proof, p *page.Printer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	line := func(key, value string) { fmt.Fprintf(t, "%s\t%s\n", p.T("deadline.cli."+key), value) }
	line("received", p.Moment(proof.Start))
	line("within", proof.Span.In(p.T))
	if proof.Stopped {
		line("left", left(proof, p))
	} else {
		line("due", p.Moment(proof.Due))
	}
	line("zone", proof.Zone)
	line("office", strings.TrimSpace(c.Unit+" "+proof.Pattern))
	line("calendar", proof.Calendar)
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, d := range proof.Days {
		fmt.Fprintln(t, dayLine(d, p))
	}
	return t.Flush()
}

// dayLine is one day: its date, which counted day it is, and why.
func dayLine(d deadline.Day, p *page.Printer) string {
	n, why := "-", d.In(p.T, p.Lang())
	switch {
	case d.N > 0:
		n = strconv.Itoa(d.N)
	case d.Counted:
		n, why = "+", p.T("deadline.cli.ran", "time", length(d.Ran, p))
	}
	if d.Due {
		why += " · " + strings.ToLower(p.T("deadline.cli.due"))
	}
	return fmt.Sprintf("  %s %d\t%s\t%s", p.DayShort(d.Date.Time()), d.Date.Year(), n, why)
}

// left is what remains while the clock stands still.
func left(proof deadline.Proof, p *page.Printer) string {
	standing := p.T("deadline.cli.standing")
	if proof.Span.Unit.Days() {
		return p.T("deadline.cli.left_days", "n", proof.LeftDays, "standing", standing)
	}
	return p.T("deadline.cli.left_time", "time", length(proof.LeftTime, p), "standing", standing)
}

// length is hours and minutes in words; seconds as far as there are any.
func length(d time.Duration, p *page.Printer) string {
	var parts []string
	if h := int(d / time.Hour); h > 0 {
		parts = append(parts, p.T("deadline.span.hour", "n", h))
	}
	if m := int(d % time.Hour / time.Minute); m > 0 {
		parts = append(parts, p.T("deadline.span.minute", "n", m))
	}
	if s := d % time.Minute; s > 0 || len(parts) == 0 {
		parts = append(parts, p.T("deadline.cli.seconds", "n", strconv.FormatFloat(s.Seconds(), 'f', -1, 64)))
	}
	return strings.Join(parts, " ")
}
