package cli

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"pendopo/kernel/page"
	"pendopo/law/deadline"
	"pendopo/law/definition"
	"pendopo/law/simulation"
)

// SimulateCmd lets a service run before it opens, with imitated people. It reads
// files alone: no data folder, no database.
type SimulateCmd struct {
	Service  string             `arg:"" help:"Id of the service."`
	Arrivals string             `help:"Cases on an open day (40/day, 200/week), or a CSV file of date and count." required:"" placeholder:"N/day"`
	Officers int                `help:"Officers of each role that --role does not name." default:"1"`
	Role     map[string]int     `help:"Officers of one role; may be repeated." placeholder:"ROLE=N"`
	Work     map[string]float64 `help:"Working minutes that a step takes on average; may be repeated. Else a third of its limit, 30 at most." placeholder:"STEP=MINUTES"`
	Spread   string             `help:"How work is spread around its mean." enum:"even,usual,exponential" default:"usual"`
	Return   float64            `help:"Share of reviews that send the file back." default:"0.15"`
	Reject   float64            `help:"Share of decisions that reject." default:"0.05"`
	Object   float64            `help:"Share of rejections that are objected to." default:"0.1"`
	Abandon  float64            `help:"Share of returned files that are never answered." default:"0.05"`
	Answer   float64            `help:"Days until an applicant answers or fetches, on average." default:"2"`
	Days     int                `help:"How many days, closed ones included." default:"90"`
	From     string             `help:"First day; else the first working Monday of 2026." default:"2026-01-05" placeholder:"DATE"`
	Unit     string             `help:"Unit that handles the cases, for a service of many units."`
	Seed     uint64             `help:"Seed of the chances; the same seed gives the same result." default:"1"`
	Late     float64            `help:"Share of late cases for which the officers needed are looked for; 0 does not look." default:"0.05"`
	Dir      string             `help:"Government folder; without it the demo government." placeholder:"DIR"`
	Chart    string             `help:"Write a picture there, as SVG." placeholder:"FILE"`
	Lang     string             `help:"Language of the answer." enum:"id,en" default:"id"`
	JSON     bool               `help:"Print the result as one JSON object." name:"json"`
}

// simulated is what a run has shown, and how many officers it takes.
type simulated struct {
	Result *simulation.Result `json:"result"`
	Need   *simulation.Need   `json:"need,omitempty"`
}

// Run lets the time pass and says what came of it.
func (c *SimulateCmd) Run(env *Env) error {
	g, err := (&DeadlineCmd{Government: c.Dir}).government()
	if err != nil {
		return &statusError{failed, errors.New(complaint(err, env.Texts.Printer("en")))}
	}
	setup, err := c.setup(g)
	if err != nil {
		return &statusError{failed, err}
	}
	var out simulated
	if out.Result, err = simulation.Run(setup); err != nil {
		return err
	}
	if c.Late > 0 && len(out.Result.Desks) > 0 {
		need, err := simulation.Needed(setup, c.Late)
		if err != nil {
			return err
		}
		out.Need = &need
	}
	words := env.Texts.Printer(c.Lang)
	names := simulation.NamesOf(g, setup.Service, c.Lang, words.T)
	if c.Chart != "" {
		if err := os.WriteFile(c.Chart, out.Result.Picture(names), 0o644); err != nil {
			return err
		}
	}
	if c.JSON {
		e := json.NewEncoder(env.Out)
		e.SetIndent("", "  ")
		return e.Encode(out)
	}
	return c.print(env.Out, setup, out, names, words)
}

// setup checks what was asked for.
func (c *SimulateCmd) setup(g *definition.Government) (simulation.Setup, error) {
	s := simulation.Setup{
		Service: g.Service(c.Service), Days: c.Days, Officers: c.Role, Each: c.Officers, Work: c.Work, Return: c.Return,
		Reject: c.Reject, Object: c.Object, Abandon: c.Abandon, Answer: c.Answer, Seed: c.Seed,
		Shape: map[string]int{"even": 0, "usual": 4, "exponential": 1}[c.Spread],
		Clock: c.clocks(), Asked: g.Service,
	}
	if s.Service == nil {
		return s, fmt.Errorf("there is no service %s; there are %s", c.Service, serviceIDs(g))
	}
	var err error
	if s.Unit, err = c.unit(g, s.Service); err != nil {
		return s, err
	}
	if s.From, err = deadline.ParseDate(c.From); err != nil {
		return s, errors.New("--from is a date such as 2026-01-05")
	}
	if err := c.bounds(g, s.Service); err != nil {
		return s, err
	}
	return s, c.arrivals(&s)
}

