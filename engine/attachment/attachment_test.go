package attachment_test

import (
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"pendopo/engine/attachment"
	"pendopo/kernel/blob"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
	"pendopo/test/testkit"
)

// shelf is a store with one stream.
type shelf struct {
	*attachment.Store
	t      testing.TB
	blobs  *blob.Store
	key    seal.StreamKey
	stream string
}

func newShelf(t testing.TB) *shelf {
	t.Helper()
	in, err := seal.CreateInstance(t.TempDir()+"/keys", "test.example/log")
	fatal(t, err)
	keys, err := seal.OpenKeys(context.Background(), testkit.SQLite(t), in)
	fatal(t, err)
	blobs, err := blob.Open(context.Background(), testkit.SQLite(t))
	fatal(t, err)
	t.Cleanup(func() { fatal(t, errors.Join(blobs.Close(), keys.Close())) })
	stream, key, err := keys.Take()
	fatal(t, err)
	return &shelf{attachment.New(keys, blobs), t, blobs, key, stream}
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// held is how many files the store has for the stream, whole or not.
func (s *shelf) held() int {
	s.t.Helper()
	list, err := s.blobs.List(s.stream, s.key)
	fatal(s.t, err)
	return len(list)
}

func (s *shelf) bytes(b blob.Blob) []byte {
	s.t.Helper()
	r, _, err := s.Open(context.Background(), s.stream, b.ID)
	fatal(s.t, err)
	defer r.Close()
	data, err := io.ReadAll(r)
	fatal(s.t, err)
	return data
}

var anything = definition.Field{ID: "ktp", Kind: definition.KindFile}

// arrow is a picture whose left half is red and right half blue, 32 by 16.
func arrow() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := range 32 {
			img.Set(x, y, color.RGBA{R: 255, A: 255})
			if x >= 16 {
				img.Set(x, y, color.RGBA{B: 255, A: 255})
			}
		}
	}
	return img
}

// photo is the arrow as a JPEG whose EXIF part has an orientation and a secret.
func photo(t testing.TB, orientation byte) []byte {
	t.Helper()
	var b bytes.Buffer
	fatal(t, jpeg.Encode(&b, arrow(), &jpeg.Options{Quality: 95}))
	tiff := "II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{orientation}) + "\x00\x00\x00\x00\x00\x00\x00GPS -7.123,110.456"
	part := "Exif\x00\x00" + tiff
	size := len(part) + 2
	exif := "\xff\xe1" + string([]byte{byte(size >> 8), byte(size)}) + part
	return []byte("\xff\xd8" + exif + b.String()[2:])
}

func TestPicturesAreMadeAnewAndUpright(t *testing.T) {
	s := newShelf(t)
	// Where the red half is after each orientation: its middle, and the size.
	for o, want := range map[byte]struct{ w, h, x, y int }{
		1: {32, 16, 4, 8}, 2: {32, 16, 28, 8}, 3: {32, 16, 28, 8}, 4: {32, 16, 4, 8},
		5: {16, 32, 8, 4}, 6: {16, 32, 8, 4}, 7: {16, 32, 8, 28}, 8: {16, 32, 8, 28},
	} {
		b, err := s.Take(s.stream, anything, "foto.JPG", bytes.NewReader(photo(t, o)))
		fatal(t, err)
		data := s.bytes(b)
		img, format, err := image.Decode(bytes.NewReader(data))
		fatal(t, err)
		if size := img.Bounds().Size(); format != "jpeg" || size.X != want.w || size.Y != want.h {
			t.Fatalf("orientation %d: %s of %v", o, format, size)
		}
		if r, _, blue, _ := img.At(want.x, want.y).RGBA(); r < 0xc000 || blue > 0x4000 {
			t.Errorf("orientation %d: red is not at %d,%d", o, want.x, want.y)
		}
		if bytes.Contains(data, []byte("GPS")) || bytes.Contains(data, []byte("Exif")) {
			t.Errorf("orientation %d: the EXIF part is still there", o)
		}
		if b.Name != "foto.jpg" || b.Type != "image/jpeg" {
			t.Errorf("%q %q", b.Name, b.Type)
		}
	}
}

