package exchange_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"pendopo/feature/complaint/exchange"
	"pendopo/feature/complaint/georeport"
	"pendopo/feature/complaint/report"
	"pendopo/kernel/db"
	"pendopo/law/fold"
	"pendopo/test/testkit"
	"pendopo/test/testkit/port"
)

var wib = time.FixedZone("WIB", 7*3600)

// house is an invented government.
type house struct{}

func (house) Jurisdiction() string      { return "banyusekarkab.example" }
func (house) Region(code string) string { return "Sumberarum, Kawungraya" }
func (house) Zone() *time.Location      { return wib }

// sender is an exchange over a database, by a clock that a test sets.
type sender struct {
	*exchange.Exchange
	t   *testing.T
	db  *db.DB
	now time.Time
}

func newSender(t *testing.T, d *db.DB, peers ...exchange.PeerConfig) *sender {
	t.Helper()
	must(t, d.Migrate(context.Background(), "complaint", report.Schema()))
	must(t, d.Migrate(context.Background(), "exchange", exchange.Schema()))
	s := &sender{t: t, db: d, now: time.Date(2026, 3, 16, 9, 0, 0, 0, wib)}
	client := exchange.NewClient()
	client.Timeout = 2 * time.Second // so long the slow answer is waited for
	s.Exchange = exchange.New(exchange.Deps{DB: d, House: house{}, Log: slog.New(slog.NewTextHandler(t.Output(), nil)), Now: func() time.Time { return s.now }, Base: "https://layanan.example",
		Mac: mac, Client: client, Config: exchange.Config{Peers: peers}})
	return s
}

func mac(parts ...string) []byte {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return sum[:]
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// report writes a row of the table of reports, as it is when it is shown.
func (s *sender) report(n int) (code string) {
	s.t.Helper()
	code = fmt.Sprintf("%05d-%05d-X", n, n)
	must(s.t, s.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`INSERT INTO report (stream, code, service, unit, source, kind, category, region, district, lat, lon, cell1, cell2, cell3,
			state, active, received, late, reopened, joined, merged, flags, shown, sha256, title, text, photos, supports, updated, version)
			VALUES (?, ?, 'pengaduan', 'setda', 'portal', 'pengaduan', 'jalan-provinsi', '33.60.01.1001', '33.60.01', ?, 11091234, 1, 1, 1,
			'sent', 1, ?, 0, 0, 0, '', '[]', 1, 'x', 'Jalan berlubang', ?, '["f1"]', 0, ?, 3)`,
			"stream-"+code, code, -705123-n, s.now, fmt.Sprintf("Jalan provinsi berlubang di kilometer %d, dekat jembatan.", n), s.now)
		return err
	}))
	return code
}

// state changes where a report stands.
func (s *sender) state(code, state string) {
	s.t.Helper()
	must(s.t, s.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`UPDATE report SET state = ?, active = CASE WHEN ? = 'solved' THEN 0 ELSE 1 END WHERE code = ?`, state, state, code)
		return err
	}))
}

// rounds lets time pass, step by step, with a round after each.
func (s *sender) rounds(n int, step time.Duration) {
	for range n {
		s.now = s.now.Add(step)
		s.Round(context.Background())
	}
}

func (s *sender) rows() map[string]exchange.Row {
	s.t.Helper()
	list, err := s.Status(context.Background(), "", 1000)
	must(s.t, err)
	out := map[string]exchange.Row{}
	for _, r := range list {
		out[r.Code] = r
	}
	return out
}

// provinsi is another government's server, with faults that a test plants.
type provinsi struct {
	t          *testing.T
	mu         sync.Mutex
	sender     *sender
	requests   []georeport.Request
	keys       map[string]string // idempotency key → id, where it promises that
	updates    []georeport.Update
	told       []url.Values
	tokens     map[string]string
	faults     func() string // of the next POST
	idempotent bool
	hidden     bool // lists nothing before review
	down       bool
	posts      int
	srv        *httptest.Server
}

func newProvinsi(t *testing.T) *provinsi {
	p := &provinsi{t: t, keys: map[string]string{}, tokens: map[string]string{}, faults: func() string { return "" }}
	p.srv = httptest.NewServer(p)
	t.Cleanup(p.srv.Close)
	return p
}

func (p *provinsi) config() exchange.PeerConfig {
	return exchange.PeerConfig{Name: "provinsi", Kind: "open311", URL: p.srv.URL + "/v2", Format: "json", Lists: "at_once", Insecure: true, Idempotent: p.idempotent,
		Send: []exchange.Route{{Category: "jalan-provinsi", Code: "017"}}}
}

func (p *provinsi) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		cutOff(w)
		return
	}
	name, format, _ := georeport.Named(strings.TrimPrefix(r.URL.Path, "/v2/"))
	must(p.t, r.ParseForm())
	switch {
	case r.Method == http.MethodPost && name == "requests":
		p.post(w, r, format)
	case r.Method == http.MethodPost && name == "servicerequestupdates":
		p.told = append(p.told, r.PostForm)
		p.answer(w, format, georeport.NotedUpdates{{ID: r.PostForm.Get("update_id")}})
	case name == "requests":
		p.list(w, r, format)
	case name == "servicerequestupdates":
		p.answer(w, format, georeport.Updates(p.updates))
	case strings.HasPrefix(name, "tokens/"):
		token := strings.TrimPrefix(name, "tokens/")
		p.answer(w, format, georeport.Tickets{{ID: p.tokens[token], Token: token}})
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// cutOff ends a connection without an answer.
func cutOff(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		conn.Close()
	}
}

