package cli

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"pendopo/government"
	"pendopo/law/definition"
	"pendopo/law/search"
)

// SearchCmd asks and measures the search of services. It reads files alone.
type SearchCmd struct {
	Find  SearchFindCmd  `cmd:"" help:"Look for a service as the portal does."`
	Eval  SearchEvalCmd  `cmd:"" help:"Measure: how many of a list of questions find the right service."`
	Stems SearchStemsCmd `cmd:"" help:"Measure: how many words of a list come to the root that stands beside them."`
}

// searched is what every search needs.
type searched struct {
	Government string `help:"Government folder; without it the demo government." placeholder:"DIR"`
	Lang       string `help:"Language of the search." enum:"id,en" default:"id"`
	JSON       bool   `help:"Print the result as JSON." name:"json"`
}

// open reads the government. A folder with faults is searched all the same: this
// measures words.
func (c searched) open() (*definition.Government, error) {
	var folder fs.FS = government.FS
	if c.Government != "" {
		folder = os.DirFS(c.Government)
	}
	g, _ := definition.Read(folder)
	if len(g.Services) == 0 {
		return nil, &statusError{failed, errors.New("no service can be read; run pendopo check")}
	}
	return g, nil
}

// SearchFindCmd shows what a query finds.
type SearchFindCmd struct {
	searched
	Words []string `arg:"" help:"What somebody would type."`
}

// Run prints the services, best first.
func (c *SearchFindCmd) Run(env *Env) error {
	g, err := c.open()
	if err != nil {
		return err
	}
	hits := search.New(g, g.Services, c.Lang, search.Parts{}).Find(strings.Join(c.Words, " "), 10)
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(hits)
	}
	for _, h := range hits {
		fmt.Fprintf(env.Out, "%6.2f  %s  %s\n", h.Score, h.Service, g.Service(h.Service).Name.In(c.Lang))
	}
	if len(hits) == 0 {
		return errFindings
	}
	return nil
}

// SearchEvalCmd asks every question of a file and looks whether the right
// service is among the first.
type SearchEvalCmd struct {
	searched
	Questions string `help:"CSV file with a head line: intent, question." required:"" type:"existingfile"`
	Map       string `help:"CSV file: intent, or intent#n for its nth question, and the ids of the services that answer it. Questions that it does not name are not for a service." required:"" type:"existingfile"`
	Show      bool   `help:"Print every question that was not answered."`
}

// measure counts what one kind of index answered.
type measure struct {
	Parts     string  `json:"parts"`
	Asked     int     `json:"asked"`
	First     float64 `json:"first"` // share
	Three     float64 `json:"three"`
	Elsewhere int     `json:"elsewhere"` // questions for a service that this government does not have
	Silent    float64 `json:"silent"`    // share of the questions for no service that found none
	Micros    float64 `json:"micros"`    // time of one search
}

// Run prints the shares: with everything, without any question of a service that
// is the one asked, and without questions at all.
func (c *SearchEvalCmd) Run(env *Env) error {
	g, err := c.open()
	if err != nil {
		return err
	}
	questions, err := readQuestions(c.Questions, c.Map, g)
	if err != nil {
		return &statusError{failed, err}
	}
	all := search.New(g, g.Services, c.Lang, search.Parts{})
	words := search.New(g, g.Services, c.Lang, search.Parts{NoQuestions: true})
	missed := func(q question, hits []search.Hit) {
		if c.Show && !c.JSON {
			fmt.Fprintf(env.Out, "  %s: %s\n    wanted %v, found %v\n", q.intent, q.text, q.services, hits)
		}
	}
	results := []measure{
		c.ask("everything", questions, missed, func(question) *search.Index { return all }),
		c.ask("without the question itself", questions, nil, func(q question) *search.Index {
			return search.New(g, g.Services, c.Lang, search.Parts{Skip: func(_ *definition.Service, text string) bool { return all.Alike(text, q.text) }})
		}),
		c.ask("without any questions", questions, nil, func(question) *search.Index { return words }),
	}
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(results)
	}
	for _, m := range results {
		fmt.Fprintf(env.Out, "%-28s %3d questions, first %5.1f %%, first three %5.1f %%; rightly silent %5.1f %%; %.0f µs\n",
			m.Parts, m.Asked, 100*m.First, 100*m.Three, 100*m.Silent, m.Micros)
	}
	fmt.Fprintf(env.Out, "%d questions are for services that this government does not have\n", results[0].Elsewhere)
	return nil
}

