package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pendopo/app"
	"pendopo/app/demo"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
	"pendopo/law/definition"
	"pendopo/law/fold"
)

// town is an instance with the demo's government, its officers, and the clock
// that the past is made on.
type town struct {
	*app.Instance
	clock    *demo.Clock
	days     days
	officers map[string][]string // unit/role → ids
	regions  []string            // that have an office of their own
	template map[string]string   // service → hash of its template
}

// begins is the first day of the past: the first that the calendars cover.
func begins() time.Time { return time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC) }

// openTown opens the folder, or makes it as it would have been on the first day.
func openTown(ctx context.Context, place conf.Place, until time.Time) (*town, error) {
	t := &town{clock: &demo.Clock{}, officers: map[string][]string{}, template: map[string]string{}}
	t.clock.Set(begins())
	var err error
	t.Instance, err = app.Open(ctx, app.Options{
		Place: place, Base: "http://localhost:8080", Lock: place.Database == "", Create: true, Origin: "growth.localhost/log", Since: begins(), Now: t.clock.Now,
	})
	if err != nil {
		return nil, err
	}
	if t.Cases.Government() == nil {
		if _, err := t.Publish(ctx, government.FS); err != nil {
			return t, err
		}
	}
	office, err := t.Cases.Catalogue().Clock("dpmptsp")
	if err != nil {
		return t, err
	}
	t.days = newDays(office, begins(), until)
	for _, u := range t.Cases.Government().Units {
		if strings.Count(u.Region, ".") == 3 {
			t.regions = append(t.regions, u.Region)
		}
	}
	return t, t.templates()
}

// templates hashes what stand-in documents say they were drawn from.
func (t *town) templates() error {
	for _, b := range t.Cases.Catalogue().Services() {
		body, err := json.Marshal(b.Template)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		t.template[b.Service.ID] = hex.EncodeToString(sum[:])
	}
	return nil
}

// seats are how many officers a role has at each unit where it has any.
func seats(role string) int {
	switch role {
	case "petugas_ptsp":
		return 4
	case "petugas_layanan", "tim_teknis":
		return 2
	}
	return 1
}

// settle makes the officers of every post that the flows name. None has a
// password: nobody logs in as one of them.
func (t *town) settle(ctx context.Context) error {
	for i, post := range t.posts() {
		key := post.Unit + "/" + post.Role
		for seat := range seats(post.Role) {
			id, err := t.appoint(ctx, post, seat, 10*i+seat)
			if err != nil {
				return err
			}
			t.officers[key] = append(t.officers[key], id)
		}
	}
	return nil
}

// posts are the roles at units of every step, of whom lateness calls in, and the
// administrator.
func (t *town) posts() []fold.Holder {
	g := t.Cases.Government()
	var out []fold.Holder
	for _, u := range g.Units {
		switch {
		case strings.Count(u.Region, ".") == 3:
			for _, role := range []string{"petugas_layanan", "sekretaris_kelurahan", "lurah"} {
				out = append(out, fold.Holder{Unit: u.ID, Role: role})
			}
		case u.ID == "dpmptsp":
			for _, role := range []string{"petugas_ptsp", "koordinator_perizinan", "kepala_dpmptsp", "sekretaris_dpmptsp"} {
				out = append(out, fold.Holder{Unit: u.ID, Role: role})
			}
		case u.ID == "dinkes":
			out = append(out, fold.Holder{Unit: u.ID, Role: "tim_teknis"}, fold.Holder{Unit: u.ID, Role: "kepala_dinas_kesehatan"})
		}
	}
	return append(out, fold.Holder{Unit: "setda", Role: "administrator"})
}

func (t *town) appoint(ctx context.Context, post fold.Holder, seat, n int) (string, error) {
	login := fmt.Sprintf("%s%d.%s", strings.ReplaceAll(post.Role, "_", ""), seat+1, post.Unit)
	login = login[:min(len(login), 40)]
	if id, err := t.Identity.FindLogin(ctx, login); err == nil {
		return id, nil
	}
	p := personOf(1_000_000_000+n, begins())
	id, err := t.Identity.Create(ctx, identity.NewOfficer{
		Login: login, Name: identity.Name{Full: p.name, NIP: fmt.Sprintf("1980%04d2010001%03d", n/1000, n%1000)},
	})
	if err != nil {
		return "", err
	}
	_, err = t.Identity.Assign(ctx, id, identity.Assignment{Unit: post.Unit, Role: post.Role, From: "2025-01-02", Kind: identity.Definitive}, "", "")
	return id, err
}

// officer is whose turn it is at a post: the same for the same case.
func (t *town) officer(unit, role string, n int) string {
	all := t.officers[unit+"/"+role]
	if len(all) == 0 {
		return ""
	}
	return all[n%len(all)]
}

// service finds a live service.
func (t *town) service(id string) *definition.Service {
	b, err := t.Cases.Catalogue().Live(id)
	if err != nil {
		return nil
	}
	return b.Service
}

// progress is the file beside the record that says how far the making came.
type progress struct {
	State  string    `json:"state"` // making: not to be used; paused: may go on; finished
	Cases  int       `json:"cases"` // how many there are to be
	Made   int       `json:"made"`
	Events int64     `json:"events"`
	Day    int       `json:"day"` // the next day of the past
	Until  time.Time `json:"until"`
	Took   float64   `json:"took"` // seconds
}

const (
	making   = "making"
	paused   = "paused"
	finished = "finished"
)

func progressFile(data string) string { return filepath.Join(data, "growth.json") }

func readProgress(data string) (p progress, err error) {
	raw, err := os.ReadFile(progressFile(data))
	if err == nil {
		err = json.Unmarshal(raw, &p)
	}
	return p, err
}

func (p progress) save(data string) error {
	raw, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(progressFile(data), append(raw, '\n'), 0o600)
}

// streams are all cases there are.
func (t *town) streams(ctx context.Context) (all []string, err error) {
	err = t.DB.Read(ctx, func(tx db.Tx) error {
		rows, err := tx.Query(`SELECT stream FROM cases ORDER BY stream`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			if err := rows.Scan(&s); err != nil {
				return err
			}
			all = append(all, s)
		}
		return rows.Err()
	})
	return all, err
}