func (p *provinsi) answer(w http.ResponseWriter, f georeport.Format, v any) {
	raw, err := georeport.Encode(f, v)
	must(p.t, err)
	w.Header().Set("Content-Type", f.ContentType())
	w.Write(raw)
}

// post takes a report, or does what the planted fault says: before it keeps it,
// or after.
func (p *provinsi) post(w http.ResponseWriter, r *http.Request, f georeport.Format) {
	p.posts++
	fault := p.faults()
	switch fault {
	case "cut before":
		cutOff(w)
		return
	case "busy":
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case "500 before":
		w.WriteHeader(http.StatusInternalServerError)
		return
	case "refuse":
		w.WriteHeader(http.StatusBadRequest)
		p.answer(w, f, georeport.Failures{{Code: 400, Description: "service_code 017 wants attribute lajur. Contact 081234567890"}})
		return
	}
	id := p.keep(r)
	switch fault {
	case "cut after":
		cutOff(w)
	case "500 after":
		w.WriteHeader(http.StatusBadGateway)
	case "garbage":
		fmt.Fprint(w, "<html>OK")
	case "slow":
		p.mu.Unlock()
		<-r.Context().Done() // until nobody waits any more
		p.mu.Lock()
	case "token":
		p.tokens["t"+id] = id
		p.answer(w, f, georeport.Receipts{{Token: "t" + id}})
	default:
		p.answer(w, f, georeport.Receipts{{ID: id}})
	}
}

func (p *provinsi) keep(r *http.Request) string {
	key := r.Header.Get("Idempotency-Key")
	if id := p.keys[key]; p.idempotent && id != "" {
		return id
	}
	id := strconv.Itoa(5000 + len(p.requests))
	p.keys[key] = id
	lat, _ := strconv.ParseFloat(r.PostForm.Get("lat"), 64)
	long, _ := strconv.ParseFloat(r.PostForm.Get("long"), 64)
	p.requests = append(p.requests, georeport.Request{ID: id, Status: "open", ServiceCode: georeport.Text(r.PostForm.Get("service_code")),
		Description: georeport.Text(r.PostForm.Get("description")), Lat: georeport.At(lat), Long: georeport.At(long), Media: georeport.Text(r.PostForm.Get("media_url")),
		Requested: georeport.Moment{Time: p.sender.now}, Updated: georeport.Moment{Time: p.sender.now}})
	return id
}

func (p *provinsi) list(w http.ResponseWriter, r *http.Request, f georeport.Format) {
	var out georeport.Requests
	ids := strings.Split(r.Form.Get("service_request_id"), ",")
	from, _ := georeport.ParseMoment(r.Form.Get("start_date"), time.UTC)
	to, _ := georeport.ParseMoment(r.Form.Get("end_date"), time.UTC)
	for _, q := range p.requests {
		switch {
		case slices.Contains(ids, q.ID):
			out = append(out, q)
		case r.Form.Get("service_request_id") != "" || p.hidden || r.Form.Get("page") > "1":
		case !q.Requested.Before(from) && !q.Requested.After(to):
			out = append(out, q)
		}
	}
	p.answer(w, f, out)
}

// marked counts the reports over there by the code that they carry.
func (p *provinsi) marked() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := map[string]int{}
	for _, q := range p.requests {
		_, mark, _ := strings.Cut(string(q.Description), "[banyusekarkab.example/")
		out[strings.TrimSuffix(mark, "]")]++
	}
	return out
}

// onBoth runs a story on both databases with a sender and its peer.
func onBoth(t *testing.T, change func(*provinsi, *exchange.PeerConfig), story func(t *testing.T, s *sender, p *provinsi)) {
	t.Helper()
	testkit.OnBoth(t, func(t *testing.T, d *db.DB) {
		p := newProvinsi(t)
		if change != nil {
			change(p, &exchange.PeerConfig{})
		}
		c := p.config()
		if change != nil {
			change(p, &c)
		}
		p.sender = newSender(t, d, c)
		story(t, p.sender, p)
	})
}

// chance draws faults from a list, each run the same.
func chance(list ...string) func() string {
	draw := rand.New(rand.NewPCG(20260316, 5))
	return func() string { return list[draw.IntN(len(list))] }
}

// closedPort is an address at which nobody listens.
func closedPort(t *testing.T) string {
	addr, err := port.Free()
	must(t, err)
	return "http://" + addr
}

// hide takes a report back from the public.
func (s *sender) hide(code string) {
	s.t.Helper()
	must(s.t, s.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`UPDATE report SET shown = 0, title = '', text = '' WHERE code = ?`, code)
		return err
	}))
}

// shred does what the commit does by which a report becomes unreadable.
func (s *sender) shred(code string) {
	s.t.Helper()
	must(s.t, s.db.Write(func(tx db.Tx) error {
		if _, err := tx.Exec(`DELETE FROM report WHERE code = ?`, code); err != nil {
			return err
		}
		return exchange.Project(tx, fold.Case{}, fold.Case{Stream: "stream-" + code, Shredded: true})
	}))
}
