package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"sync"
	"syscall"
)

// cut is a power cut to be tried: after so many lines of the record, and the
// disks that it could leave.
type cut struct {
	moment int
	kinds  []kind
}

// result is what a sweep found.
type result struct {
	Cuts, States, Started, Checked, Red int
	red                                 map[string][]string // by check: where and what, the first few
}

// mostWords is how many findings of one check are kept.
const mostWords = 5

// sweep goes through the recording once; at each cut it builds the disks and
// has them examined, two at a time. Stop, when not nil, ends it early.
type sweep struct {
	*session
	seed     uint64
	keep     bool // states that were red stay in the scratch folder
	start    int  // on every so many disks the program itself is started; 0 = on none
	stop     func(red map[string][]string) bool
	progress func(r result)

	states string // folder of the disks
	built  int
	mu     sync.Mutex
	found  result
}

// roomy is how many bytes memory must have free for disks to be built there.
const roomy = 2 << 30

// scratch is a folder for disks: in memory where there is room, since what is
// built there has been through its power cut and need survive no other.
func scratch(work string) (string, error) {
	var memory syscall.Statfs_t
	if err := syscall.Statfs("/dev/shm", &memory); err == nil && memory.Bavail*uint64(memory.Bsize) > roomy {
		if dir, err := os.MkdirTemp("/dev/shm", "pendopo-power-"); err == nil {
			return dir, nil
		}
	}
	return os.MkdirTemp(work, "disks-")
}

// state is one built disk on its way to the exam.
type state struct {
	folder string
	moment int
	kind   kind
	start  bool // the program itself is started on it
}

func (w *sweep) run(cuts []cut) (found result, err error) {
	start, err := w.disk()
	if err != nil {
		return result{}, err
	}
	if w.states, err = scratch(w.work); err != nil {
		return result{}, err
	}
	defer func() {
		if err == nil && (found.Red == 0 || !w.keep) {
			err = os.RemoveAll(w.states)
		}
	}()
	w.found.red = map[string][]string{}
	ready, failed := make(chan state), make(chan error, 1)
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			for s := range ready {
				w.look(s)
			}
		})
	}
	go func() { failed <- w.walk(start, cuts, ready) }()
	err = <-failed
	close(ready)
	all.Wait()
	return w.found, err
}

// walk replays the record into the model and builds what is to be tried.
func (w *sweep) walk(d *disk, cuts []cut, ready chan<- state) error {
	for _, e := range timeline(w.calls) {
		for len(cuts) > 0 && cuts[0].moment <= e.line {
			if err := w.build(d, cuts[0], ready); err != nil || w.enough() {
				return err
			}
			cuts = cuts[1:]
		}
		if err := d.take(e); err != nil {
			return fmt.Errorf("line %d of the record: %w", e.line, err)
		}
	}
	for _, c := range cuts {
		if err := w.build(d, c, ready); err != nil || w.enough() {
			return err
		}
	}
	return nil
}

func (w *sweep) build(d *disk, c cut, ready chan<- state) error {
	w.mu.Lock()
	w.found.Cuts++
	w.mu.Unlock()
	for i, k := range c.kinds {
		l := newLot(k, rand.New(rand.NewPCG(w.seed, uint64(c.moment*16+i))))
		s := state{filepath.Join(w.states, fmt.Sprintf("state-%d-%d-%s", c.moment, i, k)), c.moment, k, w.start > 0 && w.built%w.start == 0}
		w.built++
		if err := l.build(d.top, s.folder); err != nil {
			return err
		}
		ready <- s
	}
	return nil
}

func (w *sweep) enough() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stop != nil && w.stop(w.found.red)
}

// look examines one disk and puts it away.
func (w *sweep) look(s state) {
	x := examine(s.folder, w.session, s.moment, s.start)
	red := x.red
	w.mu.Lock()
	defer w.mu.Unlock()
	w.found.States++
	w.found.Checked += x.checked
	if s.start {
		w.found.Started++
	}
	if len(red) > 0 {
		w.found.Red++
	}
	for check, words := range red {
		for _, word := range words {
			if len(w.found.red[check]) < mostWords {
				w.found.red[check] = append(w.found.red[check], fmt.Sprintf("line %d, %s: %s", s.moment, s.kind, word))
			}
		}
		if len(w.found.red[check]) == 0 {
			w.found.red[check] = []string{}
		}
	}
	if w.progress != nil {
		w.progress(w.found)
	}
	if len(red) == 0 || !w.keep {
		os.RemoveAll(s.folder)
	}
}

// happening is the beginning or the end of a call.
type happening struct {
	line int
	end  bool
	call *call
}

// timeline puts beginnings and ends in the order of their lines.
func timeline(calls []*call) []happening {
	list := make([]happening, 0, 2*len(calls))
	for _, c := range calls {
		list = append(list, happening{c.begin, false, c})
		if c.end != never {
			list = append(list, happening{c.end, true, c})
		}
	}
	sort.SliceStable(list, func(i, j int) bool {
		return list[i].line < list[j].line || list[i].line == list[j].line && !list[i].end && list[j].end
	})
	return list
}

func (d *disk) take(h happening) error {
	if h.end {
		return d.end(h.call)
	}
	if h.call.name == "execve" {
		d.fds = map[int64]*opened{} // another process
	}
	return d.begin(h.call)
}

// choose picks n cuts: right after an effect was acknowledged; right before and
// after a sync returned, of every file and folder as often; right after a name was
// made, moved or removed; and anywhere.
func (s *session) choose(n int, r *rand.Rand, kinds func(i int) []kind) []cut {
	acks, names, any, syncs := s.moments()
	chosen := map[int]bool{}
	for i := 0; len(chosen) < n && i < 20*n; i++ {
		from := [][]int{acks, syncs[r.IntN(len(syncs))], acks, any, names}[i%5]
		if len(from) > 0 {
			chosen[from[r.IntN(len(from))]] = true
		}
	}
	var cuts []cut
	for moment := range chosen {
		cuts = append(cuts, cut{moment: moment})
	}
	slices.SortFunc(cuts, func(a, b cut) int { return a.moment - b.moment })
	for i := range cuts {
		cuts[i].kinds = kinds(i)
	}
	return cuts
}

// changing are the calls that change a name.
var changing = []string{"rename", "renameat", "unlink", "unlinkat", "mkdir", "mkdirat"}

// moments are the lines of the record that are worth a cut; those of syncs by
// what was synced.
func (s *session) moments() (acks, names, any []int, syncs [][]int) {
	of := map[string][]int{"": nil}
	for _, c := range s.calls {
		switch {
		case c.failed:
		case c.name == "fsync" || c.name == "fdatasync":
			of[c.args[0]] = append(of[c.args[0]], c.begin, c.end, c.end+1)
		case slices.Contains(changing, c.name), c.has(2, "O_CREAT"), c.has(1, "O_CREAT"):
			names = append(names, c.end+1)
		case c.name == "pwrite64" || c.name == "ftruncate":
			any = append(any, c.end+1)
		}
	}
	for _, e := range s.effects {
		acks = append(acks, e.moment+1)
	}
	for _, what := range slices.Sorted(maps.Keys(of)) {
		syncs = append(syncs, of[what])
	}
	return acks, names, any, syncs
}
