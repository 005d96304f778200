package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// heaviest is what a picture of a guide may weigh, in bytes: the guides are read on
// telephones too.
const heaviest = 100_000

// Each picture of the guides is one that the browser stories take, stands in a guide
// with words for who cannot see it, and is light.
func TestPicturesOfTheGuides(t *testing.T) {
	taken := map[string]bool{}
	for _, m := range regexp.MustCompile(`file: '([a-z-]+)'`).FindAllStringSubmatch(read(t, "test/browser/guide.js"), -1) {
		taken[m[1]+".png"] = true
	}
	shown := map[string]bool{}
	for _, guide := range []string{"warga", "petugas", "admin"} {
		for _, m := range regexp.MustCompile(`!\[([^\]]{20,})\]\(gambar/([^)]+)\)`).FindAllStringSubmatch(read(t, "docs/panduan/"+guide+".md"), -1) {
			shown[m[2]] = true
		}
	}
	files, err := os.ReadDir(filepath.Join(top, "docs/panduan/gambar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d pictures: %v", len(files), err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil {
			t.Fatal(err)
		}
		if !taken[f.Name()] || !shown[f.Name()] || info.Size() > heaviest {
			t.Errorf("%s: taken %v, shown with words %v, %d bytes", f.Name(), taken[f.Name()], shown[f.Name()], info.Size())
		}
		delete(taken, f.Name())
	}
	for name := range taken {
		t.Errorf("%s is taken, and is not there", name)
	}
}
