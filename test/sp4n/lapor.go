package sp4n

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Report is a report as that side keeps it.
type Report struct {
	Tracking  string    `json:"tracking_id"`
	Reference string    `json:"reference"`
	Title     string    `json:"title"`
	Content   string    `json:"content"`
	Category  string    `json:"category_id"`
	Class     string    `json:"classification"`
	Latitude  string    `json:"latitude"`
	Longitude string    `json:"longitude"`
	Location  string    `json:"location"`
	State     string    `json:"status"`
	Created   time.Time `json:"created_at"`
	Changed   time.Time `json:"updated_at"`
}

// Followup is a word of an agency.
type Followup struct {
	ID       string    `json:"id"`
	Tracking string    `json:"tracking_id"`
	Content  string    `json:"content"`
	State    string    `json:"status"`
	At       time.Time `json:"created_at"`
}

// Lapor is the simulator. Fault, when it is set, says what happens to the next
// report: "" nothing, "before" or "after" the answer is lost before or after it
// was kept.
type Lapor struct {
	Token string
	Now   func() time.Time
	Fault func() string

	mu        sync.Mutex
	reports   []Report
	followups []Followup
}

// Reports are those that were filed.
func (l *Lapor) Reports() []Report {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.reports)
}

// Answer lets an agency say something and put a report into another state.
func (l *Lapor) Answer(tracking, state, words string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.reports {
		if l.reports[i].Tracking == tracking {
			l.reports[i].State, l.reports[i].Changed = state, l.Now()
		}
	}
	l.followups = append(l.followups, Followup{fmt.Sprintf("f%d", len(l.followups)+1), tracking, words, state, l.Now()})
}

// ServeHTTP answers as that side is assumed to.
func (l *Lapor) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.Header.Get("Authorization") != "Bearer "+l.Token {
		say(w, http.StatusUnauthorized, map[string]string{"message": "Token tidak berlaku"})
		return
	}
	switch r.Method + " " + r.URL.Path {
	case "POST /reports":
		l.file(w, r)
	case "GET /reports":
		l.list(w, r)
	case "GET /followups":
		say(w, http.StatusOK, map[string]any{"data": l.followups})
	default:
		say(w, http.StatusNotFound, map[string]string{"message": "Alamat tidak ada"})
	}
}

// file keeps a report; the same reference is the same report.
func (l *Lapor) file(w http.ResponseWriter, r *http.Request) {
	fault := ""
	if l.Fault != nil {
		fault = l.Fault()
	}
	if fault == "before" {
		cut(w)
		return
	}
	var in Report
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Content == "" || in.Category == "" {
		say(w, http.StatusUnprocessableEntity, map[string]string{"message": "Isi atau kategori kosong"})
		return
	}
	i := slices.IndexFunc(l.reports, func(x Report) bool { return x.Reference == in.Reference })
	if i < 0 {
		in.Tracking, in.State, in.Created, in.Changed = fmt.Sprintf("%d", 7000001+len(l.reports)), "belum diverifikasi", l.Now(), l.Now()
		l.reports = append(l.reports, in)
		i = len(l.reports) - 1
	}
	if fault == "after" {
		cut(w)
		return
	}
	say(w, http.StatusCreated, map[string]any{"data": l.reports[i]})
}

func (l *Lapor) list(w http.ResponseWriter, r *http.Request) {
	ids := strings.Split(r.URL.Query().Get("tracking_id"), ",")
	out := []Report{}
	for _, x := range l.reports {
		if r.URL.Query().Get("tracking_id") == "" || slices.Contains(ids, x.Tracking) {
			out = append(out, x)
		}
	}
	say(w, http.StatusOK, map[string]any{"data": out})
}

func say(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a caller that has gone needs no answer
}

// cut ends a connection without an answer.
func cut(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		conn.Close()
	}
}