// clocks gives the clock of a unit, and reads it once: a search runs many times.
func (c *SimulateCmd) clocks() func(unit string) (deadline.Clock, error) {
	known := map[string]deadline.Clock{}
	return func(unit string) (deadline.Clock, error) {
		clock, had := known[unit]
		if had {
			return clock, nil
		}
		clock, err := (&DeadlineCmd{Government: c.Dir, Unit: unit}).clock()
		if err == nil {
			known[unit] = clock
		}
		return clock, err
	}
}

// unit is the one asked for, the service's own, or the first that serves a region.
func (c *SimulateCmd) unit(g *definition.Government, s *definition.Service) (string, error) {
	if unit := or(c.Unit, s.Unit.Unit); unit != "" {
		if g.Unit(unit) == nil {
			return "", fmt.Errorf("there is no unit %s; there are %s", unit, unitIDs(g))
		}
		return unit, nil
	}
	level := "village"
	if f := s.Field(s.Unit.Region); f != nil && f.Level != "" {
		level = f.Level
	}
	for _, u := range g.Units {
		if u.Region != "" && definition.LevelOf(u.Region) == level {
			return u.ID, nil
		}
	}
	return "", errors.New("no unit serves a region; name one with --unit")
}

// bounds refuses what would never end, and names that nothing has.
func (c *SimulateCmd) bounds(g *definition.Government, s *definition.Service) error {
	for name, share := range map[string]float64{"return": c.Return, "reject": c.Reject, "object": c.Object, "abandon": c.Abandon, "late": c.Late} {
		if !(share >= 0 && share <= 1) {
			return fmt.Errorf("--%s is a share between 0 and 1", name)
		}
	}
	if c.Days < 1 || c.Days > 730 {
		return errors.New("--days is between 1 and 730")
	}
	if c.Officers < 1 || c.Officers > 1000 || !(c.Answer >= 0 && c.Answer <= 365) {
		return errors.New("--officers is between 1 and 1000, --answer between 0 and 365 days")
	}
	for role, n := range c.Role {
		if g.Role(role) == nil || n < 1 || n > 1000 {
			return fmt.Errorf("--role %s=%d: a role of the government and 1 to 1000 officers", role, n)
		}
	}
	for step, minutes := range c.Work {
		if s.Step(step) == nil || !(minutes > 0 && minutes <= 1e6) {
			return fmt.Errorf("--work %s: a step of the service and its working minutes", step)
		}
	}
	return nil
}

// mostCases is how many cases one run may have.
const mostCases = 500_000

// arrivals reads how many cases come.
func (c *SimulateCmd) arrivals(s *simulation.Setup) error {
	if strings.HasSuffix(c.Arrivals, ".csv") {
		return c.counts(s)
	}
	number, per, _ := strings.Cut(c.Arrivals, "/")
	n, err := strconv.ParseFloat(number, 64)
	days, known := map[string]float64{"": 1, "day": 1, "week": 5, "month": 21}[per]
	if err != nil || !known || !(n > 0) || n/days*float64(c.Days) > mostCases {
		return fmt.Errorf("--arrivals is such as 40/day, 200/week or 900/month, or a CSV file, and gives %d cases at most", mostCases)
	}
	s.PerDay = n / days
	return nil
}

// counts reads a CSV file of dates and how many cases came on them.
func (c *SimulateCmd) counts(s *simulation.Setup) error {
	f, err := os.Open(c.Arrivals)
	if err != nil {
		return err
	}
	defer f.Close()
	r := csv.NewReader(io.LimitReader(f, 1<<20))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", c.Arrivals, err)
	}
	s.Counts = map[deadline.Date]int{}
	sum := 0
	for i, row := range rows {
		if len(row) < 2 {
			return fmt.Errorf("%s:%d: a date and a count, such as 2026-03-17,42", c.Arrivals, i+1)
		}
		day, err := deadline.ParseDate(strings.TrimSpace(row[0]))
		n, wrong := strconv.Atoi(strings.TrimSpace(row[1]))
		if i == 0 && err != nil {
			continue // the names of the columns
		}
		if err != nil || wrong != nil || n < 0 || sum+n > mostCases {
			return fmt.Errorf("%s:%d: a date and a count, such as 2026-03-17,42; %d cases at most", c.Arrivals, i+1, mostCases)
		}
		s.Counts[day] += n
		sum += n
	}
	return nil
}

func serviceIDs(g *definition.Government) string {
	ids := make([]string, len(g.Services))
	for i, s := range g.Services {
		ids[i] = s.ID
	}
	return strings.Join(ids, ", ")
}

