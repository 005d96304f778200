package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"time"
)

// load is what one kind of client asks for, again and again.
type load struct {
	addr   string
	next   func(b []byte, n int64) []byte // appends the n-th request, head and body
	status int                            // the only good answer
}

// run sends requests from so many connections for so long and gives the number
// that were answered well in a second. Any other answer is an error: a server
// that refuses quickly must not look fast.
func (l load) run(connections int, lasting time.Duration, from *counter) (float64, error) {
	var all sync.WaitGroup
	errs := make([]error, connections)
	counts := make([]int64, connections)
	began := time.Now()
	end := began.Add(lasting)
	for i := range connections {
		all.Go(func() { counts[i], errs[i] = l.client(end, from) })
	}
	all.Wait()
	took := time.Since(began)
	var total int64
	for i := range connections {
		if errs[i] != nil {
			return 0, errs[i]
		}
		total += counts[i]
	}
	return float64(total) / took.Seconds(), nil
}

// counter gives every request of a run a number of its own.
type counter struct {
	mu sync.Mutex
	n  int64
}

func (c *counter) next() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

func (l load) client(end time.Time, from *counter) (n int64, err error) {
	conn, err := net.Dial("tcp", l.addr)
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 32<<10)
	var out []byte
	for time.Now().Before(end) {
		out = l.next(out[:0], from.next())
		if _, err := conn.Write(out); err != nil {
			return n, err
		}
		got, err := readResponse(in)
		if err != nil {
			return n, err
		}
		if got.status != l.status {
			return n, fmt.Errorf("%s answered %d, not %d", l.addr, got.status, l.status)
		}
		n++
	}
	return n, nil
}

// response is what the client keeps of an answer: sizes only.
type response struct {
	status     int
	head, body int
}

// readResponse reads one HTTP/1.1 response. It knows only what net/http sends:
// a length or chunks. A lean client leaves the two cores to the servers.
func readResponse(in *bufio.Reader) (r response, err error) {
	length, chunked := -1, false
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return r, err
		}
		r.head += len(line)
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case first:
			if len(line) < 12 {
				return r, fmt.Errorf("not HTTP: %q", line)
			}
			if r.status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return r, err
			}
		case len(line) == 0:
			err = readBody(in, &r, length, chunked)
			return r, err
		default:
			name, value, _ := bytes.Cut(line, []byte(": "))
			switch {
			case bytes.EqualFold(name, []byte("Content-Length")):
				length, err = strconv.Atoi(string(value))
			case bytes.EqualFold(name, []byte("Transfer-Encoding")):
				chunked = true
			}
			if err != nil {
				return r, err
			}
		}
	}
}

func readBody(in *bufio.Reader, r *response, length int, chunked bool) error {
	if !chunked {
		n, err := in.Discard(max(length, 0))
		r.body = n
		return err
	}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(string(bytes.TrimRight(line, "\r\n")), 16, 32)
		if err != nil {
			return err
		}
		n, err := in.Discard(int(size) + 2)
		r.body += n - 2
		if err != nil || size == 0 {
			return err
		}
	}
}

// fetch asks once and gives the whole answer, for what is weighed or read.
func fetch(addr, request string) (response, []byte, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return response{}, nil, err
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		return response{}, nil, err
	}
	var seen bytes.Buffer
	r, err := readResponse(bufio.NewReaderSize(io.TeeReader(conn, &seen), 32<<10))
	return r, seen.Bytes(), err
}
