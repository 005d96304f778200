package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pendopo/engine/notify"
	"pendopo/engine/notify/sink"
)

// The answer to a text message is its receipt: no notice says the same again. Of a
// report that went out without an answer one does, once. STOP ends notices to the
// number for every service, MULAI allows them again.
func TestATextMessageHasOneReceipt(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		dir, setup := t.TempDir(), *w.Notices.Setup()
		setup.Carriers = notify.FileSetup(dir).Carriers
		w.Notices.Use(&setup)
		sent := func() int {
			w.must(w.Jobs.Drain(t.Context()))
			data, err := os.ReadFile(filepath.Join(dir, sink.File))
			if err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
			return strings.Count(string(data), "\n")
		}
		code(t, w.text(phone, "LAPOR lampu jalan mati di Desa Banyuasri"))
		if n := sent(); n != 0 {
			t.Errorf("answered, and told %d times", n)
		}
		w.text(phone, "LAPOR sampah menumpuk di pinggir kali")
		w.clock.pass(31 * time.Minute)
		if n := sent(); n != 1 || len(w.cases()) != 2 {
			t.Errorf("not answered: told %d times of %d reports", n, len(w.cases()))
		}
		for _, c := range w.cases() {
			if at, err := w.Cases.State(t.Context(), c); err == nil && at.Answers["category"] == "sampah" {
				w.must(w.Notices.Receipt(c))
			}
		}
		if n := sent(); n != 1 {
			t.Errorf("a receipt asked for again: %d", n)
		}
		w.text(phone, "berhenti")
		w.text(phone, "LAPOR jalan berlubang")
		w.clock.pass(31 * time.Minute)
		if n := sent(); n != 1 {
			t.Errorf("%d after STOP", n)
		}
		w.text(phone, "MULAI")
		w.text(phone, "LAPOR pohon tumbang")
		w.clock.pass(31 * time.Minute)
		if n := sent(); n != 2 {
			t.Errorf("%d after MULAI", n)
		}
	})
}
