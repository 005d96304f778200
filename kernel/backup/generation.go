package backup

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// generation is a base and its log as they lie at a place.
type generation struct {
	name    string // NAME/GENERATION
	base    base
	log     []logPiece
	files   []string // key files that lie beside the base, as objects
	objects []string // everything of it, the base's description last
}

// logPiece is a piece of log at its place.
type logPiece struct {
	object string
	seq    int
	at     time.Time
}

// last is the newest moment that the generation gives.
func (g generation) last() time.Time {
	if len(g.log) == 0 {
		return g.base.At
	}
	return g.log[len(g.log)-1].at
}

// generations reads what lies at a place of one chain, oldest first. One whose
// base was never finished is given with no parts.
func generations(ctx context.Context, p *Place, chain string) (all []generation, err error) {
	objects, err := p.list(ctx, chain+"/")
	if err != nil {
		return nil, err
	}
	byName := map[string]*generation{}
	for _, o := range objects {
		parts := strings.Split(o.name, "/")
		if len(parts) < 3 {
			continue
		}
		name := chain + "/" + parts[1]
		g := byName[name]
		if g == nil {
			g = &generation{name: name}
			byName[name] = g
		}
		if err := g.add(ctx, p, o.name, parts[2:]); err != nil {
			return nil, err
		}
	}
	for _, g := range byName {
		slices.SortFunc(g.log, func(a, b logPiece) int { return a.seq - b.seq })
		all = append(all, *g)
	}
	slices.SortFunc(all, func(a, b generation) int { return strings.Compare(a.name, b.name) })
	return all, nil
}

func (g *generation) add(ctx context.Context, p *Place, object string, parts []string) error {
	switch {
	case parts[0] == "base.json":
		content, err := p.get(ctx, object)
		if err != nil {
			return err
		}
		g.objects = append(g.objects, object)
		return json.Unmarshal(content, &g.base)
	case parts[0] == "file":
		g.files = append(g.files, object)
	case parts[0] == "log" && len(parts) == 2:
		seq, at, _ := strings.Cut(strings.TrimSuffix(parts[1], ".zst"), "-")
		n, err1 := strconv.Atoi(seq)
		micro, err2 := strconv.ParseInt(at, 10, 64)
		if err1 != nil || err2 != nil {
			return fmt.Errorf("%s: %s is no piece of a log", p, object)
		}
		g.log = append(g.log, logPiece{object, n, time.UnixMicro(micro).UTC()})
	}
	g.objects = append([]string{object}, g.objects...)
	return nil
}

// How long the copies of data stay exact: to the round for exactFor, then one
// base a day, then one a month until their time is over.
const (
	exactFor = 7 * 24 * time.Hour
	dailyFor = 60 * 24 * time.Hour
)

// prune removes generations that are older than keep, and thins out what lies
// between. What a removed one could restore, the base before it gives as it was
// then. Keys are never thinned: they only go.
func (c *chain) prune(ctx context.Context, now time.Time, keep time.Duration) error {
	all, err := generations(ctx, c.to, c.name)
	if err != nil {
		return err
	}
	for _, i := range superfluous(all, now, keep, c.name != keysName) {
		// The description goes first: what lost it counts as never finished.
		for _, object := range slices.Backward(all[i].objects) {
			if err := c.to.put(ctx, object, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// superfluous gives the places in the list of what nobody needs: what was
// replaced before the time to keep began, or was never finished, and of the
// thinned ones all but the first of a day or month.
func superfluous(all []generation, now time.Time, keep time.Duration, thin bool) (drop []int) {
	seen := map[string]bool{}
	for i, g := range all {
		if i == len(all)-1 {
			break // the newest always stays
		}
		age := now.Sub(all[i+1].base.At) // since when it has been replaced
		if all[i+1].base.At.IsZero() {
			age = 0
		}
		span := ""
		switch {
		case age > dailyFor:
			span = g.base.At.Format("2006-01")
		case age > exactFor:
			span = g.base.At.Format(time.DateOnly)
		}
		unfinished := g.base.Parts == 0
		if unfinished || age > keep || thin && span != "" && seen[span] {
			drop = append(drop, i)
			continue
		}
		if span != "" {
			seen[span] = true
		}
	}
	return drop
}
