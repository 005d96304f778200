package archive

import (
	"embed"
	"io/fs"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema is the migrations of the table of files; the module's name for
// db.Migrate is "archive".
func Schema() fs.FS {
	sub, err := fs.Sub(schema, "schema")
	if err != nil {
		return schema // not reached: the folder is embedded
	}
	return sub
}
