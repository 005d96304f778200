package identity

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
)

func assignmentOf(e event.Event) string {
	var c clear
	if json.Unmarshal(e.Clear, &c) != nil {
		return ""
	}
	return c.Assignment
}

// Fold refolds officers from events, without any key: for `rebuild` and
// `verify`. Give it every event of the record by stream and version; it takes
// what is its own.
type Fold struct{ officers map[string]*Officer }

// NewFold makes an empty one.
func NewFold() *Fold { return &Fold{map[string]*Officer{}} }

// Add folds one event.
func (f *Fold) Add(e event.Event) error {
	if f.officers[e.Stream] == nil {
		if e.Kind != created {
			return nil
		}
		f.officers[e.Stream] = &Officer{}
	}
	return f.officers[e.Stream].Apply(e)
}

// Replace puts the folded rows in the place of what stands and says how many
// officers there are. Log-ins, passwords and sessions are no folds: they stay.
func (f *Fold) Replace(tx db.Tx) (n int, err error) {
	if err := clearFolds(tx); err != nil {
		return 0, err
	}
	for _, id := range slices.Sorted(maps.Keys(f.officers)) {
		if err := putOfficer(tx, *f.officers[id]); err != nil {
			return 0, err
		}
	}
	return len(f.officers), nil
}

// Difference is a row that is not what the events say. Values are clear parts,
// never personal.
type Difference struct{ Table, Row, Column, Folded, Stored string }

// String names table, row and column, and both values.
func (d Difference) String() string {
	return fmt.Sprintf("%s %s: %s is %q, events say %q", d.Table, d.Row, d.Column, d.Stored, d.Folded)
}

// row is a table's row as words by column; cells of one table have the same columns.
type row map[string]string

// Compare reports every difference between the folded rows and those that
// stand, rows missing or too many included, and log-ins and passwords whose
// hash is not in the events.
func (f *Fold) Compare(tx db.Tx, report func(Difference)) error {
	stand, err := allOfficers(tx)
	if err != nil {
		return err
	}
	folded := make([]Officer, 0, len(f.officers))
	for _, o := range f.officers {
		folded = append(folded, *o)
	}
	diff("officer", officerRows(folded), officerRows(stand), report)
	storedPosts, err := posts(tx, "")
	if err != nil {
		return err
	}
	diff("officer_post", postRows(folded), rowsOf(storedPosts), report)
	return f.compareSecrets(tx, report)
}

func officerRows(all []Officer) map[string]row {
	out := map[string]row{}
	for _, o := range all {
		out[o.ID] = row{
			"version": strconv.FormatInt(o.Version, 10), "created": instant(o.Created),
			"disabled": strconv.FormatBool(o.Disabled), "temporary": strconv.FormatBool(o.Temporary),
			"epoch":       strconv.FormatInt(o.Epoch, 10),
			"login_check": o.loginCheck, "password_check": o.passwordCheck,
		}
	}
	return out
}

func postRows(all []Officer) map[string]row {
	var ps []post
	for _, o := range all {
		for _, a := range o.Assignments {
			ps = append(ps, post{a, o.ID})
		}
	}
	return rowsOf(ps)
}

func rowsOf(ps []post) map[string]row {
	out := map[string]row{}
	for _, p := range ps {
		out[p.ID] = row{
			"officer": p.officer, "unit": p.Unit, "role": p.Role, "kind": string(p.Kind),
			"from_day": p.From, "until_day": p.Until, "ended": instant(p.Ended),
		}
	}
	return out
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// diff reports what differs, in order of rows and columns.
func diff(table string, folded, stored map[string]row, report func(Difference)) {
	ids := maps.Clone(folded)
	maps.Copy(ids, stored)
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		f, s := folded[id], stored[id]
		if f == nil || s == nil {
			report(Difference{table, id, "row", present(f), present(s)})
			continue
		}
		for _, column := range slices.Sorted(maps.Keys(f)) {
			if f[column] != s[column] {
				report(Difference{table, id, column, f[column], s[column]})
			}
		}
	}
}

func present(r row) string {
	if r == nil {
		return "missing"
	}
	return "present"
}

// compareSecrets checks rows that no event can restore by the hashes that
// events hold. A row that is gone is no difference: it may have been destroyed.
func (f *Fold) compareSecrets(tx db.Tx, report func(Difference)) error {
	logins, err := secrets(tx, `SELECT officer, token FROM officer_login`)
	if err != nil {
		return err
	}
	passwords, err := secrets(tx, `SELECT officer, hash FROM officer_password`)
	if err != nil {
		return err
	}
	f.compareSecret("officer_login", logins, func(o *Officer) string { return o.loginCheck }, report)
	f.compareSecret("officer_password", passwords, func(o *Officer) string { return o.passwordCheck }, report)
	return nil
}

func (f *Fold) compareSecret(table string, stored map[string][]byte, check func(*Officer) string, report func(Difference)) {
	for _, id := range slices.Sorted(maps.Keys(stored)) {
		o := cmp.Or(f.officers[id], &Officer{})
		if got := checkOf(string(stored[id])); got != check(o) {
			report(Difference{table, id, "hash", check(o), got})
		}
	}
}

func secrets(tx db.Tx, query string) (map[string][]byte, error) {
	rows, err := tx.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]byte{}
	for rows.Next() {
		var id string
		var secret []byte
		if err := rows.Scan(&id, &secret); err != nil {
			return nil, err
		}
		out[id] = secret
	}
	return out, rows.Err()
}

// foldAll folds the whole record.
func foldAll(tx db.Tx) (*Fold, error) {
	f := NewFold()
	return f, event.Walk(tx, f.Add)
}

// Verify refolds every officer and reports each difference to the rows that
// stand, in words without personal values. It needs no key.
func (e *Engine) Verify(ctx context.Context, report func(words string)) error {
	return e.db.Read(ctx, func(tx db.Tx) error {
		f, err := foldAll(tx)
		if err != nil {
			return err
		}
		return f.Compare(tx, func(d Difference) { report(d.String()) })
	})
}

// Rebuild makes the rows of officers anew from the record, in one transaction.
func (e *Engine) Rebuild(context.Context) error {
	return e.db.Write(func(tx db.Tx) error {
		f, err := foldAll(tx)
		if err != nil {
			return err
		}
		_, err = f.Replace(tx)
		return err
	})
}