// print writes the result for people.
func (c *SimulateCmd) print(w io.Writer, s simulation.Setup, out simulated, names simulation.Names, p *page.Printer) error {
	r := out.Result
	fmt.Fprintf(w, "%s\n%s\n\n", p.T("simulation.title", "service", names.Service), p.T("simulation.period", "from", r.From, "days", r.Days, "seed", fmt.Sprint(r.Seed)))
	fmt.Fprintf(w, "%s.\n", p.T("simulation.summary", "arrived", r.Arrived, "ended", r.Ended, "open", r.Open, "late", names.Percent(r.LateShare()), "granted", r.Granted))
	fmt.Fprintf(w, "%s.\n", c.caseTime(r, s, names, p))
	fmt.Fprintf(w, "%s.\n\n", outcomes(r, p))
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	head, rows := r.Table(names)
	for _, row := range append([][]string{head}, rows...) {
		fmt.Fprintln(t, strings.Join(row, "\t"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\n%s\n", p.T("simulation.load"))
	for _, d := range r.Desks {
		fmt.Fprintf(t, "  %s\t%s\t%s\n", p.T("simulation.desk", "role", names.Role(d.Role), "n", d.Officers), bar(d.Load), names.Percent(d.Load))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if out.Need != nil {
		fmt.Fprintf(w, "\n%s.\n", c.need(out.Need, names, p))
	}
	fmt.Fprintf(w, "\n%s\n", p.T("simulation.assumed"))
	for _, line := range c.assumed(s, r, names, p) {
		fmt.Fprintf(w, "  - %s\n", line)
	}
	return nil
}

// bar is a share in twenty blocks.
func bar(share float64) string {
	full := min(20, max(0, int(share*20+0.5)))
	return strings.Repeat("█", full) + strings.Repeat("░", 20-full)
}

func (c *SimulateCmd) caseTime(r *simulation.Result, s simulation.Setup, names simulation.Names, p *page.Printer) string {
	promise := s.Service.Limit.Within
	if span, err := deadline.ParseSpan(promise); err == nil {
		promise = span.In(p.T)
	}
	return p.T("simulation.case_time", "median", names.Minutes(r.Decided.Median, r.DayLong), "p90", names.Minutes(r.Decided.P90, r.DayLong),
		"promise", promise, "missed", r.Promise.Missed, "begun", r.Promise.Begun)
}

func outcomes(r *simulation.Result, p *page.Printer) string {
	var list []string
	for _, o := range slices.Sorted(maps.Keys(r.Outcomes)) {
		list = append(list, p.T("simulation.outcome_"+o, "n", r.Outcomes[o]))
	}
	if len(list) == 0 {
		list = []string{"-"}
	}
	return p.T("simulation.outcomes", "list", strings.Join(list, ", "))
}

func (c *SimulateCmd) need(n *simulation.Need, names simulation.Names, p *page.Printer) string {
	share, late := names.Percent(c.Late), names.Percent(n.Late)
	if !n.Reached {
		return p.T("simulation.need_never", "share", share, "late", late)
	}
	var list []string
	for _, role := range slices.Sorted(maps.Keys(n.Officers)) {
		list = append(list, p.T("simulation.need_officers", "n", n.Officers[role], "role", names.Role(role)))
	}
	return p.T("simulation.need", "share", share, "officers", strings.Join(list, ", "), "late", late)
}

// assumed says everything that the figures rest on.
func (c *SimulateCmd) assumed(s simulation.Setup, r *simulation.Result, names simulation.Names, p *page.Printer) []string {
	out := []string{p.T("simulation.arrivals_random", "n", names.Number(s.PerDay), "unit", s.Unit)}
	if s.Counts != nil {
		out[0] = p.T("simulation.arrivals_counted", "n", r.Arrived, "unit", s.Unit)
	}
	for i := range s.Service.Flow.Steps {
		step := &s.Service.Flow.Steps[i]
		if step.Kind == definition.StepConsult {
			out = append(out, p.T("simulation.consult", "step", names.Step(step.ID)))
		}
		if step.Actor.Who != "role" {
			continue
		}
		key := "simulation.work_assumed"
		minutes, given := s.WorkAt(step)
		if given {
			key = "simulation.work_given"
		}
		out = append(out, p.T(key, "step", names.Step(step.ID), "n", names.Number(minutes)))
	}
	return append(out,
		p.T("simulation.shares", "return", names.Percent(s.Return), "reject", names.Percent(s.Reject), "object", names.Percent(s.Object)),
		p.T("simulation.applicants", "n", names.Number(s.Answer), "abandon", names.Percent(s.Abandon)), p.T("simulation.answers"))
}
