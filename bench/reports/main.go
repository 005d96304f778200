package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"pendopo/app"
	"pendopo/bench/limit"
	"pendopo/feature/complaint/advice"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/test/testkit/port"
)

func main() {
	few, many := flag.Int("few", 1000, "reports of the small instance"), flag.Int("many", 50_000, "reports of the large one")
	times := flag.Int("times", 40, "how often each question is asked of each")
	seconds := flag.Float64("seconds", 3, "how long reports are filed and asked for")
	write := flag.Bool("write", false, "write the figures into docs/performance.md")
	flag.Parse()
	text, err := measure(*few, *many, *times, time.Duration(*seconds*float64(time.Second)))
	if err == nil {
		fmt.Print(text)
		if *write {
			err = keep("docs/performance.md", text)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "reports:", err)
		os.Exit(2)
	}
}

// town is an instance with so many reports behind its doors.
type town struct {
	*app.Instance
	url, key string
	took     time.Duration // to take them in

	advice *advice.Adviser
	latest string // stream of a case
}

func newTown(dir string, reports int) (*town, error) {
	ctx := context.Background()
	in, err := app.Open(ctx, app.Options{Place: conf.Place{Data: filepath.Join(dir, fmt.Sprint(reports), "data"), Node: "bench"}, Create: true, Origin: "bench/log"})
	if err != nil {
		return nil, err
	}
	if _, err := in.Publish(ctx, government.FS); err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := write(&file, reports, time.Now()); err != nil {
		return nil, err
	}
	began := time.Now()
	got, err := in.ImportReports(ctx, mapping(), bytes.NewReader(file.Bytes()))
	if err != nil || got.Archived != reports {
		return nil, fmt.Errorf("%+v: %w", got.Faults, err)
	}
	w := &town{Instance: in, took: time.Since(began)}
	if _, w.key, err = in.Open311Keys().Make("bench", "", 0); err != nil {
		return nil, err
	}
	h, err := in.Handler(app.Face{Base: "https://layanan.example", Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	if err != nil {
		return nil, err
	}
	w.url = httptest.NewServer(h).URL
	return w, w.neighbours(ctx)
}

// questions are what is asked of both. A page is never longer than what the small
// one has: a ratio of answers of different lengths would say nothing.
func questions() map[string]string {
	return map[string]string{
		"page: list": "/reports", "page: list of one category": "/reports?category=lampu", "page: map data": "/reports/map.json",
		"Open311: newest 50": "/open311/v2/requests.json?page_size=50", "Open311: one category": "/open311/v2/requests.json?page_size=20&service_code=lampu",
		"Open311: closed of one category": "/open311/v2/requests.json?page_size=20&service_code=lampu&status=closed",
		"Open311: two categories":         "/open311/v2/requests.json?page_size=20&service_code=lampu,jalan",
		"Open311: closed":                 "/open311/v2/requests.xml?page_size=50&status=closed", "Open311: one": "/open311/v2/requests/KOTA-10000007.json",
		"Open311: updates": "/open311/v2/servicerequestupdates.json?page_size=50",
	}
}

// measure asks both in turn and tells the ratios.
func measure(few, many, times int, lasting time.Duration) (string, error) {
	dir, err := os.MkdirTemp("", "pendopo-reports-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	small, err := newTown(dir, few)
	if err != nil {
		return "", err
	}
	large, err := newTown(dir, many)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d reports were taken in at %.0f a second.\n\n| question | at %d | at %d | ratio |\n|---|---|---|---|\n", many, float64(many)/large.took.Seconds(), few, many)
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for n := range questions() {
			if !yield(n) {
				return
			}
		}
	}) {
		at := questions()[name]
		a, c, ratio, err := paired(func(n int64) (time.Duration, error) { return ask(small.url+at, n) }, func(n int64) (time.Duration, error) { return ask(large.url+at, n) }, times)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %.2f |\n", name, a.Round(10*time.Microsecond), c.Round(10*time.Microsecond), ratio)
	}
	a, c, ratio, err := paired(func(int64) (time.Duration, error) { return small.same() }, func(int64) (time.Duration, error) { return large.same() }, times)
	if err != nil {
		return "", fmt.Errorf("what is the same: %w", err)
	}
	fmt.Fprintf(&b, "| desk: which reports may be the same | %s | %s | %.2f |\n", a.Round(10*time.Microsecond), c.Round(10*time.Microsecond), ratio)
	lines, err := speeds(dir, large, lasting)
	return b.String() + lines, err
}

// paired asks two in turn and gives the medians, and the median of the
// ratios of pairs.
func paired(a, b func(n int64) (time.Duration, error), times int) (ma, mb time.Duration, ratio float64, err error) {
	var as, bs []time.Duration
	var ratios []float64
	for i := range times + 3 {
		x, err := a(int64(i))
		y, err2 := b(int64(i))
		if err := errors.Join(err, err2); err != nil {
			return 0, 0, 0, err
		}
		if i >= 3 { // the first warm up
			as, bs, ratios = append(as, x), append(bs, y), append(ratios, float64(y)/float64(x))
		}
	}
	slices.Sort(as)
	slices.Sort(bs)
	slices.Sort(ratios)
	return as[len(as)/2], bs[len(bs)/2], ratios[len(ratios)/2], nil
}

// from asks as one of many addresses would: each may ask so often.
func from(address string, n int64) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255))
	return http.DefaultClient.Do(req)
}

