package seal

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pendopo/kernel/fault"
)

func newInstance(t *testing.T) *Instance {
	t.Helper()
	in, err := CreateInstance(filepath.Join(t.TempDir(), "keys"), "example.invalid/log")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestWhatIsSealedOpensOnlyUnderItsKeyAndItsPlace(t *testing.T) {
	key, plain, place := NewStreamKey(), []byte("Siti, Desa Suka Maju"), []byte("event 7")
	sealed := key.Seal(plain, place)
	if got, err := key.Open(sealed, place); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("opens as %q, %v", got, err)
	}
	if len(sealed) != len(plain)+Overhead || bytes.Contains(sealed, plain[:4]) {
		t.Fatalf("sealed text is %d bytes: %x", len(sealed), sealed)
	}
	refused := map[string]func() ([]byte, error){
		"another place": func() ([]byte, error) { return key.Open(sealed, []byte("event 8")) },
		"another key":   func() ([]byte, error) { return NewStreamKey().Open(sealed, place) },
		"a derived key": func() ([]byte, error) { return key.Derive("vault").Open(sealed, place) },
		"cut off":       func() ([]byte, error) { return key.Open(sealed[:len(sealed)-1], place) },
		"nothing":       func() ([]byte, error) { return key.Open(nil, place) },
	}
	for i := range sealed {
		altered := bytes.Clone(sealed)
		altered[i] ^= 1
		refused[fmt.Sprintf("byte %d altered", i)] = func() ([]byte, error) { return key.Open(altered, place) }
	}
	for name, open := range refused {
		if got, err := open(); !fault.Is(err, fault.Internal) || got != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestEveryUseOfAKeyHasItsOwnKey(t *testing.T) {
	key := NewStreamKey()
	seen := map[string]string{string(key.m.raw[:]): "the key itself"}
	for name, value := range map[string][]byte{
		"commitment": key.Commitment(), "request": derive(key.m.raw[:], "request"), "seal": derive(key.m.raw[:], "seal"),
		"part a": key.Derive("a").m.raw[:], "part b": key.Derive("b").m.raw[:],
	} {
		if other, twice := seen[string(value)]; twice || len(value) != 32 {
			t.Errorf("%s equals %s", name, other)
		}
		seen[string(value)] = name
	}
	if !key.Committed(key.Commitment()) || key.Committed(NewStreamKey().Commitment()) {
		t.Error("a commitment is its own key's alone")
	}
	if !bytes.Equal(key.RequestMAC([]byte("a")), key.RequestMAC([]byte("a"))) || bytes.Equal(key.RequestMAC([]byte("a")), key.RequestMAC([]byte("b"))) {
		t.Error("a request's code depends on the request alone")
	}
}

func TestPartsOfACodeCannotSlide(t *testing.T) {
	in := newInstance(t)
	if bytes.Equal(in.IndexMAC("nik", "12"), in.IndexMAC("nik1", "2")) || bytes.Equal(in.IndexMAC("a", ""), in.IndexMAC("a")) {
		t.Error("two lists of parts give one code")
	}
	if bytes.Equal(in.IndexMAC("a"), in.TrackMAC("a")) {
		t.Error("index and track share a key")
	}
}

func TestKeysNeverPrint(t *testing.T) {
	in, key := newInstance(t), NewStreamKey()
	raw, err := os.ReadFile(in.path(wrapFile))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	log.Info("all", "in", in, "key", key)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		fmt.Fprintf(&out, verb+verb, in, key)
	}
	if text := out.String(); strings.Contains(text, string(raw[:8])) || strings.Contains(text, fmt.Sprintf("%x", key.m.raw[:4])) ||
		strings.Count(text, "hidden") != 14 {
		t.Errorf("printed: %s", text)
	}
}

func TestInstanceKeepsItsKeysOverLoading(t *testing.T) {
	in := newInstance(t)
	again, err := LoadInstance(in.Dir())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(in.TrackMAC("x"), again.TrackMAC("x")) || !bytes.Equal(in.IndexMAC("x"), again.IndexMAC("x")) ||
		in.LogSigner().KeyHash() != again.LogSigner().KeyHash() || again.Origin() != "example.invalid/log" {
		t.Error("loaded keys differ from the created ones")
	}
	id, key := again.DocumentKey()
	published := again.DocumentKeys()
	if len(published) != 1 || published[0].ID != id || !published[0].Public.Equal(key.Public()) || !published[0].Until.IsZero() {
		t.Errorf("published keys: %+v", published)
	}
}

// Every file of the folder, and everything that can be wrong with it.
func TestAFaultyKeyFileIsRefusedByName(t *testing.T) {
	files := []string{wrapFile, indexFile, trackFile, logFile, documentFile, publishedFile, originFile}
	spoil := map[string]func(path string) error{
		"seal.file_missing": os.Remove,
		"seal.file_mode":    func(path string) error { return os.Chmod(path, 0o640) },
		"seal.file_length":  func(path string) error { return os.WriteFile(path, []byte("abc\n"), 0o600) },
		"seal.file_content": func(path string) error { return os.WriteFile(path, bytes.Repeat([]byte("z\n"), 65)[65:], 0o600) },
	}
	for _, file := range files {
		for want, how := range spoil {
			keyFile := strings.HasSuffix(file, ".key")
			if want == "seal.file_length" && !keyFile {
				continue
			}
			in := newInstance(t)
			if err := how(in.path(file)); err != nil {
				t.Fatal(err)
			}
			if want == "seal.file_content" && keyFile {
				if err := os.WriteFile(in.path(file), []byte(strings.Repeat("g", 64)+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := LoadInstance(in.Dir())
			if f := fault.Of(err); err == nil || f.Key != want || f.Field != in.path(file) || f.Args["file"] != in.path(file) {
				t.Errorf("%s with %s: %v", file, want, err)
			}
		}
	}
}

func TestAnInstanceIsNeverWrittenOver(t *testing.T) {
	in := newInstance(t)
	if _, err := CreateInstance(in.Dir(), "example.invalid/log"); err == nil || fault.Of(err).Key != "seal.file_exists" {
		t.Errorf("second creation: %v", err)
	}
	if _, err := CreateInstance(filepath.Join(t.TempDir(), "k"), "two words"); !fault.Is(err, fault.Invalid) {
		t.Errorf("origin with a space: %v", err)
	}
}

func TestACreationCutOffLeavesTheFolderFree(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	if err := os.MkdirAll(dir+".new", 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := newKey(filepath.Join(dir+".new", wrapFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := CreateInstance(dir, "example.invalid/log"); err != nil {
		t.Fatal(err)
	}
}

func TestNamesAreFoundInOldSpellingAndWithOneTypo(t *testing.T) {
	for _, c := range []struct {
		indexed, asked string
		found          bool
	}{
		{"Soekarno", "sukarno", true},
		{"Djoko Tjahjono", "Joko Cahjono", true},
		{"Siti Nurhaliza", "Nurhalisa", true}, // one letter another
		{"Siti Nurhaliza", "Nurhaliz", true},  // one missing
		{"Siti Nurhaliza", "Nuurhaliza", true},
		{"Siti Nurhaliza", "Nruhaliza", true}, // two swapped
		{"Siti Nurhaliza", "Nurhalosi", false},
		{"Ma'ruf", "maruf", true},
		{"Ayu", "Adu", false}, // short names find only themselves
		{"Ayu", "ayu", true},
		{"Dr. Hj. Ratna S.", "ratna", true},
		{"André", "andre", true},
		{"Ratna", "Siti", false},
		{"Ratna", "", false},
	} {
		found := false
		indexed := NameTokens(c.indexed)
		for _, word := range NameWords(c.asked) {
			for _, token := range WordTokens(word) {
				for _, other := range indexed {
					found = found || token == other
				}
			}
		}
		if found != c.found {
			t.Errorf("%q indexed, %q asked: found %v", c.indexed, c.asked, found)
		}
	}
	if words := NameWords("Dr. H. Abdul bin Karim, S.H., 2nd"); fmt.Sprint(words) != "[abdul karim nd]" {
		t.Errorf("words: %v", words)
	}
}

func BenchmarkSeal(b *testing.B) {
	key, plain, aad := NewStreamKey(), make([]byte, 1024), make([]byte, 80)
	for b.Loop() {
		key.Seal(plain, aad)
	}
}
