package db

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"
)

// expanding is a folder of migrations whose words are replaced when read.
type expanding struct {
	files   fs.FS
	dialect Dialect
}

// Open implements fs.FS.
func (e expanding) Open(name string) (fs.File, error) {
	f, err := e.files.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	defer f.Close()
	raw, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	text, err := expand(string(raw), e.dialect)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &expanded{Reader: bytes.NewReader([]byte(text)), info: expandedInfo{info, int64(len(text))}}, nil
}

// expanded is a migration with its words replaced.
type expanded struct {
	*bytes.Reader
	info fs.FileInfo
}

// Stat implements fs.File.
func (e *expanded) Stat() (fs.FileInfo, error) { return e.info, nil }

// Close implements fs.File.
func (e *expanded) Close() error { return nil }

type expandedInfo struct {
	fs.FileInfo
	size int64
}

// Size is that of the expanded text.
func (i expandedInfo) Size() int64 { return i.size }

var (
	onlyBlock  = regexp.MustCompile(`(?s)\{\{only (\w+)\}\}(.*?)\{\{end\}\}`)
	appendOnly = regexp.MustCompile(`\{\{append_only (\w+)\}\}`)
	anyWord    = regexp.MustCompile(`\{\{[^}]*\}\}`)
)

// expand replaces the words of a migration for one dialect.
func expand(text string, dialect Dialect) (string, error) {
	text = onlyBlock.ReplaceAllStringFunc(text, func(block string) string {
		m := onlyBlock.FindStringSubmatch(block)
		if Dialect(m[1]) == dialect {
			return m[2]
		}
		return ""
	})
	words := strings.NewReplacer("{{bytes}}", "BLOB", "{{serial}}", "INTEGER PRIMARY KEY AUTOINCREMENT", "{{compact}}", "WITHOUT ROWID")
	triggers := liteTriggers
	if dialect == Postgres {
		words = strings.NewReplacer("{{bytes}}", "BYTEA", "{{serial}}", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "{{compact}}", "")
		triggers = postgresTriggers
	}
	text = words.Replace(text)
	var failed error
	source := text
	text = appendOnly.ReplaceAllStringFunc(text, func(word string) string {
		table, err := describe(source, appendOnly.FindStringSubmatch(word)[1])
		if err != nil {
			failed = err
		}
		return triggers(table)
	})
	if failed == nil {
		if word := anyWord.FindString(text); word != "" {
			failed = fmt.Errorf("unknown word %s", word)
		}
	}
	if !strings.Contains(text, "-- +goose Up") {
		text = "-- +goose Up\n" + text
	}
	return text, failed
}

// described is what the triggers of a table need to know.
type described struct {
	name  string
	rowid bool       // SQLite gives it a rowid besides its keys
	keys  [][]string // the columns of each key
}

var (
	primaryKey = regexp.MustCompile(`(?i)\bPRIMARY\s+KEY\b`)
	uniqueKey  = regexp.MustCompile(`(?i)\bUNIQUE\b`)
	keyList    = regexp.MustCompile(`(?i)^(?:CONSTRAINT\s+\w+\s+)?(?:PRIMARY\s+KEY|UNIQUE)\s*\(([^)]*)\)`)
	comment    = regexp.MustCompile(`--[^\n]*`)
)

// describe reads a table's keys from its CREATE TABLE and CREATE UNIQUE INDEX
// in the same migration, so that no key can be forgotten in the triggers.
func describe(source, name string) (described, error) {
	t := described{name: name}
	source = comment.ReplaceAllString(source, "")
	create := regexp.MustCompile(`(?is)CREATE\s+TABLE\s+` + name + `\s*\(`).FindStringIndex(source)
	if create == nil {
		return t, fmt.Errorf("{{append_only %s}}: no CREATE TABLE %s in this file", name, name)
	}
	parts, rest := splitColumns(source[create[1]:])
	end, _, _ := strings.Cut(rest, ";")
	t.rowid = !strings.Contains(strings.ToUpper(end), "WITHOUT ROWID")
	for _, part := range parts {
		if m := keyList.FindStringSubmatch(part); m != nil {
			t.keys = append(t.keys, columnNames(m[1]))
		} else if primaryKey.MatchString(part) || uniqueKey.MatchString(part) {
			t.keys = append(t.keys, []string{strings.Fields(part)[0]})
		}
	}
	index := regexp.MustCompile(`(?is)CREATE\s+UNIQUE\s+INDEX\s+\w+\s+ON\s+` + name + `\s*\(([^)]*)\)`)
	for _, m := range index.FindAllStringSubmatch(source, -1) {
		t.keys = append(t.keys, columnNames(m[1]))
	}
	if len(t.keys) == 0 {
		return t, fmt.Errorf("{{append_only %s}}: the table has no key", name)
	}
	return t, nil
}

func columnNames(list string) []string {
	names := strings.Split(list, ",")
	for i := range names {
		names[i] = strings.TrimSpace(names[i])
	}
	return names
}

// splitColumns splits the inside of CREATE TABLE's brackets at its own commas
// and gives what follows the closing one.
func splitColumns(s string) (parts []string, rest string) {
	depth, start := 0, 0
	for i, r := range s {
		switch {
		case r == '(':
			depth++
		case r == ')' && depth > 0:
			depth--
		case r == ')':
			return append(parts, strings.TrimSpace(s[start:i])), s[i+1:]
		case r == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	return parts, ""
}

// What the triggers say; IsConflict and IsRefused look for it.
const (
	sayRefused  = "append_only: rows of %s are never changed or removed"
	sayConflict = "append_only: %s has such a row"
)

// liteTriggers refuses update, delete, and an insert that meets an existing
// row: INSERT OR REPLACE would pass the first two.
func liteTriggers(t described) string {
	var b strings.Builder
	for _, verb := range []string{"update", "delete"} {
		fmt.Fprintf(&b, "-- +goose StatementBegin\nCREATE TRIGGER append_only_%s_%s BEFORE %s ON %s BEGIN SELECT RAISE(ABORT, '"+sayRefused+"'); END;\n-- +goose StatementEnd\n",
			t.name, verb, strings.ToUpper(verb), t.name, t.name)
	}
	keys := t.keys
	if t.rowid {
		keys = append([][]string{{"rowid"}}, keys...)
	}
	fmt.Fprintf(&b, "-- +goose StatementBegin\nCREATE TRIGGER append_only_%s_insert BEFORE INSERT ON %s BEGIN\n", t.name, t.name)
	for _, key := range keys {
		var same []string
		for _, column := range key {
			same = append(same, column+" = NEW."+column)
		}
		fmt.Fprintf(&b, "SELECT RAISE(ABORT, '"+sayConflict+"') WHERE EXISTS (SELECT 1 FROM %s WHERE %s);\n", t.name, t.name, strings.Join(same, " AND "))
	}
	b.WriteString("END;\n-- +goose StatementEnd\n")
	return b.String()
}

// postgresTriggers refuses update, delete and truncate; a conflicting insert
// fails by its key, and ON CONFLICT DO UPDATE is an update.
func postgresTriggers(t described) string {
	return fmt.Sprintf(`-- +goose StatementBegin
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN RAISE EXCEPTION '`+strings.ReplaceAll(sayRefused, "%s", "%%")+`', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $refuse$;
-- +goose StatementEnd
CREATE TRIGGER append_only_%[1]s_row BEFORE UPDATE OR DELETE ON %[1]s FOR EACH ROW EXECUTE FUNCTION append_only_refuse();
CREATE TRIGGER append_only_%[1]s_all BEFORE TRUNCATE ON %[1]s FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse();
`, t.name)
}
