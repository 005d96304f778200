package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"pendopo/engine/administration"
	"pendopo/kernel/page"
	"pendopo/law/definition"
)

// CheckCmd proves a government folder. It writes nothing and needs no data.
type CheckCmd struct {
	Dir  string `arg:"" help:"Government folder." type:"existingdir"`
	Lang string `help:"Language of the findings." enum:"id,en" default:"id"`
	JSON bool   `help:"Print the findings as a JSON array." name:"json"`
}

// Run prints every finding, and ends with status 1 when one of them keeps the
// folder from going live.
func (c *CheckCmd) Run(env *Env) error {
	found := definition.Check(os.DirFS(c.Dir))
	words := env.Texts.Printer(c.Lang)
	for i := range found {
		found[i] = administration.InWords(found[i], words)
	}
	if err := c.print(env.Out, found, words); err != nil {
		return err
	}
	if definition.Failed(found) {
		return errFindings
	}
	return nil
}

func (c *CheckCmd) print(w io.Writer, found []definition.Finding, words *page.Printer) error {
	if c.JSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if found == nil {
			found = []definition.Finding{}
		}
		return enc.Encode(found)
	}
	errors := 0
	for _, f := range found {
		if f.Severity == definition.Error {
			errors++
		}
		if _, err := fmt.Fprintf(w, "%s\n\n", f); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, words.T("definition.summary", "n", errors, "warnings", len(found)-errors))
	return err
}
