// Command pocketbase is PocketBase as a peer of the bench: its library with one
// collection that anyone may create in, read and list, and a sync at every
// commit, which PocketBase as shipped leaves out. It ends on SIGTERM.
//
//	ROWS=N pocketbase serve --http ADDR --dir DIR
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
	_ "modernc.org/sqlite" // the driver of its default connection
)

func main() {
	app := pocketbase.NewWithConfig(pocketbase.Config{HideStartBanner: true, DBConnect: connect})
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.InstallerFunc = nil // nobody is there to see a browser open
		if err := durable(e.App); err != nil {
			return err
		}
		if err := collection(e.App); err != nil {
			return err
		}
		return e.Next()
	})
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}

// connect is PocketBase's own connection, but for synchronous: NORMAL there.
func connect(path string) (*dbx.DB, error) {
	return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)"+
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
}

// durable reads back what the connection that writes has been set to.
func durable(app core.App) error {
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2"} {
		var got string
		if err := app.NonconcurrentDB().NewQuery("PRAGMA " + pragma).Row(&got); err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("%s is %s, not %s: an answered write may be lost", pragma, got, want)
		}
	}
	return nil
}

// collection makes the applications with rows to read, unless they are there.
func collection(app core.App) error {
	if _, err := app.FindCollectionByNameOrId("applications"); err == nil {
		return nil
	}
	c := core.NewBaseCollection("applications")
	c.ListRule, c.ViewRule, c.CreateRule = types.Pointer(""), types.Pointer(""), types.Pointer("")
	for name := range strings.FieldsSeq("birth_place birth_date sex phone region street lives_since occupation purpose") {
		c.Fields.Add(&core.TextField{Name: name})
	}
	c.Fields.Add(
		&core.TextField{Name: "name", Required: true},
		&core.TextField{Name: "nik", Required: true, Pattern: `^[0-9]{16}$`},
		&core.NumberField{Name: "rt", OnlyInt: true}, &core.NumberField{Name: "rw", OnlyInt: true},
		&core.JSONField{Name: "surat_pengantar"}, &core.JSONField{Name: "ktp"},
		&core.BoolField{Name: "declaration", Required: true},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	c.AddIndex("applications_created", false, "created", "")
	if err := app.Save(c); err != nil {
		return err
	}
	rows, err := strconv.Atoi(os.Getenv("ROWS"))
	if err != nil {
		return err
	}
	_, err = app.NonconcurrentDB().NewQuery(seed).Bind(dbx.Params{"rows": rows}).Execute()
	return err
}

// seed makes rows with ids that the bench can name and the same fields as what
// is handed in.
const seed = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:rows})
	INSERT INTO applications (id, name, nik, birth_place, birth_date, sex, phone, region, street, rt, rw, lives_since, occupation,
		purpose, surat_pengantar, ktp, declaration, created)
	SELECT printf('bench%010d', i), 'Sekar Wulandari', printf('336001570495%04d', i % 10000), 'Kawungraya', '1995-04-17', 'perempuan',
		printf('+62812000%05d', i % 100000), '33.60.01.1001', 'Jalan Melati 4', 2, 5, '2020-01-01', 'bekerja',
		'bank', '["counter"]', '["counter"]', TRUE, strftime('%Y-%m-%d %H:%M:%fZ', 1760000000 + i / 10.0, 'unixepoch') FROM n`
