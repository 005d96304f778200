package follow

import (
	"embed"
	"io/fs"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// Schema is the migrations of this package's table; the module's name for
// db.Migrate is "follow".
func Schema() fs.FS {
	sub, err := fs.Sub(schemaFiles, "schema")
	if err != nil {
		return schemaFiles // not reached: the folder is embedded
	}
	return sub
}
