package app

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"runtime/metrics"
	"strconv"
	"time"

	"pendopo/kernel/metric"
)

// askProcess adds what the runtime and the system say of this process, under the
// names that everybody's dashboards know.
func askProcess(s *metric.Set) {
	began := float64(time.Now().UnixMilli()) / 1000
	one := func(kind, name, help string, value func() (float64, bool)) {
		s.Ask(kind, name, help, func(context.Context) []metric.Value {
			if v, known := value(); known {
				return metric.One(v)
			}
			return nil
		})
	}
	one("gauge", "process_start_time_seconds", "When the process began to count.", func() (float64, bool) { return began, true })
	one("gauge", "process_resident_memory_bytes", "Memory in use.", resident)
	one("gauge", "process_open_fds", "Files and connections open.", openFiles)
	one("gauge", "go_goroutines", "Goroutines.", func() (float64, bool) { return float64(runtime.NumGoroutine()), true })
	for name, source := range map[string]string{
		"go_memstats_heap_alloc_bytes": "/memory/classes/heap/objects:bytes",
		"go_memstats_sys_bytes":        "/memory/classes/total:bytes",
	} {
		one("gauge", name, "Of the Go runtime: "+source+".", func() (float64, bool) { return sampled(source) })
	}
	one("counter", "go_gc_cycles_total", "Garbage collections.", func() (float64, bool) { return sampled("/gc/cycles/total:gc-cycles") })
	one("counter", "go_gc_cpu_seconds_total", "Processor time of garbage collection.", func() (float64, bool) { return sampled("/cpu/classes/gc/total:cpu-seconds") })
}

func sampled(source string) (float64, bool) {
	s := []metrics.Sample{{Name: source}}
	metrics.Read(s)
	switch s[0].Value.Kind() {
	case metrics.KindUint64:
		return float64(s[0].Value.Uint64()), true
	case metrics.KindFloat64:
		return s[0].Value.Float64(), true
	}
	return 0, false
}

// resident is the second number of /proc/self/statm, in bytes.
func resident() (float64, bool) {
	raw, err := os.ReadFile("/proc/self/statm")
	fields := bytes.Fields(raw)
	if err != nil || len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.ParseFloat(string(fields[1]), 64)
	return pages * float64(os.Getpagesize()), err == nil
}

func openFiles() (float64, bool) {
	dir, err := os.Open("/proc/self/fd")
	if err != nil {
		return 0, false
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	return float64(len(names)), err == nil
}