// ask asks as the n-th of many addresses.
func ask(address string, n int64) (time.Duration, error) {
	began := time.Now()
	res, err := from(address, n)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", res.StatusCode)
	}
	return time.Since(began), err
}

// speeds are how many reports are filed and asked for in a second beside the bare
// limit, 32 clients each, in turn.
func speeds(dir string, w *town, lasting time.Duration) (string, error) {
	addr, err := port.Free()
	if err != nil {
		return "", err
	}
	go limit.Serve(limit.Options{Addr: addr, Dir: dir, Rows: 10_000}) //nolint:errcheck // it ends with the program
	for range 200 {
		if _, err = ask("http://"+addr+"/", 0); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	var n atomic.Int64
	form := func() string {
		return url.Values{"api_key": {w.key}, "service_code": {"lampu"}, "lat": {"-7.06"}, "long": {"110.9"}, "description": {fmt.Sprintf("Lampu jalan nomor %d mati sejak kemarin malam.", n.Add(1))}}.Encode()
	}
	one := w.url + "/open311/v2/requests/KOTA-10000007.json"
	var b strings.Builder
	b.WriteString("\n| | a second | the limit, same run | ratio |\n|---|---|---|---|\n")
	for _, row := range []struct {
		name           string
		subject, limit func() (*http.Response, error)
	}{
		{"Open311 `POST requests`", func() (*http.Response, error) {
			return http.Post(w.url+"/open311/v2/requests.json", "application/x-www-form-urlencoded", strings.NewReader(form()))
		}, func() (*http.Response, error) {
			return http.Post("http://"+addr+"/insert", "application/x-www-form-urlencoded", strings.NewReader(form()))
		}},
		{"Open311 `GET requests/{id}`", func() (*http.Response, error) { return from(one, n.Add(1)) }, func() (*http.Response, error) { return http.Get("http://" + addr + "/read/77/700") }},
	} {
		s, err := rate(row.subject, lasting)
		if err != nil {
			return "", fmt.Errorf("%s: %w", row.name, err)
		}
		x, err := rate(row.limit, lasting)
		if err != nil {
			return "", fmt.Errorf("limit of %s: %w", row.name, err)
		}
		fmt.Fprintf(&b, "| %s | %.0f | %.0f | %.2f |\n", row.name, s, x, s/x)
	}
	return b.String(), nil
}

// clients at once.
const clients = 32

// rate is how many requests a second are answered well.
func rate(do func() (*http.Response, error), lasting time.Duration) (float64, error) {
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = clients
	var done atomic.Int64
	var failed atomic.Pointer[error]
	began := time.Now()
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for time.Since(began) < lasting {
				res, err := do()
				if err == nil {
					_, err = io.Copy(io.Discard, res.Body)
					res.Body.Close()
					if res.StatusCode >= 300 {
						err = fmt.Errorf("status %d", res.StatusCode)
					}
				}
				if err != nil {
					failed.Store(&err)
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return 0, *err
	}
	return float64(done.Load()) / time.Since(began).Seconds(), nil
}

// The section of docs/performance.md that this program writes.
const begin, end = "<!-- reports: begin -->", "<!-- reports: end -->"

func keep(path, text string) error {
	doc, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(doc), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no section between %s and %s", path, begin, end)
	}
	return os.WriteFile(path, []byte(before+begin+"\n"+text+end+after), 0o644)
}
