package abuse

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/test/testkit/served"
)

func TestMain(m *testing.M) {
	status := m.Run()
	served.Remove()
	os.Exit(status)
}

// Bounds of every attack: memory of the server in MB, and how long an honest
// visitor waits for a page meanwhile. Time is generous, for the machine that runs
// the tests does other work too.
const (
	mostMemory = 300
	longest    = 30 * time.Second
)

// times is how much larger the long round is.
func times() int {
	if os.Getenv("PENDOPO_ABUSE") == "long" {
		return 10
	}
	return 1
}

// honest asks for a page again and again until the attack ends, and fails when
// one of them is late or refused.
func honest(t *testing.T, s *served.Server, attack func()) {
	t.Helper()
	end := make(chan struct{})
	var asking sync.WaitGroup
	c := s.From("127.0.0.77")
	asking.Go(func() {
		for {
			got, err := c.Ask("GET", "/track", nil)
			if err != nil || got.Status != http.StatusOK || got.Took > longest {
				t.Errorf("an honest visitor: %d after %v, %v", got.Status, got.Took, err)
			}
			select {
			case <-end:
				return
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
	attack()
	close(end)
	asking.Wait()
	_, most := s.Resident()
	t.Logf("%.0f MB at most", most)
	if most > mostMemory {
		t.Errorf("%.0f MB were in use", most)
	}
}

// dial opens a raw connection from an address of the loopback.
func dial(t *testing.T, s *served.Server, from string) net.Conn {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 30 * time.Second}
	conn, err := d.Dial("tcp", s.Addr)
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

// raw sends bytes as they are and reads what comes back, for so long.
func raw(t *testing.T, s *served.Server, text string) string {
	t.Helper()
	conn := dial(t, s, "127.0.0.66")
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(longest)); err != nil {
		t.Fatal(err)
	}
	go io.WriteString(conn, text) // the server may stop reading before all of it came
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

// TestMassesOfSilentConnections: ten thousand from many addresses, and as many as
// one address can open. Each costs memory; together they stay within bounds.
func TestMassesOfSilentConnections(t *testing.T) {
	s := served.Start(t)
	honest(t, s, func() {
		var open []net.Conn
		for i := range 10_000 {
			from := fmt.Sprintf("127.1.%d.%d", i%20, 1+i/20%20)
			if i%4 == 0 {
				from = "127.2.0.1"
			}
			d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 30 * time.Second}
			conn, err := d.Dial("tcp", s.Addr)
			if err != nil {
				t.Fatalf("connection %d: %v", i, err)
			}
			open = append(open, conn)
			if i%2 == 0 {
				io.WriteString(conn, "GET /track HTTP/1.1\r\nHost: x\r\nX-Slow: ") // never ends: slowloris; may be closed already
			}
		}
		text := s.Scrape()
		var here int
		for line := range strings.Lines(text) {
			fmt.Sscanf(line, "pendopo_connections %d", &here)
		}
		if here == 0 || here > 4096 {
			t.Errorf("%d connections are kept", here)
		}
		if !strings.Contains(text, `pendopo_connections_closed_total{why="displaced"}`) {
			t.Error("nobody was displaced")
		}
		for _, conn := range open {
			conn.Close()
		}
	})
}

// TestSlowBodiesAndReadersHoldNobodyUp: many bodies that stop half-way, and many
// who ask and do not read.
func TestSlowBodiesAndReadersHoldNobodyUp(t *testing.T) {
	s := served.Start(t)
	honest(t, s, func() {
		var open []net.Conn
		for i := range 200 * times() {
			conn := dial(t, s, fmt.Sprintf("127.3.0.%d", 1+i%40))
			open = append(open, conn)
			if i%2 == 0 {
				fmt.Fprintf(conn, "POST /verify/file HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000000\r\n\r\n--b\r\n%s", strings.Repeat("x", 10_000))
			} else {
				io.WriteString(conn, strings.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 100))
			}
		}
		for range 20 {
			if got := s.From("127.0.0.78").Get("/services"); got.Status != http.StatusOK {
				t.Errorf("%d", got.Status)
			}
		}
		for _, conn := range open {
			conn.Close()
		}
	})
}

// TestWhatIsTooLargeOrBrokenIsRefused: headers, addresses, bodies on every route
// that takes one, requests that smuggle others, paths that climb.
func TestWhatIsTooLargeOrBrokenIsRefused(t *testing.T) {
	s := served.Start(t)
	huge := strings.Repeat("x", 100<<10)
	for name, c := range map[string]struct {
		send string
		want []string // one of these statuses; "" = closed without an answer
	}{
		"a huge header":            {"GET / HTTP/1.1\r\nHost: x\r\nX-Y: " + huge + "\r\n\r\n", []string{"431"}},
		"a huge address":           {"GET /" + huge + " HTTP/1.1\r\nHost: x\r\n\r\n", []string{"431", "414", "400"}},
		"ten thousand headers":     {"GET / HTTP/1.1\r\nHost: x\r\n" + strings.Repeat("a: b\r\n", 10_000) + "\r\n", []string{"431"}},
		"two lengths":              {"POST /track HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd", []string{"400"}},
		"length and chunks":        {"POST /track HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /desk HTTP/1.1\r\nHost: x\r\n\r\n", []string{"400", "403", "415"}},
		"an unknown coding":        {"POST /track HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", []string{"501", "400"}},
		"a line feed in a name":    {"GET / HTTP/1.1\r\nHost: x\r\nA\n: b\r\n\r\n", []string{"400"}},
		"no host":                  {"GET / HTTP/1.1\r\n\r\n", []string{"400"}},
		"nothing of HTTP":          {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", []string{"400", ""}},
		"a path that climbs":       {"GET /static/../../../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", []string{"301", "307", "400", "404"}},
		"one that climbs in codes": {"GET /static/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", []string{"404", "400"}},
		"a log tile that climbs":   {"GET /log/tile/0/..%2f..%2fx HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", []string{"404", "400"}},
		"endless ranges":           {"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: bytes=" + strings.Repeat("0-,", 3000) + "0-\r\n\r\n", []string{"200", "416"}},
		"a chunk of great length":  {"POST /track HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\nffffffffffffffff0\r\nx", []string{"400"}},
	} {
		got := raw(t, s, c.send)
		status, _, _ := strings.Cut(strings.TrimPrefix(got, "HTTP/1.1 "), " ")
		ok := false
		for _, want := range c.want {
			ok = ok || status == want
		}
		if !ok || strings.Contains(got, "root:") || strings.Count(got, "HTTP/1.1 ") > 1 {
			t.Errorf("%s: %.200q, want %v", name, got, c.want)
		}
	}
	c := s.From("127.0.0.65")
	for _, route := range []struct{ method, path, kind string }{
		{"POST", "/track", form}, {"POST", "/draft", form}, {"POST", "/verify", form}, {"POST", "/desk/login", form}, {"POST", "/services/surat-keterangan-domisili/start", form},
		{"POST", "/api/v1/services/surat-keterangan-domisili/cases", "application/json"}, {"POST", "/api/v1/uploads?field=ktp", "image/jpeg"}, {"POST", "/api/v1/verify", "application/pdf"},
		{"POST", "/verify/file", "multipart/form-data; boundary=b"}, {"POST", "/report", "multipart/form-data; boundary=b"}, {"POST", "/report", form},
		{"POST", "/report/send", form}, {"POST", "/inbound/x", form}, {"POST", "/nowhere", form},
	} {
		honest(t, s, func() {
			got, err := c.Ask(route.method, route.path, io.LimitReader(endless{}, 80<<20), "Content-Type", route.kind, "Idempotency-Key", strings.Repeat("k", 32))
			if err == nil && (got.Status < 400 || got.Status >= 500) {
				t.Errorf("%s took 80 MB: %d", route.path, got.Status)
			}
		})
	}
}

const form = "application/x-www-form-urlencoded"

// endless is a body without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

// TestBombsDoNotGoOff: small things that would be large when unpacked, drawn,
// counted or nested.
func TestBombsDoNotGoOff(t *testing.T) {
	s := served.Start(t)
	c := s.From("127.0.0.64")
	api := "/api/v1/services/surat-keterangan-domisili/cases"
	deep := strings.Repeat(`{"answers":`, 20_000) + "1" + strings.Repeat("}", 20_000)
	wide := `{"definition":"x","answers":{` + strings.Repeat(`"a":1,`, 40_000) + `"b":2}}`
	parts := strings.Repeat("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n", 20_000) + "--b--\r\n"
	fields := "_token=x&" + strings.Repeat("a=&", 20_000)
	honest(t, s, func() {
		for name, b := range map[string]struct{ path, kind, coding, body string }{
			"packed JSON": {api, "application/json", "gzip", "\x1f\x8b\x08\x00"}, "deep JSON": {api, "application/json", "", deep}, "wide JSON": {api, "application/json", "", wide},
			"many parts": {"/verify/file", "multipart/form-data; boundary=b", "", parts}, "many fields": {"/track", form, "", fields},
			"a picture of pixels": {"/api/v1/uploads?service=surat-keterangan-domisili&field=ktp", "image/png", "", picture(30_000, 30_000)},
			"a thin picture":      {"/api/v1/uploads?service=surat-keterangan-domisili&field=ktp", "image/png", "", picture(1, 2_000_000_000)},
			"a GIF":               {"/api/v1/uploads?service=surat-keterangan-domisili&field=ktp", "image/gif", "", "GIF89a\xff\xff\xff\xff\x00\x00\x00;"},
			"a ZIP":               {"/api/v1/uploads?service=surat-keterangan-domisili&field=ktp", "application/zip", "", "PK\x03\x04" + strings.Repeat("\x00", 1000)},
		} {
			got := c.Must("POST", b.path, strings.NewReader(b.body), "Content-Type", b.kind, "Content-Encoding", b.coding, "Idempotency-Key", strings.Repeat(name[:1], 32))
			if got.Status < 400 || got.Status >= 500 || got.Took > longest {
				t.Errorf("%s: %d after %v %.200s", name, got.Status, got.Took, got.Body)
			}
		}
	})
}

// picture is the head of a PNG that states a size.
func picture(w, h uint32) string {
	head := append([]byte("IHDR"), 0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0)
	binary.BigEndian.PutUint32(head[4:], w)
	binary.BigEndian.PutUint32(head[8:], h)
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n\x00\x00\x00\r")
	b.Write(head)
	b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(head)))
	b.WriteString("\x00\x00\x00\x00IDAT")
	return b.String()
}

// TestGuessersWaitAndTheirNeighboursDoNot: wrong log-ins, wrong secrets and
// codes that are nobody's, all from one address behind which others sit.
func TestGuessersWaitAndTheirNeighboursDoNot(t *testing.T) {
	s := served.Start(t)
	const office = "127.5.0.1"
	officer, owner := s.From(office), s.From(office)
	if got := officer.LogIn(served.Officer, served.Password); got.Status != http.StatusSeeOther {
		t.Fatalf("log-in: %d", got.Status)
	}
	code, secret := apply(t, owner)
	if got := owner.Post("/track/"+code+"/unlock", "/track/"+code+"/unlock", url.Values{"secret": {secret}}); got.Status != http.StatusSeeOther {
		t.Fatalf("unlock: %d %.300s", got.Status, got.Body)
	}
	guesser := s.From(office)
	honest(t, s, func() {
		throttled := masses(t, 8, 60*times(), func(int) int { return guesser.LogIn("seseorang", "salah-salah-salah").Status })
		if throttled[http.StatusTooManyRequests] == 0 || throttled[http.StatusSeeOther] > 0 {
			t.Errorf("wrong log-ins: %v", throttled)
		}
		refused := masses(t, 4, 40, func(int) int {
			return guesser.Must("GET", "/api/v1/cases/"+code, nil, "Authorization", "Bearer AAAAAAAA").Status
		})
		if refused[http.StatusTooManyRequests] == 0 || refused[http.StatusOK] > 0 {
			t.Errorf("wrong secrets: %v", refused)
		}
		looked := masses(t, 8, 500*times(), func(i int) int {
			return guesser.Must("GET", fmt.Sprintf("/api/v1/cases/%05d-%05d-0", i, i), nil).Status
		})
		if looked[http.StatusTooManyRequests] == 0 || looked[http.StatusOK] > 0 {
			t.Errorf("unknown codes: %v", looked)
		}
		if got := guesser.Get("/api/v1/cases/" + code); got.Status != http.StatusTooManyRequests {
			t.Errorf("over the pace a good code is told from a bad one: %d", got.Status)
		}
	})
	if got := officer.Get("/desk"); got.Status != http.StatusOK {
		t.Errorf("the officer beside the guesser: %d", got.Status)
	}
	for _, page := range []string{"/track/" + code, "/track/" + code + "/receipt"} {
		if got := owner.Get(page); got.Status != http.StatusOK {
			t.Errorf("the applicant beside the guesser, %s: %d", page, got.Status)
		}
	}
	if got := s.From("127.5.0.2").Get("/track/" + code); got.Status != http.StatusOK {
		t.Errorf("another address: %d", got.Status)
	}
}

// masses does something n times, some at once, and counts the statuses.
func masses(t *testing.T, workers, n int, do func(i int) int) map[int]int {
	t.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	count := map[int]int{}
	next := make(chan int)
	for range workers {
		all.Go(func() {
			for i := range next {
				status := do(i)
				mu.Lock()
				count[status]++
				mu.Unlock()
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	all.Wait()
	return count
}

// apply hands an application in and gives its code and secret.
func apply(t *testing.T, c *served.Client) (code, secret string) {
	t.Helper()
	var live struct{ Definition string }
	if err := json.Unmarshal([]byte(c.Get("/api/v1/services/surat-keterangan-domisili").Body), &live); err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"definition": live.Definition, "channel": "api", "answers": map[string]any{
		"name": "Warga Contoh", "nik": "3360015703950071", "birth_place": "Kawungsandhya", "birth_date": "1995-03-17", "sex": "perempuan",
		"phone": "+6281200077713", "region": "33.60.01.1001", "street": "Gang Melur 19", "rt": 2, "rw": 5, "lives_since": "2020-08-01",
		"occupation": "bekerja", "purpose": "lainnya", "purpose_text": "mengurus warisan",
		"surat_pengantar": []string{"counter"}, "ktp": []string{"counter"}, "declaration": true,
	}})
	if err != nil {
		t.Fatal(err)
	}
	got := c.Must("POST", "/api/v1/services/surat-keterangan-domisili/cases", bytes.NewReader(body), "Content-Type", "application/json", "Idempotency-Key", strings.Repeat("q", 32))
	var accepted struct{ Code, Secret string }
	if err := json.Unmarshal([]byte(got.Body), &accepted); err != nil || got.Status != http.StatusCreated {
		t.Fatalf("%d %.300s", got.Status, got.Body)
	}
	return accepted.Code, accepted.Secret
}

// TestAHostileFolderIsCheckedInBoundedTime: YAML that grows when it is read.
func TestAHostileFolderIsCheckedInBoundedTime(t *testing.T) {
	dir := t.TempDir()
	laughs := "a: &a [x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c < 'k'; c++ {
		laughs += fmt.Sprintf("%c: &%c [*%c, *%c, *%c, *%c, *%c, *%c, *%c, *%c]\n", c, c, c-1, c-1, c-1, c-1, c-1, c-1, c-1, c-1)
	}
	for name, text := range map[string]string{"laughs": laughs, "deep": strings.Repeat("[", 200_000), "wide": strings.Repeat("- a\n", 400_000)} {
		folder := filepath.Join(dir, name)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "government.yaml"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		cmd := exec.Command(served.Program(t), "check", folder)
		cmd.Env = append(os.Environ(), "GOMEMLIMIT=200MiB")
		out, err := cmd.CombinedOutput()
		if err == nil || cmd.ProcessState.ExitCode() != 1 || time.Since(began) > time.Minute {
			t.Errorf("%s: %v after %v %.200s", name, err, time.Since(began), out)
		}
	}
}
