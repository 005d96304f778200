package notices

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pendopo/engine/notify"
	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/seal"
	"pendopo/test/testkit"
)

// kinds are what happens to the mail of one notice after another, and whether
// there is a telephone as well; see smtpd.py.
var kinds = []struct {
	mail  string
	phone bool
}{
	{"ok", false}, {"ok", true}, {"", true}, {"temp", false}, {"nobody", true}, {"", true}, {"ok", true}, {"nobody", false},
	{"bounce", true}, {"hangup", true}, {"", true}, {"slow", false}, {"ok", false}, {"ok", true}, {"bounce", false}, {"", true}, {"ok", false}, {"ok", true}, {"", true}, {"", false},
}

// many is how many notices are sent: PENDOPO_NOTICES, or some hundred.
func many() int {
	if n, err := strconv.Atoi(os.Getenv("PENDOPO_NOTICES")); err == nil {
		return n
	}
	return 300
}

// want is what is known of one notice beforehand.
type want struct {
	kind  string
	phone string
}

func TestEveryNoticeArrivesOnceOrIsReported(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		t.Parallel() // both wait most of the time, for proofs that do not come
		dir := t.TempDir()
		p, k := newPost(t, dir), newPhones(t, dir)
		mailLine := newLine(t, "127.0.0.1:"+p.port, 1, 6<<10, 40<<10)
		smsLine := newLine(t, "127.0.0.1:"+k.port, 2, 200, 8<<10)
		w := worker{Dir: dir, Database: url, Port: free(t), Setup: write(t, filepath.Join(dir, "notices.yaml"), setup(p, mailLine.addr, smsLine.addr, ""))}
		if _, err := seal.CreateInstance(filepath.Join(dir, "keys"), "example.test/log"); err != nil {
			t.Fatal(err)
		}
		n := many()
		wanted := tell(t, w, n)
		sendAll(t, w, p, k, n)
		compare(t, w, p, k, wanted)
		t.Logf("%d notices, %d mail and %d SMS connections cut", n, mailLine.broken.Load(), smsLine.broken.Load())
	})
}

// tell queues all of them, each of a stream of its own.
func tell(t *testing.T, w worker, n int) map[string]want {
	t.Helper()
	in, err := w.open()
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	out := map[string]want{}
	stream, _, err := in.keys.Take()
	if err != nil {
		t.Fatal(err)
	}
	var batch []notify.Notice
	for i := range n {
		kind := kinds[i%len(kinds)]
		var to notify.Contact
		if kind.mail != "" {
			to.Email = fmt.Sprintf("%s-%d@example.test", kind.mail, i)
		}
		phone := ""
		if kind.phone {
			phone = fmt.Sprintf("62811%07d", i)
			to.Phone = "+" + phone
		}
		code := fmt.Sprintf("CODE-%05d", i)
		notice, err := in.engine.Prepare(notify.Telling{Stream: stream, Kind: notify.Returned, To: to, Words: notify.Words{Subject: code, Text: code + "\n\nhttps://example.test", Short: code}})
		if err != nil {
			t.Fatal(err)
		}
		out[notice.ID] = want{kind.mail, phone}
		batch = append(batch, notice)
	}
	err = in.db.Write(func(tx db.Tx) error {
		for _, b := range batch {
			if err := in.engine.Tell(tx, b); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sendAll lets the worker send, and kills it after a third and after two thirds.
func sendAll(t *testing.T, w worker, p post, k phones, n int) {
	t.Helper()
	gone := func() int {
		mails, err := os.ReadFile(p.taken)
		texts, err2 := os.ReadFile(k.taken)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		return bytes.Count(mails, []byte("\n")) + len(took.FindAll(texts, -1))
	}
	for _, part := range []int{n / 4, n / 2} {
		c := w.run(t)
		within(t, 5*time.Minute, "a part has gone out", func() bool { return gone() >= part })
		c.Process.Kill()
		c.Wait()
	}
	w.run(t)
	d, err := db.Open(context.Background(), w.Database, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	within(t, 4*time.Minute, "every notice has ended", func() bool {
		var open int
		err := d.Read(context.Background(), func(tx db.Tx) error {
			return tx.Row(`SELECT count(*) FROM notice WHERE state NOT IN ('delivered', 'page')`).Scan(&open)
		})
		return err == nil && open == 0
	})
}

func within(t *testing.T, most time.Duration, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(most); !ok(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not within %v: %s", most, what)
		}
	}
}

var took = regexp.MustCompile(`Got message \d+: <CONTOH (\d+) text (CODE-\d+)>`)

// compare holds what the engine says of each notice against what the servers took.
func compare(t *testing.T, w worker, p post, k phones, wanted map[string]want) {
	t.Helper()
	mails, phones := arrivals(t, p, k)
	in, err := w.open()
	if err != nil {
		t.Fatal(err)
	}
	defer in.close()
	seen, twice := map[string]int{}, 0
	for _, state := range []notify.State{notify.Delivered, notify.Page} {
		list, err := in.engine.List(context.Background(), state, len(wanted))
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range list {
			x, known := wanted[n.ID]
			if !known {
				t.Fatalf("nobody told %s", n.ID)
			}
			mail, sms := mails[n.ID], phones[x.phone]
			if x.kind == "bounce" {
				mail = 0 // taken, and sent back
			}
			twice += max(0, mail-1)
			if fault := judge(n, x, min(mail, 1), sms); fault != "" {
				t.Errorf("%s, %s by %s (%s): mail taken %d times, SMS %d: %s", x.kind, n.State, n.Channel, n.Reason, mail, sms, fault)
			}
			seen[x.kind+" "+string(n.State)+" "+n.Channel+" "+n.Reason]++
		}
	}
	t.Logf("%v; %d mails were handed over a second time under their own id", seen, twice)
	total := 0
	for _, c := range seen {
		total += c
	}
	if total != len(wanted) {
		t.Errorf("%d of %d notices ended", total, len(wanted))
	}
}

// judge says what is wrong with how one notice ended.
func judge(n notify.Notice, x want, mail, sms int) string {
	switch {
	case sms > 1:
		return "the telephone rang twice"
	case mail+sms > 1:
		return "it arrived by two ways"
	case n.State == notify.Delivered && mail+sms == 0:
		return "it did not arrive"
	case n.State == notify.Delivered && (n.Channel == wire.Email) != (mail == 1):
		return "it arrived by another way"
	case n.State == notify.Page && mail+sms > 0 && n.Reason != wire.Unproven:
		return "it arrived and is reported as lost"
	case n.State == notify.Page && x.kind == "ok":
		return "nothing kept it from arriving"
	}
	return ""
}

// arrivals are what the servers took, by notice and by telephone.
func arrivals(t *testing.T, p post, k phones) (mails, phones map[string]int) {
	t.Helper()
	mails, phones = map[string]int{}, map[string]int{}
	raw, err := os.ReadFile(p.taken)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		id, _, _ := strings.Cut(l, " ")
		mails[id]++
	}
	if raw, err = os.ReadFile(k.taken); err != nil {
		t.Fatal(err)
	}
	for _, found := range took.FindAllSubmatch(raw, -1) {
		phones[string(found[1])]++
	}
	return mails, phones
}
