package app_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/law/fold"
)

// portal opens the doors of a node.
func (w *town) portal() string {
	w.t.Helper()
	h, err := w.Handler(app.Face{Base: "http://localhost:8080"})
	w.must(err)
	srv := httptest.NewServer(h)
	w.t.Cleanup(srv.Close)
	return srv.URL
}

// TestAnActOnOneNodeIsAnnouncedOnTheOther: whoever follows a case is told of its
// new version, whichever node they are connected to.
func TestAnActOnOneNodeIsAnnouncedOnTheOther(t *testing.T) {
	w, other, _ := twoNodes(t)
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	got := w.apply(once("i", "one"))
	r, err := http.NewRequestWithContext(ctx, "GET", other.portal()+"/track/"+got.Code+"/live?seen=1", nil)
	w.must(err)
	resp, err := http.DefaultClient.Do(r)
	w.must(err)
	defer resp.Body.Close()
	heard := bufio.NewScanner(resp.Body)
	if !heard.Scan() || heard.Text() != "retry: 5000" { // it follows from here on
		t.Fatalf("%d: %q, %v", resp.StatusCode, heard.Text(), heard.Err())
	}
	_, err = w.Cases.Act(ctx, casework.Deed{Stream: got.Stream, Action: "withdraw", By: fold.Holder{Who: "applicant"}})
	w.must(err)
	_, err = w.Ledger.Sequence(ctx)
	w.must(err)
	for heard.Scan() {
		if text, news := strings.CutPrefix(heard.Text(), "data: "); news {
			if text != `{"version":2}` {
				t.Errorf("heard %s", text)
			}
			return
		}
	}
	t.Fatalf("the other node says nothing of it: %v", heard.Err())
}
