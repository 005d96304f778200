package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pendopo/bench/load"
)

// measured is a subject with two rounds at a share of the limit.
func measured(name, database string, share float64) *subject {
	r := round{load.Result{Rate: 1000 * share, P50: time.Millisecond, P99: 20 * time.Millisecond}, 1000}
	return &subject{
		name: name, database: database, version: "1.2.3", starts: []time.Duration{time.Second}, idle: []float64{20}, peak: 60,
		rounds: map[string][]round{accept: {r, r}},
	}
}

func TestTheTableComparesWithLimitAndPendopoOfTheSameDatabase(t *testing.T) {
	b := &bench{limits: map[string]*floor{}, subjects: []*subject{
		measured("Pendopo", "SQLite", 0.2), measured("Pendopo", "PostgreSQL", 0.5), measured("PocketBase", "SQLite", 0.1), measured("DBOS", "PostgreSQL", 0.05),
	}}
	for database := range map[string]bool{"SQLite": true, "PostgreSQL": true} {
		b.limits[database] = &floor{seen: map[string][]load.Result{accept: {{Rate: 1000}}}}
	}
	text := b.report()
	for _, line := range []string{
		"| accept or start | *limit, SQLite* | 1000 | 0.0 | 0.0 | 1 |  |",
		"| accept or start | PocketBase, SQLite | 100 | 1.0 | 20 | 0.1 | 0.5 |",
		"| accept or start | DBOS, PostgreSQL | 50 | 1.0 | 20 | 0.05 | 0.1 |",
		"| DBOS, PostgreSQL | 1.2.3 | 1000 | 20 → 60 | has none | not seen | 0 | 0.0 s |",
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
}

func TestAPeerThatFailsIsNamedWithItsReason(t *testing.T) {
	broken := &subject{name: "Strapi", database: "SQLite", version: "1.2.3", fault: errors.New("install: no | such\npackage"), rounds: map[string][]round{}}
	b := &bench{limits: map[string]*floor{}, subjects: []*subject{measured("Pendopo", "SQLite", 0.2), broken}}
	text := b.report()
	for _, line := range []string{
		"| accept or start | Strapi, SQLite | not measured: install: no / such package | | | | |",
		"| Strapi, SQLite | 1.2.3 | not measured: install: no / such package | | | | | |",
	} {
		if !strings.Contains(text, line+"\n") {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
}

func TestVersionsComeFromTheFilesThatPinThem(t *testing.T) {
	t.Chdir("../..")
	for _, s := range []*subject{pocketbase(), strapi(), temporal(), dbos()} {
		if strings.Count(s.version, ".") != 2 {
			t.Errorf("%s is %s", s.name, s.version)
		}
	}
}
