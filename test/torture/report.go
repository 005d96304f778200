package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// figures are what a round has shown.
type figures struct {
	kind     kind
	seed     uint64
	kills    int
	took     time.Duration
	looking  time.Duration
	whole    int             // looks at everything
	down     []time.Duration // from each kill to the next answer
	counts   map[string]int  // by what was acknowledged
	effects  int
	fired    int // timers
	heads    int // that were given out and found again
	leaves   int
	sent     int64
	answered int64
	cut      int64
	later    int64
	wrong    int
}

// sum takes the totals of a round that has ended.
func (f *figures) sum(r *round) {
	f.took, f.counts, f.effects = time.Since(r.began), r.journal.counts, len(r.journal.all)
	f.sent, f.answered, f.cut, f.later = r.tried.sent.Load(), r.tried.answered.Load(), r.tried.cut.Load(), r.tried.later.Load()
	list, more := r.journal.wrong()
	f.wrong = len(list) + more
}

// quantile of durations, which it sorts.
func quantile(d []time.Duration, q float64) time.Duration {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	return d[int(q*float64(len(d)-1))].Round(time.Millisecond)
}

// table prints rounds side by side.
func table(out io.Writer, all []figures) {
	w := tabwriter.NewWriter(out, 0, 4, 3, ' ', 0)
	row := func(what string, value func(f figures) any) {
		fmt.Fprint(w, what)
		for _, f := range all {
			fmt.Fprintf(w, "\t%v", value(f))
		}
		fmt.Fprintln(w)
	}
	row("", func(f figures) any { return f.kind })
	row("kills", func(f figures) any { return f.kills })
	row("took", func(f figures) any { return f.took.Round(time.Second) })
	row("back after a kill, median", func(f figures) any { return quantile(f.down, 0.5) })
	row("back after a kill, longest", func(f figures) any { return quantile(f.down, 1) })
	row("requests sent", func(f figures) any { return f.sent })
	row("cut off without an answer", func(f figures) any { return f.cut })
	row("answered 503, asked again", func(f figures) any { return f.later })
	row("acknowledged effects", func(f figures) any { return f.effects })
	for _, what := range []string{"application", "withdraw", "approved by petugas_layanan", "approved by lurah", "received"} {
		row("  "+what, func(f figures) any { return f.counts[what] })
	}
	row("pieces of files", func(f figures) any { return f.counts["pieces"] })
	row("papers whole", func(f figures) any { return f.counts["whole attachments"] })
	row("letters whole", func(f figures) any { return f.counts["whole products"] })
	row("timers fired", func(f figures) any { return f.fired })
	row("same key, same answer", func(f figures) any { return f.counts["repeated"] })
	row("inclusion proofs valid", func(f figures) any { return f.counts["proved"] })
	row("leaves in the log", func(f figures) any { return f.leaves })
	row("heads given out and found again", func(f figures) any { return f.heads })
	row("looks at everything", func(f figures) any { return f.whole })
	row("LOST, DOUBLE OR WRONG", func(f figures) any { return f.wrong })
	row("seed", func(f figures) any { return f.seed })
	w.Flush()
}
