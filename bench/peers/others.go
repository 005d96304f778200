package main

import (
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"time"

	"pendopo/bench/load"
)

// pocketbase stores a record in a collection.
func pocketbase() *subject {
	const records = "/api/collections/applications/records"
	return &subject{
		name: "PocketBase", version: pinned("pocketbase/go.mod", "github.com/pocketbase/pocketbase"), database: "SQLite",
		peer: "pocketbase", front: "/_/", list: true,
		program: func(s *subject) load.Program {
			return load.Program{
				Args: []string{filepath.Join(s.installed(), "pocketbase"), "serve", "--http", s.addr, "--dir", filepath.Join(s.dir, "data")},
				Env:  []string{"ROWS=" + strconv.Itoa(s.b.rows)}, Ready: get("/api/health"),
			}
		},
		prepare: func(s *subject) error { s.named("bench%010d"); return nil },
		request: func(s *subject, kind string) load.Load {
			switch kind {
			case accept:
				return load.Load{Status: 200, Next: func(b []byte, n int64) []byte { return load.Post(b, records, "", load.Answers(n)) }}
			case list:
				return load.Load{Status: 200, Next: always(get(records + "?page=1&perPage=20&sort=-created"))}
			}
			return load.Load{Status: 200, Next: s.turns(records + "/%s")}
		},
	}
}

// strapi stores an entry of a content type.
func strapi() *subject {
	const entries = "/api/applications"
	return &subject{
		name: "Strapi", version: pinned("strapi/package.json", "@strapi/strapi"), database: "SQLite", peer: "strapi", front: "/admin/", list: true,
		program: func(s *subject) load.Program {
			_, port, _ := net.SplitHostPort(s.addr)
			return load.Program{
				Dir: s.installed(), Args: []string{"node", "node_modules/@strapi/strapi/bin/strapi.js", "start"},
				Env: []string{
					"NODE_ENV=production", "STRAPI_TELEMETRY_DISABLED=true", "STRAPI_DISABLE_UPDATE_NOTIFICATION=true",
					"PORT=" + port, "DATA=" + filepath.Join(s.dir, "data.db"), "ROWS=" + strconv.Itoa(s.b.rows),
				},
				Ready: get(entries + "?pagination[pageSize]=1"),
			}
		},
		prepare: func(s *subject) error { s.named("bench%019d"); return nil },
		request: func(s *subject, kind string) load.Load {
			switch kind {
			case accept:
				return load.Load{Status: 201, Next: func(b []byte, n int64) []byte {
					return load.Post(b, entries, "", fmt.Appendf(nil, `{"data":%s}`, load.Answers(n)))
				}}
			case list:
				return load.Load{Status: 200, Next: always(get(entries + "?sort=createdAt:desc&pagination[pageSize]=20&pagination[withCount]=true"))}
			}
			return load.Load{Status: 200, Next: s.turns(entries + "/%s")}
		},
	}
}

// temporal starts a workflow and finishes its first step.
func temporal() *subject {
	return starting(&subject{
		name: "Temporal", version: pinned("temporal/go.mod", "go.temporal.io/server"), database: "SQLite", peer: "temporal",
		program: func(s *subject) load.Program {
			return load.Program{Args: []string{filepath.Join(s.installed(), "temporal"), s.addr, s.dir}, Ready: get("/")}
		},
	})
}

// dbos starts a workflow and finishes its first step.
func dbos() *subject {
	return starting(&subject{
		name: "DBOS", version: pinned("dbos/package.json", "@dbos-inc/dbos-sdk"), database: "PostgreSQL", peer: "dbos",
		program: func(s *subject) load.Program {
			return load.Program{
				Dir: s.installed(), Args: []string{"node", "server.js"}, Env: []string{"NODE_ENV=production", "ADDR=" + s.addr, "DATABASE=" + s.postgres.server.URL},
				Ready: get("/"),
			}
		},
	})
}

// starting completes a subject that only starts and describes workflows. What
// it can be asked for is what it has started before.
func starting(s *subject) *subject {
	s.request = func(s *subject, kind string) load.Load {
		if kind == accept {
			return load.Load{Status: 201, Next: func(b []byte, n int64) []byte { return load.Post(b, "/start", "", load.Answers(n)) }}
		}
		return load.Load{Status: 200, Next: s.turns("/status/%s")}
	}
	s.prepare = func(s *subject) error {
		l := s.collecting(`"id":"([^"]+)"`)
		_, err := l.Run(clients, 3*time.Second, &s.b.from)
		return err
	}
	return s
}

// named are the ids of rows that a peer's own program has made.
func (s *subject) named(format string) {
	for i := range s.b.rows {
		s.ids = append(s.ids, fmt.Sprintf(format, 1+i*7919%s.b.rows))
	}
}

// collecting hands in and keeps the ids that the answers name.
func (s *subject) collecting(pattern string) load.Load {
	id := regexp.MustCompile(pattern)
	var mu sync.Mutex
	l := s.request(s, accept)
	l.Addr = s.addr
	l.Keep = func(body []byte) {
		if found := id.FindSubmatch(body); found != nil {
			mu.Lock()
			defer mu.Unlock()
			s.ids = append(s.ids, string(found[1]))
		}
	}
	return l
}
