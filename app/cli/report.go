package cli

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"pendopo/law/routing"
)

// ReportCmd looks after what is special about reports.
type ReportCmd struct {
	Import  ReportImportCmd  `cmd:"" help:"Take in reports of another system from a CSV file."` // feature/complaint
	Measure ReportMeasureCmd `cmd:"" help:"Measure how well units, kinds and categories are suggested, on a CSV file of decided reports."`
}

// ReportMeasureCmd measures suggestions. It reads files alone, and keeps and
// prints no text of them.
type ReportMeasureCmd struct {
	File    string            `arg:"" help:"CSV file with a line of names: its texts, and what was decided." placeholder:"FILE.csv"`
	Text    []string          `help:"Columns of the text." default:"judul,isi"`
	Label   []string          `help:"Columns of what is to be suggested, each measured by itself." default:"unit_kasar,instansi_tujuan,jenis"`
	Folds   int               `help:"Into how many parts the file is cut: each is asked about with what was learned from the others." default:"10"`
	Start   bool              `help:"Learn nothing from the file: measure what the definitions alone suggest."`
	Same    map[string]string `help:"With --start: what a label of the file is called in the definitions; others are left out. May be repeated." placeholder:"LABEL=ID"`
	Service string            `help:"With --start: the service by which reports are made." default:"pengaduan"`
	Of      string            `help:"With --start: what the labels are." enum:"unit,category,kind" default:"unit"`
	searched
}

// mostRows bounds what is read of a file.
const mostRows = 100_000

// Run measures each column and prints the figures.
func (c *ReportMeasureCmd) Run(env *Env) error {
	if c.Folds < 2 || c.Folds > 100 {
		return &statusError{failed, errors.New("--folds is between 2 and 100")}
	}
	out := map[string]routing.Measured{}
	for _, column := range c.Label {
		examples, err := c.examples(column)
		if err != nil {
			return &statusError{failed, err}
		}
		if len(examples) < c.Folds {
			return &statusError{failed, fmt.Errorf("only %d rows have a %s; --same says which labels are meant", len(examples), column)}
		}
		if out[column], err = c.measure(examples); err != nil {
			return err
		}
	}
	if c.JSON {
		e := json.NewEncoder(env.Out)
		e.SetIndent("", "  ")
		return e.Encode(out)
	}
	for _, column := range c.Label {
		tell(env.Out, column, out[column])
	}
	return nil
}

func (c *ReportMeasureCmd) measure(examples []routing.Example) (routing.Measured, error) {
	if !c.Start {
		return routing.CrossValidate(examples, c.Folds), nil
	}
	g, err := c.open()
	if err != nil {
		return routing.Measured{}, err
	}
	start := routing.StartOf(g, g.Service(c.Service))
	learned := map[string][]routing.Example{"unit": start.Unit, "category": start.Category, "kind": start.Kind}[c.Of]
	return routing.Against(routing.Train(learned), examples), nil
}

// examples reads the rows that have a label. A label with a question mark behind
// it is one that nobody was sure of.
func (c *ReportMeasureCmd) examples(column string) ([]routing.Example, error) {
	f, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	names, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s has no line of names: %w", c.File, err)
	}
	at := func(name string) int { return slices.Index(names, name) }
	label := at(column)
	if i := slices.IndexFunc(append([]string{column}, c.Text...), func(n string) bool { return at(n) < 0 }); i >= 0 {
		return nil, fmt.Errorf("%s lacks a column; it has %s", c.File, strings.Join(names, ", "))
	}
	var out []routing.Example
	for len(out) < mostRows {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		if len(row) < len(names) || row[label] == "" {
			continue
		}
		name := strings.TrimSuffix(strings.TrimSpace(row[label]), "?")
		if c.Start {
			if name = c.Same[name]; name == "" {
				continue
			}
		}
		out = append(out, routing.Example{Text: c.textOf(row, at), Label: name})
	}
	return out, nil
}

// textOf joins the columns of the text, each without how it addresses somebody.
func (c *ReportMeasureCmd) textOf(row []string, at func(string) int) string {
	parts := make([]string, len(c.Text))
	for i, name := range c.Text {
		parts[i] = routing.Plain(row[at(name)])
	}
	return strings.Join(parts, " \n ")
}

// tell prints the figures of one column.
func tell(w io.Writer, column string, m routing.Measured) {
	fmt.Fprintf(w, "%s: %d texts in %d groups, %d labels", column, m.Examples, m.Groups, m.Labels)
	if m.Folds > 0 {
		fmt.Fprintf(w, ", %d folds", m.Folds)
	}
	fmt.Fprintf(w, "\n  first suggestion right    %5.1f %%   always the most frequent %5.1f %%\n", 100*m.First, 100*m.FirstMostFrequent)
	fmt.Fprintf(w, "  among the first three     %5.1f %%   always the most frequent %5.1f %%\n", 100*m.Three, 100*m.ThreeMostFrequent)
	fmt.Fprintf(w, "  said to be likelier than right, or less, by %.1f points on average\n", 100*m.Off)
	for _, s := range m.Sure {
		fmt.Fprintf(w, "  chance of %.0f %% and more: %5.1f %% of the texts, first right in %5.1f %%\n", 100*s.Chance, 100*s.Answered, 100*s.Right)
	}
	fmt.Fprintf(w, "  %-44s %6s %7s %7s %7s\n", "label", "texts", "first", "three", "precise")
	for _, c := range m.Classes[:min(len(m.Classes), 30)] {
		fmt.Fprintf(w, "  %-44.44s %6d %6.1f%% %6.1f%% %6.1f%%\n", c.Label, c.Examples, 100*c.First, 100*c.Three, 100*c.Precision)
	}
	for _, c := range m.Confusion[:min(len(m.Confusion), 8)] {
		fmt.Fprintf(w, "  %3d times %s was taken for %s\n", c.Times, c.Is, c.Said)
	}
	fmt.Fprintln(w)
}