func TestLargePicturesShrinkAndSmallOnesStay(t *testing.T) {
	s := newShelf(t)
	var large bytes.Buffer
	fatal(t, png.Encode(&large, image.NewGray(image.Rect(0, 0, 4000, 1000))))
	b, err := s.Take(s.stream, anything, "", &large)
	fatal(t, err)
	img, _, err := image.DecodeConfig(bytes.NewReader(s.bytes(b)))
	fatal(t, err)
	if img.Width != 2000 || img.Height != 500 {
		t.Errorf("%d by %d", img.Width, img.Height)
	}
}

func TestNamesAreWithoutFoldersAndTricks(t *testing.T) {
	s := newShelf(t)
	for given, want := range map[string]string{
		"../../etc/passwd": "passwd.jpg", `C:\Foto\ktp saya.png`: "ktp saya.jpg", "": "berkas.jpg", "\u202egpj.exe": "gpj.jpg",
		"...": "berkas.jpg", strings.Repeat("é", 200) + ".png": strings.Repeat("é", 80) + ".jpg", "a\x00b\n.png": "ab.jpg", "\xff\xfe": "berkas.jpg",
	} {
		b, err := s.Take(s.stream, anything, given, bytes.NewReader(photo(t, 1)))
		fatal(t, err)
		if b.Name != want {
			t.Errorf("%q is kept as %q, want %q", given, b.Name, want)
		}
	}
}

const paper = "%PDF-1.7\n1 0 obj\nendobj\nstartxref\n0\n%%EOF\n"

