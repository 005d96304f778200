package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/definition/bpmn"
	"pendopo/law/definition/chart"
)

// DrawCmd draws the procedure of each service: the official chart as SVG and
// PDF, its twin in words, and BPMN for other tools.
type DrawCmd struct {
	Dir       string `arg:"" help:"Government folder." type:"existingdir"`
	Out       string `help:"Folder for the charts; made when it is not there." required:"" placeholder:"DIR"`
	Lang      string `help:"Language of the charts." enum:"id,en" default:"id"`
	Made      string `help:"Date made, for the identity sheet; else a line to write on." placeholder:"2026-03-17"`
	Revised   string `help:"Date revised, likewise." placeholder:"2026-03-17"`
	Effective string `help:"Date in force, likewise." placeholder:"2026-03-17"`
	JSON      bool   `help:"Print the files written as a JSON array." name:"json"`
}

// Run writes the charts. A folder that does not prove is not drawn.
func (c *DrawCmd) Run(env *Env) error {
	words := env.Texts.Printer(c.Lang)
	g, found := definition.Checked(os.DirFS(c.Dir))
	if definition.Failed(found) {
		return &statusError{failed, errors.New(words.T("chart.not_proved", "dir", c.Dir))}
	}
	head, date, err := c.head(words)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	var files []string
	for _, s := range g.Services {
		names, err := c.draw(chart.New(g, s, c.Lang, words.T, head), s.ID, date, bpmn.File(g, s, c.Lang, words.T))
		if err != nil {
			return err
		}
		files = append(files, names...)
	}
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(files)
	}
	for _, name := range files {
		fmt.Fprintln(env.Out, name)
	}
	return nil
}

// draw writes the files of one service.
func (c *DrawCmd) draw(drawn *chart.Chart, id string, date time.Time, process []byte) (names []string, err error) {
	pdf, err := drawn.PDF(date)
	if err != nil {
		return nil, err
	}
	for _, f := range []struct {
		ext  string
		data []byte
	}{{".svg", drawn.SVG()}, {".pdf", pdf}, {".txt", []byte(drawn.Text())}, {".bpmn", process}} {
		name := filepath.Join(c.Out, id+f.ext)
		if err := os.WriteFile(name, f.data, 0o644); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// head reads the dates of the identity sheet. The PDF says that it was made on
// the date in force, so that the same arguments give the same bytes.
func (c *DrawCmd) head(words *page.Printer) (h chart.Head, date time.Time, err error) {
	date = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, d := range []struct {
		flag, given string
		to          *string
	}{{"--made", c.Made, &h.Made}, {"--revised", c.Revised, &h.Revised}, {"--effective", c.Effective, &h.Effective}} {
		if d.given == "" {
			continue
		}
		at, err := time.Parse(time.DateOnly, d.given)
		if err != nil {
			return h, date, fmt.Errorf("%s is a date such as 2026-03-17", d.flag)
		}
		*d.to, date = words.Date(at), at
	}
	return h, date, nil
}
