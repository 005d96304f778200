package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// call is one system call as strace saw it. Begin and end are numbers of lines
// of the trace: strace looks at one thing at a time, so what ended on an
// earlier line ended before what began on a later one.
type call struct {
	begin, end int // end is never when the process ended before the call did
	name       string
	args       []string
	fd         int64  // the first argument, where it is a descriptor; -1 otherwise
	data       []byte // of a write to a file below the root
	result     int64
	failed     bool
}

const never = int(^uint(0) >> 1)

// traced is what strace records: everything that changes a file or a folder,
// or makes a change durable, and what is needed to know which file a descriptor
// is and what a client was answered.
var traced = []string{
	"write", "writev", "pwrite64", "pwritev", "pwritev2", "ftruncate", "truncate", "fallocate", "copy_file_range", "sendfile", "splice",
	"open", "openat", "openat2", "creat", "close", "dup", "dup2", "dup3", "rename", "renameat", "renameat2", "link", "linkat",
	"symlink", "symlinkat", "unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "mknod", "mknodat", "fsync", "fdatasync",
	"sync_file_range", "sync", "syncfs", "msync", "mmap", "accept4", "io_uring_setup", "execve",
}

// traceReader turns lines into calls.
type traceReader struct {
	root    string // what is written elsewhere is not kept
	line    int
	open    map[string]*call // by thread: begun and not ended
	partial map[string]string
	calls   []*call
}

// readTrace reads what one process did. Its lines count on from first.
func readTrace(r io.Reader, root string, first int) (calls []*call, next int, err error) {
	t := &traceReader{root: "<" + hexed(root+"/"), line: first, open: map[string]*call{}, partial: map[string]string{}}
	in := bufio.NewReaderSize(r, 1<<20)
	for {
		text, err := in.ReadString('\n')
		if err == io.EOF {
			return t.calls, t.line, nil
		}
		if err != nil {
			return nil, 0, err
		}
		if err := t.take(strings.TrimSuffix(text, "\n")); err != nil {
			return nil, 0, fmt.Errorf("line %d of the trace: %w", t.line-first+1, err)
		}
		t.line++
	}
}

func readTraceFile(path, root string, first int) ([]*call, int, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	return readTrace(f, root, first)
}

// take reads one line: a whole call, the beginning of one, the end of one, or
// word of a signal or an exit.
func (t *traceReader) take(text string) error {
	thread, rest, ok := strings.Cut(text, " ")
	rest = strings.TrimLeft(rest, " ")
	switch {
	case !ok:
		return fmt.Errorf("not a line of strace: %.80q", text)
	case strings.HasPrefix(rest, "+++"), strings.HasPrefix(rest, "---"):
		return nil
	case strings.HasPrefix(rest, "<... "):
		return t.resume(thread, rest)
	}
	name, args, ok := strings.Cut(rest, "(")
	if !ok {
		return fmt.Errorf("no call: %.80q", rest)
	}
	c := &call{begin: t.line, end: never, name: name, failed: true}
	t.calls = append(t.calls, c)
	if begun, cut := strings.CutSuffix(args, " <unfinished ...>"); cut {
		t.open[thread], t.partial[thread] = c, begun
		return t.parse(c, begun) // what is known at once: the rest comes when it ends
	}
	return t.finish(c, args)
}

// resume ends a call that was begun on an earlier line.
func (t *traceReader) resume(thread, text string) error {
	c := t.open[thread]
	_, rest, ok := strings.Cut(text, " resumed>")
	if c == nil || !ok {
		return fmt.Errorf("nothing to resume: %.80q", text)
	}
	delete(t.open, thread)
	return t.finish(c, t.partial[thread]+rest)
}

// finish reads arguments and result: `args) = 8</path>` or `args) = -1 ENOENT (…)`.
func (t *traceReader) finish(c *call, text string) error {
	at := strings.LastIndex(text, ") ")
	eq := strings.LastIndex(text, " = ")
	for at > eq { // a parenthesis of the words of an error
		at = strings.LastIndex(text[:at], ") ")
	}
	if at < 0 || eq < 0 {
		return fmt.Errorf("%s without a result: %.80q", c.name, text)
	}
	result, _, _ := strings.Cut(text[eq+3:], " ")
	result, _, _ = strings.Cut(result, "<")
	if c.end = t.line; result == "?" { // the process ended in the middle of it
		c.end = never
		return t.parse(c, text[:at])
	}
	n, err := strconv.ParseInt(result, 0, 64)
	if err != nil {
		if _, err := strconv.ParseUint(result, 0, 64); err != nil {
			return fmt.Errorf("%s: result %q", c.name, result)
		}
	}
	c.result, c.failed = n, n < 0
	return t.parse(c, text[:at])
}

