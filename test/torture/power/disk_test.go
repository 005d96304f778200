package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// script is a trace in short: one call a line, texts in quotes and descriptors'
// paths in angle brackets, which are written as strace would write them.
func script(root string, lines ...string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString("7 ")
		for i, part := range strings.FieldsFunc(line, func(r rune) bool { return r == '`' }) {
			if i%2 == 1 {
				part = hexed(strings.ReplaceAll(part, "/R", root))
			}
			b.WriteString(part)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// replay takes a script into a model of an empty folder.
func replay(t *testing.T, lines ...string) (*disk, error) {
	t.Helper()
	d := newDisk(t.TempDir())
	calls, _, err := readTrace(strings.NewReader(script(d.root, lines...)), d.root, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range timeline(calls) {
		if err := d.take(h); err != nil {
			return d, err
		}
	}
	return d, nil
}

// left is what a state holds: path and content of every file.
func left(t *testing.T, d *disk, l *lot) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "state")
	if err := l.build(d.top, to); err != nil {
		t.Fatal(err)
	}
	var found []string
	err := filepath.WalkDir(to, func(p string, e os.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			content, _ := os.ReadFile(p)
			found = append(found, fmt.Sprintf("%s=%s", strings.TrimPrefix(p, to+"/"), content))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(found, " ")
}

const (
	create     = "openat(AT_FDCWD<`/`>, \"`/R/a`\", O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0600) = 5<`/R/a`>"
	writeOne   = "write(5<`/R/a`>, \"`one`\", 3) = 3"
	writeTwo   = "write(5<`/R/a`>, \"`two`\", 3) = 3"
	syncFile   = "fsync(5<`/R/a`>) = 0"
	openFolder = "openat(AT_FDCWD<`/`>, \"`/R`\", O_RDONLY|O_CLOEXEC) = 6<`/R`>"
	syncFolder = "fsync(6<`/R`>) = 0"
	renamed    = "renameat(AT_FDCWD<`/`>, \"`/R/a`\", AT_FDCWD<`/`>, \"`/R/b`\") = 0"
	removed    = "unlinkat(AT_FDCWD<`/`>, \"`/R/a`\", 0) = 0"
)

func TestOnlyWhatWasSyncedIsCertain(t *testing.T) {
	for name, c := range map[string]struct {
		lines           []string
		synced, written string
	}{
		"nothing was synced":             {[]string{create, writeOne}, "", "a=one"},
		"a synced file without a name":   {[]string{create, writeOne, syncFile}, "", "a=one"},
		"a name without its bytes":       {[]string{create, writeOne, openFolder, syncFolder}, "a=", "a=one"},
		"both":                           {[]string{create, writeOne, syncFile, openFolder, syncFolder}, "a=one", "a=one"},
		"a later write":                  {[]string{create, writeOne, syncFile, openFolder, syncFolder, writeTwo}, "a=one", "a=onetwo"},
		"a new name that was not synced": {[]string{create, writeOne, syncFile, openFolder, syncFolder, renamed}, "a=one", "b=one"},
		"a new name that was":            {[]string{create, writeOne, syncFile, openFolder, renamed, syncFolder}, "b=one", "b=one"},
		"a removal that was not synced":  {[]string{create, writeOne, syncFile, openFolder, syncFolder, removed}, "a=one", ""},
		"a sync that failed":             {[]string{create, writeOne, openFolder, syncFolder, "fsync(5<`/R/a`>) = -1 EIO (Input/output error)"}, "a=", "a=one"},
		"a sync that began before the write ended": {[]string{create, openFolder, syncFolder,
			"write(5<`/R/a`>, \"`one`\", 3 <unfinished ...>", syncFile, "<... write resumed>) = 3"}, "a=", "a=one"},
		"a file cut to nothing": {[]string{create, writeOne, syncFile, openFolder, syncFolder, "ftruncate(5<`/R/a`>, 0) = 0"}, "a=one", "a="},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := replay(t, c.lines...)
			if err != nil {
				t.Fatal(err)
			}
			r := rand.New(rand.NewPCG(1, 1))
			if got := left(t, d, newLot(synced, r)); got != c.synced {
				t.Errorf("synced: %q, want %q", got, c.synced)
			}
			if got := left(t, d, newLot(written, r)); got != c.written {
				t.Errorf("written: %q, want %q", got, c.written)
			}
		})
	}
}

func TestSectorsComeInAnyOrderAndWhole(t *testing.T) {
	old, fresh := strings.Repeat("o", 1024), strings.Repeat("n", 1024)
	d, err := replay(t, strings.Replace(create, "O_WRONLY", "O_RDWR", 1), "pwrite64(5<`/R/a`>, \"`"+old+"`\", 1024, 0) = 1024", syncFile, openFolder, syncFolder,
		"pwrite64(5<`/R/a`>, \"`"+fresh+"`\", 1024, 0) = 1024")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for i := range uint64(400) {
		l := newLot(mixed, rand.New(rand.NewPCG(i, 2)))
		l.sector = 512
		got := strings.TrimPrefix(left(t, d, l), "a=")
		for at := 0; at < len(got); at += 512 {
			if half := got[at : at+512]; half != old[:512] && half != fresh[:512] {
				t.Fatalf("a sector was torn: %q", half)
			}
		}
		seen[got[:1]+got[512:513]]++
	}
	if len(seen) != 4 {
		t.Errorf("not every mixture was drawn: %v", seen)
	}
}

func TestWhatTheModelDoesNotKnowEndsTheRun(t *testing.T) {
	for _, line := range []string{
		"sync_file_range(5<`/R/a`>, 0, 0, 7) = 0",
		"fallocate(5<`/R/a`>, 0, 0, 4096) = 0",
		"linkat(AT_FDCWD<`/`>, \"`/R/a`\", AT_FDCWD<`/`>, \"`/R/c`\", 0) = 0",
		"mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 5<`/R/a`>, 0) = 0x7f0000000000",
		"openat(AT_FDCWD<`/`>, \"`/R/a`\", O_WRONLY|O_DSYNC|O_CLOEXEC) = 8<`/R/a`>",
		"write(5<`/R/a`>, \"`one`\", 3) = 2",
		"write(9<`/R/unseen`>, \"`one`\", 3) = 3",
		"sync() = 0",
	} {
		if _, err := replay(t, create, line); err == nil {
			t.Errorf("passed over: %s", line)
		}
	}
	if _, err := replay(t, create, "mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 5<`/R/a-shm`>, 0) = 0x7f0000000000"); err != nil {
		t.Errorf("the index of a write-ahead log: %v", err)
	}
}

func TestAChangeThatWasNotRecordedIsFound(t *testing.T) {
	d, err := replay(t, create, writeOne)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		content string
		good    bool
	}{{"one", true}, {"one more", false}} {
		if err := os.WriteFile(filepath.Join(d.root, "a"), []byte(c.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := d.compare(); (err == nil) != c.good {
			t.Errorf("%q: %v", c.content, err)
		}
	}
}

func TestAnswersAreCountedByConnection(t *testing.T) {
	root, got := t.TempDir(), answers{}
	accepted := "accept4(3<`s`>, {sa_family=AF_INET, sin_port=htons(%d), sin_addr=inet_addr(\"`127.0.0.1`\")}, [112 => 16], SOCK_CLOEXEC) = %d<`s`>"
	calls, _, err := readTrace(strings.NewReader(script(root,
		"accept4(3<`s`>,  <unfinished ...>", "close(8<`s`>) = 0",
		fmt.Sprintf("<... accept4 resumed>{sa_family=AF_INET, sin_port=htons(%d), sin_addr=inet_addr(\"`127.0.0.1`\")}, [112 => 16], SOCK_CLOEXEC) = %d<`s`>", 40001, 8), "write(8<`s`>, \"`HTTP/1.1 201 Created`\", 20) = 20", "write(8<`s`>, \"`more of it`\", 10) = 10",
		fmt.Sprintf(accepted, 40002, 9), "write(9<`s`>, \"`HTTP/1.1 200 OK`\", 15) = 15", "write(8<`s`>, \"`HTTP/1.1 200 OK`\", 15) = 15")), root, 1)
	if err != nil {
		t.Fatal(err)
	}
	listen(4, calls, got)
	for at, line := range map[answer]int{{4, 40001, 0}: 4, {4, 40001, 1}: 8, {4, 40002, 0}: 7} {
		if got[at] != line {
			t.Errorf("%+v is on line %d, want %d", at, got[at], line)
		}
	}
	if len(got) != 3 {
		t.Errorf("%v", got)
	}
}
