package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pendopo/law/definition"
	"pendopo/law/definition/chart"
)

// DrawCmd draws the procedure of each service as the official chart, one SVG
// file a service.
type DrawCmd struct {
	Dir  string `arg:"" help:"Government folder." type:"existingdir"`
	Out  string `help:"Folder for the charts; made when it is not there." required:"" placeholder:"DIR"`
	Lang string `help:"Language of the charts." enum:"id,en" default:"id"`
	JSON bool   `help:"Print the files written as a JSON array." name:"json"`
}

// Run writes the charts. A folder that does not prove is not drawn.
func (c *DrawCmd) Run(env *Env) error {
	if found := definition.Check(os.DirFS(c.Dir)); definition.Failed(found) {
		return &statusError{failed, errors.New(env.Texts.Printer(c.Lang).T("definition.chart.not_proved", "dir", c.Dir))}
	}
	g, _ := definition.Read(os.DirFS(c.Dir))
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	words := env.Texts.Printer(c.Lang)
	var files []string
	for _, s := range g.Services {
		name := filepath.Join(c.Out, s.ID+".svg")
		if err := os.WriteFile(name, chart.SOP(g, s, c.Lang, words.T), 0o644); err != nil {
			return err
		}
		files = append(files, name)
	}
	if c.JSON {
		return json.NewEncoder(env.Out).Encode(files)
	}
	for _, name := range files {
		fmt.Fprintln(env.Out, name)
	}
	return nil
}
