package cli

import (
	"encoding/json"
	"fmt"
	"os"

	"pendopo/feature/complaint/archive"
	"pendopo/kernel/conf"
)

// ReportImportCmd takes in reports of another system.
type ReportImportCmd struct {
	conf.Place
	File string `arg:"" help:"CSV file with the names of its columns in the first line." type:"existingfile"`
	Map  string `help:"File that says what the columns mean." required:"" type:"existingfile" placeholder:"MAP.yaml"`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// Run takes the file in and names what is wrong with it.
func (c *ReportImportCmd) Run(env *Env) error {
	raw, err := os.ReadFile(c.Map)
	if err != nil {
		return err
	}
	m, err := archive.ParseMap(raw)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Map, err)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	got, err := in.ImportReports(env.Ctx, m, file)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	if c.JSON {
		if err := json.NewEncoder(env.Out).Encode(got); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(env.Out, "%d lines: %d archived, %d opened as cases, %d taken in before, %d left out\n", got.Lines, got.Archived, got.Opened, got.Before, got.Wrong)
		for _, f := range got.Faults {
			fmt.Fprintf(env.Err, "%s: %s\n", c.File, f)
		}
	}
	if got.Wrong > 0 {
		return errFindings
	}
	return nil
}
