package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Several of one kind are typed in at the counter: one more and one less keep
// everything else that was typed.
func TestOneMoreAndOneLessKeepWhatWasTyped(t *testing.T) {
	w := newTown(t)
	w.officer("laila", "disdukcapil/petugas_dukcapil")
	const path = "/desk/enter/kartu-keluarga"
	b := w.as("laila").get(path)
	if b.code != http.StatusOK {
		t.Fatalf("the form of a family card: %d", b.code)
	}
	group := regexp.MustCompile(`name="add" value="([a-z_]+)"`).FindStringSubmatch(b.body)
	if group == nil {
		t.Fatal("no group can be added to")
	}
	items := func() int { return strings.Count(b.body, `class="itm"`) }
	first := items()
	field := regexp.MustCompile(`name="(` + group[1] + `\.0\.[a-z_]*name)"`).FindStringSubmatch(b.body)
	if field == nil {
		b.sendFiles(path, url.Values{"add": {group[1]}}).is(http.StatusOK)
		field = regexp.MustCompile(`name="(` + group[1] + `\.0\.[a-z_]*name)"`).FindStringSubmatch(b.body)
		first = items()
	}
	typed := url.Values{"add": {group[1]}, field[1]: {"Anak Pertama"}, "applicant_name": {"Bu Rekaan"}}
	b.sendFiles(path, typed).is(http.StatusOK).shows(`value="Anak Pertama"`, `value="Bu Rekaan"`)
	b.sound("a group")
	if items() != first+1 {
		t.Errorf("%d items after one more", items())
	}
	b.sendFiles(path, url.Values{"remove": {group[1] + ".0"}}).is(http.StatusOK).shows(`value="Bu Rekaan"`).hides("Anak Pertama")
	if items() != first {
		t.Errorf("%d items after one less", items())
	}
}
