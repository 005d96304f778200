package casework

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/job"
	"pendopo/test/testkit"
)

// earlier are the tables as they were up to a migration.
func earlier(t *testing.T, last string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	names, err := fs.Glob(Schema(), "*.sql")
	for _, name := range names {
		data, e := fs.ReadFile(Schema(), name)
		if err != nil || e != nil {
			t.Fatal(err, e)
		}
		if strings.Compare(name, last) <= 0 {
			out[name] = &fstest.MapFile{Data: data}
		}
	}
	return out
}

// TestWhomLatenessCalledInIsStillFoundAfterAnUpgrade: rows that were written when
// the column held a role alone.
func TestWhomLatenessCalledInIsStillFoundAfterAnUpgrade(t *testing.T) {
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for _, m := range []struct {
			name  string
			files fs.FS
		}{{"record", event.Schema()}, {"job", job.Schema()}, {"casework", earlier(t, "0006_one_way.sql")}} {
			if err := d.Migrate(ctx, m.name, m.files); err != nil {
				t.Fatal(err)
			}
		}
		err := d.Write(func(tx db.Tx) error {
			for _, c := range []struct{ stream, escalated, state string }{
				{"late", "camat", `{"escalated":"camat","called":["lurah"]}`}, {"early", "", `{}`},
				{"branched", "", `{"branches":[{"id":"a"},{"id":"b","escalated":"lurah","called":["camat"]}]}`},
			} {
				_, err := tx.Exec(insertCase, c.stream, "s", "d", "u", "review", "", "role", "clerk", "u", c.escalated, 1, 1, 1, 1, c.state)
				if err != nil {
					return err
				}
			}
			_, err := tx.Exec(insertBranch, "branched", "b", "b", "clerk", "v", "lurah", 1, "s", "u")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Migrate(ctx, "casework", Schema()); err != nil {
			t.Fatal(err)
		}
		for _, want := range []struct{ post, stream string }{{"camat@u", "late"}, {"lurah@u", "late"}, {"lurah@v", "branched"}, {"camat@v", "branched"}} {
			err := d.Read(ctx, func(tx db.Tx) error {
				found, err := appendPlaces(nil, tx, calledIn, want.post, 0, "", 10)
				if len(found) != 1 || found[0].stream != want.stream {
					t.Errorf("%s finds %v", want.post, found)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}
