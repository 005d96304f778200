package load

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Patience is how long a server may take to answer first, to answer one
// request, and to stop.
const Patience = time.Minute

// Load is what one kind of client asks for, again and again.
type Load struct {
	Addr   string                         // host:port
	Next   func(b []byte, n int64) []byte // appends the n-th request, head and body
	Status int                            // the only good answer
	Keep   func(body []byte)              // sees every body when not nil; called by many at once
}

// Result is what a run has shown.
type Result struct {
	Rate     float64 // good answers a second
	Answers  int64
	P50, P99 time.Duration // from writing the request to the last byte of its answer
}

// Run sends requests from so many connections for so long, each connection the
// next one when the one before is answered. Any answer but the good one is an
// error: a server that refuses quickly must not look fast.
func (l Load) Run(connections int, lasting time.Duration, from *Counter) (Result, error) {
	var all sync.WaitGroup
	errs := make([]error, connections)
	times := make([][]time.Duration, connections)
	began := time.Now()
	end := began.Add(lasting)
	for i := range connections {
		all.Go(func() { times[i], errs[i] = l.client(end, from) })
	}
	all.Wait()
	took := time.Since(began)
	for _, err := range errs {
		if err != nil {
			return Result{}, err
		}
	}
	sorted := slices.Concat(times...)
	slices.Sort(sorted)
	return Result{
		Rate: float64(len(sorted)) / took.Seconds(), Answers: int64(len(sorted)), P50: quantile(sorted, 50), P99: quantile(sorted, 99),
	}, nil
}

// quantile is the smallest value that so many in a hundred do not exceed.
func quantile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)*percent+99)/100-1]
}

// Counter gives every request of a run a number of its own.
type Counter struct {
	mu sync.Mutex
	n  int64
}

// Next is the next number, from 1.
func (c *Counter) Next() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

func (l Load) client(end time.Time, from *Counter) (times []time.Duration, err error) {
	conn, err := net.Dial("tcp", l.Addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(end.Add(Patience)); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(conn, 32<<10)
	var out []byte
	for now := time.Now(); now.Before(end); {
		out = l.Next(out[:0], from.Next())
		if err := l.ask(conn, in, out); err != nil {
			return times, err
		}
		answered := time.Now()
		times = append(times, answered.Sub(now))
		now = answered
	}
	return times, nil
}

// ask sends one request and reads its answer.
func (l Load) ask(conn net.Conn, in *bufio.Reader, out []byte) error {
	if _, err := conn.Write(out); err != nil {
		return err
	}
	var body io.Writer
	var kept bytes.Buffer
	if l.Keep != nil {
		body = &kept
	}
	got, err := readInto(in, body)
	if err != nil {
		return fmt.Errorf("%s: %w", l.Addr, err)
	}
	if got.Status != l.Status {
		return fmt.Errorf("%s answered %d, not %d, to %.60q", l.Addr, got.Status, l.Status, out)
	}
	if l.Keep != nil {
		l.Keep(kept.Bytes())
	}
	return nil
}

// Response is what the client keeps of an answer: sizes only, in bytes.
type Response struct {
	Status     int
	Head, Body int
}

// ReadResponse reads one HTTP/1.1 response. It knows only a length and chunks:
// a lean client leaves the two cores to the servers.
func ReadResponse(in *bufio.Reader) (Response, error) { return readInto(in, nil) }

// readInto reads a response, its body into a writer unless that is nil.
func readInto(in *bufio.Reader, body io.Writer) (r Response, err error) {
	length, chunked := -1, false
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return r, err
		}
		r.Head += len(line)
		line = bytes.TrimRight(line, "\r\n")
		switch {
		case first:
			if len(line) < 12 {
				return r, fmt.Errorf("not HTTP: %q", line)
			}
			if r.Status, err = strconv.Atoi(string(line[9:12])); err != nil {
				return r, err
			}
		case len(line) == 0:
			err = readBody(in, &r, body, length, chunked)
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

func readBody(in *bufio.Reader, r *Response, body io.Writer, length int, chunked bool) error {
	if !chunked {
		n, err := take(in, body, max(length, 0))
		r.Body = n
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
		n, err := take(in, body, int(size))
		r.Body += n
		if err == nil {
			_, err = in.Discard(len("\r\n"))
		}
		if err != nil || size == 0 {
			return err
		}
	}
}

// take reads n bytes, into a writer unless that is nil.
func take(in *bufio.Reader, body io.Writer, n int) (int, error) {
	if body == nil {
		return in.Discard(n)
	}
	read, err := io.CopyN(body, in, int64(n))
	return int(read), err
}

// Fetch asks once and gives the whole answer as it came, for what is weighed or
// read.
func Fetch(addr, request string) (Response, []byte, error) {
	conn, err := net.DialTimeout("tcp", addr, Patience)
	if err != nil {
		return Response{}, nil, err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(Patience)); err != nil {
		return Response{}, nil, err
	}
	if _, err := io.WriteString(conn, request); err != nil {
		return Response{}, nil, err
	}
	var seen bytes.Buffer
	r, err := ReadResponse(bufio.NewReaderSize(io.TeeReader(conn, &seen), 32<<10))
	return r, seen.Bytes(), err
}
