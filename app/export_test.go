package app

import (
	"errors"
	"io/fs"
	"testing/fstest"
)

// Planted gives options under which a module of the record has one more
// migration, as a newer version of the program would.
func Planted(o Options, module, sql string) (Options, error) {
	for _, m := range schemas() {
		if m.name == module {
			files := fstest.MapFS{"0999_planted.sql": {Data: []byte(sql)}}
			names, err := fs.Glob(m.files, "*.sql")
			for _, name := range names {
				content, e := fs.ReadFile(m.files, name)
				files[name], err = &fstest.MapFile{Data: content}, errors.Join(err, e)
			}
			if err != nil {
				return o, err
			}
			m.files = files
		}
		o.schemas = append(o.schemas, m)
	}
	return o, nil
}

// PgProgram finds a program of PostgreSQL as a rehearsal does.
func PgProgram(name string) (string, error) { return pgProgram(name) }
