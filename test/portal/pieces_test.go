package portal_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"testing"
)

// piece is what the page's script does: one request with the token in a header.
func (b *browser) piece(method, path, token string, offset int, header string, body []byte) (state struct {
	ID     string
	Offset int
	Whole  bool
	Name   string
}) {
	b.w.t.Helper()
	r, err := http.NewRequest(method, b.w.url+path, bytes.NewReader(body))
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header.Set("X-Form-Token", token)
	if header != "" {
		r.Header.Set(header, strconv.Itoa(offset))
	}
	b.take(r)
	_ = json.Unmarshal([]byte(b.body), &state) // a refusal is a page; its status is looked at
	return state
}

func TestFileInPiecesSurvivesCuts(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	b.apply()
	draft := "/draft/" + b.code()
	b.get(draft + "/papers?back=review")
	_, form := b.form(draft + "/papers")
	token, files := form.Get("_token"), draft+"/files/surat_pengantar"
	data := photo(t, 300, 200)

	if b.piece("POST", files, "forged", len(data), "Upload-Length", []byte("kedua.jpg")); b.status != 403 {
		t.Errorf("a forged token: %d", b.status)
	}
	begun := b.piece("POST", files, token, len(data), "Upload-Length", []byte("kedua.jpg"))
	half := len(data) / 2
	at := b.piece("PATCH", files+"/"+begun.ID, token, 0, "Upload-Offset", data[:half])
	if at.Offset != half || at.Whole {
		t.Fatalf("after the first half: %+v (%d %s)", at, b.status, b.body)
	}
	if b.piece("PATCH", files+"/"+begun.ID, token, 0, "Upload-Offset", data[:half]); b.status != 409 {
		t.Errorf("the same piece again: %d", b.status)
	}
	if at = b.piece("GET", files+"/"+begun.ID, token, 0, "", nil); at.Offset != half {
		t.Errorf("after a cut it stands at %d of %d", at.Offset, half)
	}
	at = b.piece("PATCH", files+"/"+begun.ID, token, half, "Upload-Offset", data[half:])
	if !at.Whole || at.Name != "kedua.jpg" {
		t.Fatalf("after the last piece: %+v (%d %s)", at, b.status, b.body)
	}
	b.get(draft+"/review").says("pengantar.jpg", "kedua.jpg")
	stranger := w.browser()
	if stranger.piece("GET", files+"/"+begun.ID, "", 0, "", nil); stranger.status == 200 {
		t.Error("a stranger sees how far a file has come")
	}
}