func TestWhatAFieldDoesNotTakeLeavesNothing(t *testing.T) {
	s := newShelf(t)
	pictures := definition.Field{ID: "pasfoto", Accept: []string{"image"}, MaxBytes: 1 << 20}
	papers := definition.Field{ID: "ijazah", Accept: []string{"pdf"}}
	for _, c := range []struct {
		name string
		f    definition.Field
		data string
		kind fault.Kind
		key  string
	}{
		{"nothing", anything, "", fault.Invalid, "attachment.empty"},
		{"a program", anything, "MZ\x90\x00" + strings.Repeat("\x00", 100), fault.WrongType, "attachment.picture_or_pdf"},
		{"SVG", anything, `<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>`, fault.WrongType, "attachment.picture_or_pdf"},
		{"GIF", anything, "GIF89a\x01\x00\x01\x00\x00\x00\x00;", fault.WrongType, "attachment.picture_or_pdf"},
		{"a PDF as a photo", pictures, paper, fault.WrongType, "attachment.picture_only"},
		{"a photo as a PDF", papers, string(photo(t, 1)), fault.WrongType, "attachment.pdf_only"},
		{"a cut photo", anything, string(photo(t, 1)[:300]), fault.Invalid, "attachment.picture_cut"},
		{"a cut PDF", anything, paper[:20], fault.Invalid, "attachment.pdf_unreadable"},
		{"a PDF without a version", anything, "%PDF-x" + paper, fault.Invalid, "attachment.pdf_unreadable"},
		{"too many bytes", pictures, string(photo(t, 1)) + strings.Repeat("x", 1<<20), fault.TooLarge, "attachment.too_large"},
		{"a bomb", anything, bomb(0x9c40, 0x9c40), fault.Invalid, "attachment.picture_unreadable"},
		{"a thin bomb", anything, bomb(0x7fffffff, 1), fault.Invalid, "attachment.picture_unreadable"},
	} {
		_, err := s.Take(s.stream, c.f, "x", strings.NewReader(c.data))
		if !fault.Is(err, c.kind) || fault.Of(err).Key != c.key || fault.Of(err).Field != c.f.ID {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if n := s.held(); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

// bomb is the head of a PNG that states a size, with the checksum it needs.
func bomb(w, h uint32) string {
	size := func(n uint32) string { return string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) }
	head := "IHDR" + size(w) + size(h) + "\x08\x06\x00\x00\x00"
	return "\x89PNG\r\n\x1a\n\x00\x00\x00\r" + head + size(crc32.ChecksumIEEE([]byte(head))) + "\x00\x00\x00\x00IDAT"
}

func TestAFileInPiecesIsOneFile(t *testing.T) {
	s := newShelf(t)
	data := photo(t, 6)
	up, err := s.Begin(attachment.Sent{Stream: s.stream, Field: anything, Name: "ktp.heic", Size: int64(len(data))})
	fatal(t, err)
	cut := io.MultiReader(bytes.NewReader(data[:100]), iotest.ErrReader(errors.New("cut")))
	if after, err := s.Continue(s.stream, up.ID, anything, 0, cut); err == nil || after.Offset != 100 {
		t.Fatalf("after a cut: %+v %v", after, err)
	}
	if _, err := s.Continue(s.stream, up.ID, anything, 50, bytes.NewReader(data[50:])); !fault.Is(err, fault.Conflict) {
		t.Errorf("a wrong offset: %v", err)
	}
	whole, err := s.Continue(s.stream, up.ID, anything, 100, bytes.NewReader(data[100:]))
	fatal(t, err)
	if !whole.Whole || whole.ID != up.ID || whole.Blob.ID == up.ID || whole.Blob.Type != "image/jpeg" || whole.Blob.Name != "ktp.jpg" || s.held() != 1 {
		t.Errorf("%+v, %d held", whole, s.held())
	}
	for _, id := range []string{up.ID, whole.Blob.ID} {
		if again, err := s.Status(s.stream, id, anything); err != nil || again.Blob.ID != whole.Blob.ID || again.ID != up.ID {
			t.Errorf("%s: %+v %v", id, again, err)
		}
	}
	if f, err := s.FieldOf(s.stream, up.ID); f != "ktp" || err != nil {
		t.Errorf("field %q %v", f, err)
	}
}

func TestACrashBeforeTheFileIsLookedAtCostsNothing(t *testing.T) {
	s := newShelf(t)
	up, err := s.Begin(attachment.Sent{Stream: s.stream, Field: anything, Size: int64(len(paper))})
	fatal(t, err)
	_, err = s.blobs.Append(up.ID, s.key, 0, strings.NewReader(paper)) // all of it came, and then the lights went out
	fatal(t, err)
	whole, err := s.Status(s.stream, up.ID, anything)
	if err != nil || !whole.Whole || string(s.bytes(whole.Blob)) != paper {
		t.Errorf("%+v %v", whole, err)
	}
}

func TestTheSameKeyIsTheSameFile(t *testing.T) {
	s := newShelf(t)
	sent := attachment.Sent{Stream: s.stream, Field: anything, Key: "a key of one request", Request: []byte("put")}
	ids := make(chan string, 8)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			up, err := s.Put(sent, strings.NewReader(paper))
			if err != nil {
				t.Error(err)
			}
			ids <- up.ID
		})
	}
	all.Wait()
	first := <-ids
	for range 7 {
		if id := <-ids; id != first {
			t.Errorf("%s and %s", id, first)
		}
	}
	if _, err := s.Put(sent, strings.NewReader(paper+"%%EOF")); !fault.Is(err, fault.Invalid) || fault.Of(err).Key != "attachment.key_reused" {
		t.Errorf("other bytes: %v", err)
	}
	if n := s.held(); n != 1 {
		t.Errorf("%d files", n)
	}
}

func TestAStreamHasRoomForSoMuch(t *testing.T) {
	s := newShelf(t)
	var err error
	n := 0
	for ; n < 100 && err == nil; n++ {
		_, err = s.Begin(attachment.Sent{Stream: s.stream, Field: anything, Size: 1 << 20})
	}
	if !fault.Is(err, fault.TooLarge) || n != 61 {
		t.Errorf("after %d files: %v", n-1, err)
	}
}

