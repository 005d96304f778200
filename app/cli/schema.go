package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"pendopo/law/definition"
)

// SchemaCmd writes JSON Schemas of a government's files, so that an editor
// offers the keys and marks what cannot be.
type SchemaCmd struct {
	Out string `help:"Folder to write the schemas into." required:"" type:"path"`
}

// Run writes one schema for each kind of file, and says how an editor finds it.
func (c *SchemaCmd) Run(env *Env) error {
	if err := os.MkdirAll(c.Out, 0o755); err != nil {
		return err
	}
	all := definition.Schemas()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		raw, err := json.MarshalIndent(all[name], "", "  ")
		if err != nil {
			return err
		}
		path := filepath.Join(c.Out, name+".json")
		if err := os.WriteFile(path, append(raw, '\n'), 0o644); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(env.Out, "%s  for %s\n", path, all[name]["title"]); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(env.Out, "First line of a service file: # yaml-language-server: $schema=../schema/service.json")
	return err
}
