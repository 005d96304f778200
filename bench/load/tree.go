package load

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// tree are processes with all their descendants. One that ends while we look
// is left out.
func tree(roots ...int) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	children := map[int][]int{}
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		fields, err := stat(pid)
		if err != nil {
			continue
		}
		parent, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, err
		}
		children[parent] = append(children[parent], pid)
	}
	all := slices.Clone(roots)
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i]]...)
	}
	return all, nil
}

// sum adds a figure over processes and their descendants.
func sum[V float64 | time.Duration](roots []int, of func(pid int) (V, error)) (total V, err error) {
	all, err := tree(roots...)
	if err != nil {
		return 0, err
	}
	for _, pid := range all {
		v, err := of(pid)
		if gone(err) {
			continue
		}
		if err != nil {
			return 0, err
		}
		total += v
	}
	return total, nil
}

// gone reports whether a process ended while it was looked at.
func gone(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ESRCH)
}

// PssOfTree is the proportional memory of processes and their descendants in
// MB: shared pages count once, divided among who shares them.
func PssOfTree(roots ...int) (float64, error) {
	return sum(roots, func(pid int) (float64, error) { return memory(pid, "smaps_rollup", "Pss") })
}

// SpentByTree is the processor time of processes and their descendants that
// still live.
func SpentByTree(roots ...int) (time.Duration, error) { return sum(roots, spent) }

// SettleTree waits until processes and their descendants have next to nothing
// left to do, at most Patience, and says how long that took.
func SettleTree(roots ...int) (time.Duration, error) {
	const look, idle = 200 * time.Millisecond, 2 * tick
	began := time.Now()
	last, err := SpentByTree(roots...)
	for err == nil && time.Since(began) < Patience {
		time.Sleep(look)
		var now time.Duration
		if now, err = SpentByTree(roots...); now-last <= idle {
			return time.Since(began) - look, err
		}
		last = now
	}
	return time.Since(began), err
}

// Peak watches the memory of processes until stop is called, which gives the
// most it saw, in MB.
func Peak(roots ...int) (stop func() float64) {
	const look = 250 * time.Millisecond
	quit, most := make(chan struct{}), make(chan float64)
	go func() {
		var peak float64
		for {
			if pss, err := PssOfTree(roots...); err == nil {
				peak = max(peak, pss)
			}
			select {
			case <-quit:
				most <- peak
				return
			case <-time.After(look):
			}
		}
	}()
	return func() float64 { close(quit); return <-most }
}