// ask asks every question.
func (c *SearchEvalCmd) ask(parts string, questions []question, missed func(question, []search.Hit), in func(question) *search.Index) measure {
	m := measure{Parts: parts}
	var first, three, silent, others int
	var spent time.Duration
	for _, q := range questions {
		x := in(q)
		from := time.Now()
		hits := x.Find(q.text, 3)
		spent += time.Since(from)
		right := func(h search.Hit) bool { return slices.Contains(q.services, h.Service) }
		switch {
		case q.elsewhere:
			m.Elsewhere++
			continue
		case len(q.services) == 0:
			others++
			if len(hits) == 0 {
				silent++
			} else if missed != nil {
				missed(q, hits)
			}
			continue
		case slices.ContainsFunc(hits, right):
			three++
			if right(hits[0]) {
				first++
			}
		case missed != nil:
			missed(q, hits)
		}
		m.Asked++
	}
	m.First, m.Three = share(first, m.Asked), share(three, m.Asked)
	m.Silent, m.Micros = share(silent, others), float64(spent.Microseconds())/float64(max(len(questions), 1))
	return m
}

func share(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

// question is what somebody asked and which services answer it.
type question struct {
	intent, text string
	services     []string
	elsewhere    bool // a service answers it, but none of this government
}

// readQuestions joins the questions with the services that answer them.
func readQuestions(file, table string, g *definition.Government) ([]question, error) {
	rows, err := readCSV(file)
	if err != nil {
		return nil, err
	}
	answers, err := readCSV(table)
	if err != nil {
		return nil, err
	}
	right := map[string][]string{}
	for _, r := range answers {
		right[r[0]] = strings.Fields(r[1])
	}
	var out []question
	count := map[string]int{}
	for _, r := range rows {
		count[r[0]]++
		if strings.TrimSpace(r[1]) == "" {
			continue
		}
		services, one := right[fmt.Sprintf("%s#%d", r[0], count[r[0]])]
		if !one {
			services = right[r[0]]
		}
		q := question{intent: r[0], text: r[1]}
		for _, id := range services {
			if g.Service(id) != nil {
				q.services = append(q.services, id)
			}
		}
		q.elsewhere = len(services) > 0 && len(q.services) == 0
		out = append(out, q)
	}
	return out, nil
}

// readCSV reads a file of two columns without its head.
func readCSV(name string) ([][]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.Comment = 2, '#'
	if _, err := r.Read(); err != nil && err != io.EOF {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	rows, err := r.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows, nil
}

// SearchStemsCmd measures the stemmer.
type SearchStemsCmd struct {
	Gold string `help:"CSV file with a head line: word, root." required:"" type:"existingfile"`
	Show bool   `help:"Print every word that came to another root."`
}

// Run prints the share of words that came to their root.
func (c *SearchStemsCmd) Run(env *Env) error {
	rows, err := readCSV(c.Gold)
	if err != nil {
		return &statusError{failed, err}
	}
	stemmer, right := search.NewStemmer(), 0
	for _, r := range rows {
		var got []string
		for _, w := range strings.Fields(strings.ToLower(r[0])) {
			got = append(got, stemmer.Stem(w))
		}
		if strings.Join(got, " ") == r[1] {
			right++
		} else if c.Show {
			fmt.Fprintf(env.Out, "  %s: %s, not %s\n", r[0], strings.Join(got, " "), r[1])
		}
	}
	fmt.Fprintf(env.Out, "%d of %d words come to their root (%.1f %%)\n", right, len(rows), 100*share(right, len(rows)))
	return nil
}