func TestAFormHasRoomForSoMuch(t *testing.T) {
	s := newShelf(t)
	var err error
	n := 0
	for ; n < 100 && err == nil; n++ {
		_, err = s.Take(s.stream, anything, "surat.pdf", strings.NewReader(paper))
	}
	if !fault.Is(err, fault.TooLarge) || n != 61 {
		t.Errorf("after %d files: %v", n-1, err)
	}
}

func TestAFileOfAnotherStreamIsUnknown(t *testing.T) {
	s := newShelf(t)
	up, err := s.Put(attachment.Sent{Stream: s.stream, Field: anything}, strings.NewReader(paper))
	fatal(t, err)
	other := newShelf(t)
	for _, err := range []error{
		second(other.Status(other.stream, up.ID, anything)), second(other.FieldOf(other.stream, up.ID)), second(other.File(other.stream, up.ID)),
	} {
		if !fault.Is(err, fault.Unknown) {
			t.Error(err)
		}
	}
	if n, err := s.blobs.Sweep(time.Now().Add(25 * time.Hour)); n != 1 || err != nil {
		t.Errorf("a file that nobody names stays: %d %v", n, err)
	}
}

func second[T any](_ T, err error) error { return err }

// FuzzFile hands in anything: what is kept is a JPEG that can be read again or
// a whole PDF, and what is refused leaves nothing.
func FuzzFile(f *testing.F) {
	s := newShelf(f)
	for _, seed := range []string{paper, string(photo(f, 6)), bomb(9, 9), "", "RIFF\x24\x00\x00\x00WEBPVP8 ", paper[:20]} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := s.Take(s.stream, anything, "x", bytes.NewReader(data))
		if err != nil {
			if k := fault.Of(err).Kind; k != fault.Invalid && k != fault.WrongType && k != fault.TooLarge {
				t.Fatal(err)
			}
			return
		}
		r, _, err := s.Open(context.Background(), s.stream, b.ID)
		fatal(t, err)
		defer r.Close()
		kept, err := io.ReadAll(r)
		fatal(t, err)
		if _, _, err := image.Decode(bytes.NewReader(kept)); b.Type == "image/jpeg" && err != nil {
			t.Fatalf("kept, and cannot be read: %v", err)
		}
		if b.Type == "application/pdf" && !bytes.Equal(kept, data) {
			t.Fatal("the PDF was changed")
		}
		fatal(t, s.Remove(s.stream, b.ID))
	})
}

// A store that cannot be asked is not a file that is gone.
func TestAStoreThatIsAwayIsNotAFileThatIsGone(t *testing.T) {
	s := newShelf(t)
	b, err := s.Take(s.stream, anything, "a.png", bytes.NewReader(photo(t, 1)))
	fatal(t, err)
	fatal(t, s.blobs.Close())
	if _, err := s.File(s.stream, b.ID); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
}

// TestAPictureCutAnywhereIsRefusedAsCut: none of its beginnings is taken for it,
// also when whoever cut it put an end behind.
func TestAPictureCutAnywhereIsRefusedAsCut(t *testing.T) {
	s := newShelf(t)
	var drawn bytes.Buffer
	fatal(t, png.Encode(&drawn, arrow()))
	for name, whole := range map[string][]byte{"JPEG": photo(t, 1), "PNG": drawn.Bytes()} {
		for part := 3; part < 20; part++ {
			at := len(whole) * part / 20
			_, err := s.Take(s.stream, anything, "x", bytes.NewReader(whole[:at]))
			if !fault.Is(err, fault.Invalid) || fault.Of(err).Key != "attachment.picture_cut" {
				t.Errorf("%s, %d of %d bytes: %v", name, at, len(whole), err)
			}
		}
		if _, err := s.Take(s.stream, anything, "x", bytes.NewReader(whole[:len(whole)-2])); name == "JPEG" && err == nil {
			t.Error("a JPEG without its end was taken")
		}
	}
	if n := s.held(); n != 0 {
		t.Errorf("%d files are left", n)
	}
}
