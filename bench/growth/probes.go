package main

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"pendopo/app"
	"pendopo/engine/identity"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
)

// Who the measuring logs in as. The roving officer has the turn at the counters
// of every village, so that there is more than a page of work also where there
// are few cases.
const (
	rover  = "growth.rover"
	keeper = "growth.keeper"
)

// probes are what is asked of one instance.
type probes struct {
	password string
	codes    []string // of cases, open and ended, drawn by chance
	streams  []string // the same
	niks     []string // of people, of whom some have cases
	names    []string
	phones   []string
}

// drawn is how many of each.
const drawn = 200

// probe opens an instance for a moment.
func probe(ctx context.Context, place conf.Place) (p probes, err error) {
	in, err := app.Open(ctx, app.Options{Place: place, Base: "http://localhost", Lock: place.Database == "", Untried: true}) // a folder of a measurement can be made anew
	if err != nil {
		return p, err
	}
	defer in.Close()
	if p.password, err = hire(ctx, in); err != nil {
		return p, err
	}
	if p.streams, err = someStreams(ctx, in); err != nil {
		return p, err
	}
	for _, s := range p.streams {
		p.codes = append(p.codes, in.Cases.Code(s))
	}
	r := rand.New(rand.NewPCG(7, 7))
	for range drawn {
		x := personOf(r.IntN(5000), in.Now())
		p.niks, p.names, p.phones = append(p.niks, x.nik()), append(p.names, x.name), append(p.phones, x.phone)
	}
	return p, nil
}

// someStreams draws cases by chance: the id after a random one is found by index.
func someStreams(ctx context.Context, in *app.Instance) (out []string, err error) {
	err = in.DB.Read(ctx, func(tx db.Tx) error {
		var first, last string
		if err := tx.Row(`SELECT min(stream), max(stream) FROM cases`).Scan(&first, &last); err != nil {
			return err
		}
		r := rand.New(rand.NewPCG(3, 3))
		for range drawn {
			var s string
			if err := tx.Row(`SELECT stream FROM cases WHERE stream >= ? ORDER BY stream LIMIT 1`, between(first, last, r.Float64())).Scan(&s); err != nil {
				return err
			}
			out = append(out, s)
		}
		return nil
	})
	return out, err
}

// between is an id a share of the way from one to another, by their first twelve
// digits, which are the time they were made.
func between(first, last string, share float64) string {
	a, b := milliseconds(first), milliseconds(last)
	at := a + int64(share*float64(b-a))
	digits := []byte("000000000000")
	for i := range digits {
		digits[len(digits)-1-i] = "0123456789abcdef"[at>>(4*i)&15]
	}
	return string(digits[:8]) + "-" + string(digits[8:]) + "-0"
}

func milliseconds(id string) (n int64) {
	for _, c := range strings.ReplaceAll(id, "-", "")[:12] {
		n = n<<4 | int64(strings.IndexRune("0123456789abcdef", c))
	}
	return n
}

// passwordFile keeps the password of the two officers beside the record. It is
// no file of a real instance.
const passwordFile = "growth-password"

// hire makes the two officers, the first time, and tells their password.
func hire(ctx context.Context, in *app.Instance) (string, error) {
	file := filepath.Join(in.Place.Data, passwordFile)
	if raw, err := os.ReadFile(file); err == nil {
		return string(raw), nil
	}
	password := identity.NewPassword()
	posts := map[string][]identity.Assignment{keeper: {{Unit: "setda", Role: "administrator"}}}
	for _, u := range in.Cases.Government().Units {
		if strings.Count(u.Region, ".") == 3 {
			posts[rover] = append(posts[rover], identity.Assignment{Unit: u.ID, Role: "petugas_layanan"})
		}
	}
	for login, all := range posts {
		id, err := in.Identity.Create(ctx, identity.NewOfficer{Login: login, Name: identity.Name{Full: "Petugas Keliling"}, Password: password, Own: true})
		if err != nil {
			return "", err
		}
		for _, a := range all {
			a.From, a.Kind = "2025-01-02", identity.Definitive
			if _, err := in.Identity.Assign(ctx, id, a, "", ""); err != nil {
				return "", err
			}
		}
	}
	return password, os.WriteFile(file, []byte(password), 0o600)
}
