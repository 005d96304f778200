package page

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"
)

func TestAPackedPageUnpacksToItself(t *testing.T) {
	tag := "<style>" + strings.Repeat(".a{color:red}", 300) + "</style>"
	s := &sheet{tag: tag, packed: packStyle(tag)}
	p := newPacker().(*packer)
	for _, rest := range []string{"", "<p>pendek</p>", strings.Repeat("<p>Permohonan Anda diterima.</p>", 3000)} {
		page := []byte("<!doctype html><title>é</title>" + tag + rest)
		r, err := gzip.NewReader(bytes.NewReader(p.pack(page, s)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r) // checks sum and length
		if err != nil || !bytes.Equal(got, page) {
			t.Errorf("%d bytes came back as %d: %v", len(page), len(got), err)
		}
	}
	if p.pack([]byte("<title>no style</title>"), s) != nil || p.pack([]byte("<style>another</style>"), s) != nil {
		t.Error("a page without this style was packed with it")
	}
}

func TestWhoTakesGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "gzip, deflate, br": true, "br;q=1.0, GZIP;q=0.5": true,
		"deflate": false, "gzip;q=0": false, "gzip; q=0.000": false, "identity": false, "x-gzip2": false,
	} {
		if takesGzip(header) != want {
			t.Errorf("%q: not %v", header, want)
		}
	}
}
