package portal_test

import (
	"crypto/rand"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Eight tabs show the review of one draft and are sent at once: one application
// comes in, and every tab ends at its receipt.
func TestEveryTabOfADraftEndsAtItsReceipt(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.apply()
	to, form := b.form("/draft/" + b.code() + "/submit")
	var all sync.WaitGroup
	var mu sync.Mutex
	ends := map[string]int{}
	for range 8 {
		tab := maps.Clone(form)
		tab["key"] = []string{rand.Text()}
		all.Go(func() {
			resp, err := b.client.PostForm(w.url+to, url.Values(tab))
			if err != nil {
				t.Error(err)
				return
			}
			resp.Body.Close()
			mu.Lock()
			defer mu.Unlock()
			ends[resp.Status+" "+resp.Request.URL.Path]++
		})
	}
	all.Wait()
	kinds := slices.Collect(maps.Keys(ends))
	if len(kinds) != 1 || !strings.HasPrefix(kinds[0], "200 ") || !strings.HasSuffix(kinds[0], "/receipt") {
		t.Errorf("the tabs ended at %v", ends)
	}
}