// parse cuts the arguments; a descriptor's path, which strace adds in angle
// brackets, is in hexadecimal like every text, so no comma misleads.
func (t *traceReader) parse(c *call, args string) (err error) {
	c.args, c.fd = strings.Split(args, ", "), -1
	if strings.Contains(args, `"...`) {
		return fmt.Errorf("%s: strace cut a text short", c.name)
	}
	number, path, _ := strings.Cut(c.args[0], "<")
	if n, err := strconv.ParseInt(number, 10, 64); err == nil {
		c.fd = n
	}
	if c.name != "write" && c.name != "pwrite64" || len(c.args) < 3 {
		return nil
	}
	if strings.HasPrefix("<"+path, t.root) && c.data == nil {
		c.data, err = c.text(1)
	}
	c.args[1] = strings.Clone(c.args[1][:min(len(c.args[1]), len(statusLine))]) // the rest of the line may go
	c.args[0] = strings.Clone(c.args[0])
	for i := range c.args[2:] {
		c.args[2+i] = strings.Clone(c.args[2+i])
	}
	return err
}

// text decodes the n-th argument, a text in hexadecimal between quotes.
func (c *call) text(n int) ([]byte, error) {
	if n >= len(c.args) {
		return nil, fmt.Errorf("%s has %d arguments", c.name, len(c.args))
	}
	return unhex(strings.TrimSuffix(strings.TrimPrefix(c.args[n], `"`), `"`))
}

// unhex reads what strace writes as \x41\x42.
func unhex(s string) ([]byte, error) {
	if len(s)%4 != 0 {
		return nil, fmt.Errorf("not hexadecimal: %.40q", s)
	}
	digits := make([]byte, 0, len(s)/2)
	for i := 0; i < len(s); i += 4 {
		digits = append(digits, s[i+2], s[i+3])
	}
	n, err := hex.Decode(digits, digits)
	return digits[:n], err
}

func hexed(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, `\x%02x`, s[i])
	}
	return b.String()
}

func (c *call) number(n int) (int64, error) {
	if n >= len(c.args) {
		return 0, fmt.Errorf("%s has %d arguments", c.name, len(c.args))
	}
	return strconv.ParseInt(c.args[n], 0, 64)
}

// path is the path that argument n names, relative to the folder descriptor in
// the argument before it when at says so.
func (c *call) path(n int, at bool) (string, error) {
	name, err := c.text(n)
	if err != nil || filepath.IsAbs(string(name)) || !at {
		return filepath.Clean(string(name)), err
	}
	folder, err := bracketed(c.args[n-1])
	return filepath.Join(folder, string(name)), err
}

// bracketed is the path that strace wrote behind a descriptor.
func bracketed(arg string) (string, error) {
	_, rest, ok := strings.Cut(arg, "<")
	if !ok {
		return "", fmt.Errorf("no path behind the descriptor %q", arg)
	}
	path, err := unhex(strings.TrimSuffix(rest, ">"))
	return string(path), err
}

// has reports whether the flags in argument n contain one.
func (c *call) has(n int, flag string) bool {
	if n >= len(c.args) {
		return false
	}
	for _, f := range strings.Split(c.args[n], "|") {
		if f == flag {
			return true
		}
	}
	return false
}

var portOf = regexp.MustCompile(`sin6?_port=htons\((\d+)\)`)

// answers gives the moment at which each answer on each connection began: the
// line before which nothing of it had left the server.
type answers map[answer]int

// answer is the nth on the connection from a client's port, in one life of the server.
type answer struct{ life, port, nth int }

// listen notes connections and answers of one process.
func listen(life int, calls []*call, into answers) {
	sockets, counts := map[int64]int{}, map[int]int{}
	for _, h := range timeline(calls) {
		c := h.call
		switch {
		case c.name == "accept4" && h.end && !c.failed:
			if m := portOf.FindStringSubmatch(strings.Join(c.args, ", ")); m != nil {
				port, _ := strconv.Atoi(m[1])
				sockets[c.result] = port
			}
		case h.end:
		case c.name == "close": // at its beginning, for the number may be given anew before it ends
			delete(sockets, c.fd)
		case c.name == "write":
			port, known := sockets[c.fd]
			if known && strings.HasPrefix(c.args[1], statusLine) {
				into[answer{life, port, counts[port]}] = c.begin
				counts[port]++
			}
		}
	}
}

// statusLine is how an answer begins, "HTTP/1.1 ", as strace writes it.
const statusLine = `"\x48\x54\x54\x50\x2f\x31\x2e\x31\x20`
