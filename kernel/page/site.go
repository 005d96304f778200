package page

import (
	"crypto/rand"
	"hash/crc32"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"pendopo/kernel/fault"
	"pendopo/web"
)

// House is how a government appears on every page. Mark is its SVG, which is
// shown only when it is a drawing and nothing else.
type House struct {
	Name    map[string]string // by language: Pemerintah Kabupaten …
	Short   map[string]string
	Address string
	Phone   string
	Email   string
	Mark    string
	Accent  string // #rrggbb for links and buttons; empty = wedel indigo
	Second  string // #rrggbb for the mark and rules; empty = sogan brown
}

// Options of a Site. The zero value of each is usable.
type Options struct {
	Texts  fs.FS  // default: the embedded locale files
	Pseudo bool   // offer the generated third language
	Key    []byte // for form tokens, the same on every node; empty = drawn at start
	Secure bool   // the site is reached by https: cookies and transport say so
	Demo   bool   // show the demo's mark and its own pages
	House  House
	Log    *slog.Logger
	Zone   *time.Location
	// Observe is told of every request that was answered; it returns at once.
	Observe func(Seen)
	// Trust says of a request that it comes from a proxy of ours, whose request
	// id is taken over; nil believes nobody.
	Trust func(*http.Request) bool
}

// Site is a running web face: every door hangs its routes into one.
type Site struct {
	texts        *Catalogue
	key          []byte
	secure       bool
	demo         bool
	house        atomic.Pointer[House]
	observe      func(Seen)
	trust        func(*http.Request) bool
	log          *slog.Logger
	zone         *time.Location
	static       map[string]*asset // by served name
	names        map[string]string // file → served name
	sheets       sync.Map          // names of sheets → *sheet
	accepts      sync.Map          // Accept-Language → language
	acceptsCount atomic.Int64
	buffers      sync.Pool
	packers      sync.Pool
	castagnoli   *crc32.Table
	crossing     *http.CrossOriginProtection
	zip          func(http.Handler) http.HandlerFunc
}

// New prepares a Site: texts compiled, static files named by their content.
func New(o Options) (*Site, error) {
	if o.Texts == nil {
		o.Texts = web.Locale()
	}
	texts, err := LoadCatalogue(o.Texts, o.Pseudo)
	if err != nil {
		return nil, err
	}
	s := &Site{texts: texts, key: o.Key, secure: o.Secure, demo: o.Demo, log: o.Log, zone: o.Zone, observe: o.Observe, trust: o.Trust}
	if s.observe == nil {
		s.observe = func(Seen) {}
	}
	if s.trust == nil {
		s.trust = func(*http.Request) bool { return false }
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	s.log = slog.New(Identified(s.log.Handler()))
	if s.zone == nil {
		s.zone = time.FixedZone("WIB", 7*3600)
	}
	if len(s.key) == 0 {
		s.key = make([]byte, 32)
		rand.Read(s.key)
	}
	s.SetHouse(o.House)
	s.buffers.New, s.packers.New = newBuffer, newPacker
	s.castagnoli = crc32.MakeTable(crc32.Castagnoli)
	s.crossing = http.NewCrossOriginProtection()
	if err := s.loadStatic(web.Static()); err != nil {
		return nil, err
	}
	s.zip, err = gzhttp.NewWrapper(gzhttp.CompressionLevel(5), gzhttp.MinSize(600), gzhttp.EnableZstd(false))
	return s, err
}

// SetHouse changes name, mark and colours while running.
func (s *Site) SetHouse(h House) {
	h.Mark = safeMark(h.Mark)
	s.house.Store(&h)
}

// Texts is the catalogue of the site.
func (s *Site) Texts() *Catalogue { return s.texts }

// Zone is the government's zone, for moments that belong to no unit.
func (s *Site) Zone() *time.Location { return s.zone }

// Route is one line of a door's table.
type Route struct {
	Pattern string // of net/http's ServeMux: "GET /services/{id}"
	Do      func(http.ResponseWriter, *http.Request) error
	Body    int64 // most bytes of the request; 0 = 64 kB
	API     bool  // faults are problem documents; no form token, no cookie
	Upload  bool  // takes multipart/form-data, part by part: see Parts
	Script  bool  // sent by our own script: any body, the token in a header
	lost    bool  // the page for everything else: whatever is sent there is not read
	Open    bool  // read by other programs: any origin may read the answer
}

// Handler serves the routes, the static files, and a page for everything else.
func (s *Site) Handler(routes ...Route) http.Handler {
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.Handle(r.Pattern, s.serve(r))
	}
	mux.Handle("GET /static/{file}", s.serve(Route{Pattern: "GET /static/{file}", Do: s.serveStatic}))
	mux.Handle("/", s.serve(Route{Pattern: "/", lost: true, Do: func(w http.ResponseWriter, r *http.Request) error {
		return missing(mux, w, r)
	}}))
	return s.outer(s.zip(mux))
}

// missing tells an address that does not exist from a method that does not.
func missing(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) error {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := mux.Handler(probe); pattern != "/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		return fault.New(fault.Unknown, "fault.page_unknown")
	}
	if allowed[0] == http.MethodGet {
		allowed = append(allowed, http.MethodHead)
	}
	w.Header().Set("Allow", strings.Join(append(allowed, http.MethodOptions), ", "))
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return fault.New(fault.NoMethod, "fault.method")
}
