package ledger

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"path"
	"strconv"
	"strings"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

const (
	// forever is for tiles: what a path names never changes.
	forever = "public, max-age=31536000, immutable"
	// brief keeps a checkpoint from being asked for more than once a second.
	brief = "public, max-age=1"
)

// Handler serves the public log under /log/ (C2SP tlog-tiles): checkpoint,
// tile/<L>/<N>[.p/<W>], tile/entries/<N>[.p/<W>], and key, the verifier line.
// /log/ is the newest log; after a loss the earlier ones stay under
// /log/origins/<number>/. Entries are the 32-byte leaves and nothing else.
func (l *Ledger) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, prefix := range []string{"GET /log/", "GET /log/origins/{log}/"} {
		mux.HandleFunc(prefix+"checkpoint", l.serve(l.checkpoint))
		mux.HandleFunc(prefix+"key", l.serve(l.verifierLine))
		mux.HandleFunc(prefix+"tile/{level}/{rest...}", l.serve(l.tile))
	}
	return mux
}

// answer is one of the log's files.
type answer struct {
	kind, cache string
	body        []byte
}

// serve finds the log's newest head and gives it, with the request, to file.
func (l *Ledger) serve(file func(db.Tx, Head, *http.Request) (answer, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var a answer
		err := l.db.Read(r.Context(), func(tx db.Tx) error {
			head, err := requested(tx, r.PathValue("log"))
			if err != nil {
				return err
			}
			if head.Log == 0 {
				return notThere()
			}
			a, err = file(tx, head, r)
			return err
		})
		if err != nil {
			refuse(w, err)
			return
		}
		w.Header().Set("Content-Type", a.kind)
		w.Header().Set("Cache-Control", a.cache)
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		_, _ = w.Write(a.body) // a client that left is no concern of ours
	}
}

func requested(tx db.Tx, number string) (Head, error) {
	if number == "" {
		return newestHead(tx)
	}
	log, ok := canonical(number)
	if !ok {
		return Head{}, notThere()
	}
	return headOf(tx, log)
}

func notThere() *fault.Fault { return fault.New(fault.Unknown, "ledger.not_there") }

// refuse answers clients that are programs: the status says all.
func refuse(w http.ResponseWriter, err error) {
	status := fault.Of(err).Status()
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Error(w, http.StatusText(status), status)
}

func (l *Ledger) checkpoint(_ db.Tx, head Head, _ *http.Request) (answer, error) {
	return answer{"text/plain; charset=utf-8", brief, head.Note}, l.heads.add(head)
}

func (l *Ledger) verifierLine(_ db.Tx, head Head, _ *http.Request) (answer, error) {
	line := l.in.LogVerifierKey(originOf(l.in, head.Log)) + "\n"
	return answer{"text/plain; charset=utf-8", "public, max-age=300", []byte(line)}, nil
}

func (l *Ledger) tile(tx db.Tx, head Head, r *http.Request) (answer, error) {
	number, width, ok := tilePath(r.PathValue("rest"))
	if !ok {
		return answer{}, notThere()
	}
	level, isTile := canonical(r.PathValue("level"))
	if !isTile && r.PathValue("level") != "entries" || level > 7 {
		return answer{}, notThere()
	}
	// What the newest head does not cover is not public yet.
	if count := head.Size >> (tileHeight * level); number > count/tileWidth || number*tileWidth+int64(width) > count {
		return answer{}, notThere()
	}
	var body []byte
	var err error
	if isTile {
		body, err = l.tileBody(tx, head.Log, int(level), number, width)
	} else {
		body, err = bundle(tx, head.Log, number, width)
	}
	return answer{"application/octet-stream", forever, body}, err
}

func (l *Ledger) tileBody(tx db.Tx, log int64, level int, number int64, width int) ([]byte, error) {
	hashes, err := loadTile(tx, log, level, number)
	if err == nil && len(hashes) < width*hashSize {
		return nil, damaged("ledger.tile_missing", "tile", tileRow(log, level, number))
	}
	return hashes[:min(len(hashes), width*hashSize)], err
}

// bundle is a tile of entries: each with its length as uint16 before it.
func bundle(tx db.Tx, log, number int64, width int) ([]byte, error) {
	list, err := entries(tx, log, number*tileWidth, int64(width))
	if err == nil && len(list) != width {
		return nil, damaged("ledger.leaf_missing", "leaf", leafRow(log, number*tileWidth))
	}
	var b bytes.Buffer
	for _, entry := range list {
		b.Write(binary.BigEndian.AppendUint16(nil, uint16(len(entry))))
		b.Write(entry)
	}
	return b.Bytes(), err
}

// tilePath reads x001/x234/067 or x001/x234/067.p/8. Every number has exactly
// one path: leading groups that say nothing are refused.
func tilePath(rest string) (number int64, width int, ok bool) {
	width = tileWidth
	if whole, partial, cut := strings.Cut(rest, ".p/"); cut {
		w, exact := canonical(partial)
		if !exact || w < 1 || w >= tileWidth {
			return 0, 0, false
		}
		rest, width = whole, int(w)
	}
	groups := strings.Split(rest, "/")
	if len(groups) > 5 {
		return 0, 0, false
	}
	for i, group := range groups {
		if i < len(groups)-1 {
			if !strings.HasPrefix(group, "x") {
				return 0, 0, false
			}
			group = group[1:]
		}
		n, err := strconv.ParseUint(group, 10, 16)
		if err != nil || len(group) != 3 {
			return 0, 0, false
		}
		number = number*1000 + int64(n)
	}
	return number, width, tileName(number) == rest
}

// tileName is the path of a tile's number.
func tileName(number int64) string {
	name := threeDigits(number % 1000)
	for number /= 1000; number > 0; number /= 1000 {
		name = path.Join("x"+threeDigits(number%1000), name)
	}
	return name
}

func threeDigits(n int64) string { return strconv.FormatInt(1000+n, 10)[1:] }

// canonical reads a number that is written in the one way there is.
func canonical(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 32)
	return n, err == nil && n >= 0 && strconv.FormatInt(n, 10) == s
}
