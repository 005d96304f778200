package leak

import (
	"database/sql"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	_ "modernc.org/sqlite"
)

// Places searches a folder: every file as it lies there, and every column of
// every table of each database in it, where a value is whole again that the
// file spreads over pages. It gives the values found by place.
func (s *Scanner) Places(dir string) (map[string][]string, error) {
	found := map[string][]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		place := plain(strings.TrimPrefix(path, dir+"/"))
		note(found, place, s.Scan(data))
		note(found, place, s.Scan([]byte(d.Name())))
		if strings.HasPrefix(string(data), "SQLite format 3\x00") {
			return s.tables(path, place, found)
		}
		return nil
	})
	return found, err
}

// plain takes what differs from run to run out of a file's name.
func plain(name string) string {
	return regexp.MustCompile(`[0-9]{4,}(-[0-9]+)*`).ReplaceAllString(name, "N")
}

func note(found map[string][]string, place string, values []string) {
	for _, v := range values {
		if !slices.Contains(found[place], v) {
			found[place] = append(found[place], v)
		}
	}
}

// tables searches a copy of a database, so that looking changes nothing.
func (s *Scanner) tables(path, place string, found map[string][]string) error {
	dir, err := os.MkdirTemp("", "pendopo-leak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, tail := range []string{"", "-wal"} {
		if err := duplicate(path+tail, filepath.Join(dir, "copy"+tail)); err != nil {
			return err
		}
	}
	base, err := sql.Open("sqlite", filepath.Join(dir, "copy"))
	if err != nil {
		return err
	}
	defer base.Close()
	names, err := column(base, `SELECT name FROM sqlite_master WHERE type = 'table'`)
	if err != nil {
		return err
	}
	for _, table := range names {
		if err := s.table(base, table, place, found); err != nil {
			return fmt.Errorf("%s %s: %w", place, table, err)
		}
	}
	return nil
}

func duplicate(from, to string) error {
	data, err := os.ReadFile(from)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600)
}

func column(base *sql.DB, query string) ([]string, error) {
	rows, err := base.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		out = append(out, name)
	}
	return out, rows.Err()
}

// table searches every value of a table.
func (s *Scanner) table(base *sql.DB, table, place string, found map[string][]string) error {
	rows, err := base.Query(`SELECT * FROM "` + table + `"`)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return err
		}
		for i, name := range names {
			note(found, place+" "+table+"."+name, s.Scan(bytesOf(*values[i].(*any))))
		}
	}
	return rows.Err()
}

func bytesOf(v any) []byte {
	if b, ok := v.([]byte); ok {
		return b
	}
	return fmt.Append(nil, v)
}

// Lines are the places and what was found there, for a golden file.
func Lines(found map[string][]string) []byte {
	var b strings.Builder
	for _, place := range slices.Sorted(maps.Keys(found)) {
		fmt.Fprintf(&b, "%s: %s\n", place, strings.Join(slices.Sorted(slices.Values(found[place])), ", "))
	}
	return []byte(b.String())
}
