package attachment_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"pendopo/engine/attachment"
	"pendopo/kernel/fault"
	"pendopo/law/definition"
)

var voice = definition.Field{ID: "voice", Kind: definition.KindFile, Accept: []string{"audio"}, MaxBytes: 1 << 20}

// box is one box of an MP4.
func box(kind, inside string) string {
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(inside)))) + kind + inside
}

const place = "+7.1234-110.5678/"

// recordings are the heads of what telephones record, by the type they are kept as.
func recordings() map[string]string {
	rest := strings.Repeat("\x55\xaa", 40)
	return map[string]string{
		"audio/ogg":  "OggS\x00\x02" + strings.Repeat("\x00", 22) + "OpusHead\x01\x01" + rest,
		"audio/webm": "\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + rest,
		"audio/mp4": box("ftyp", "M4A \x00\x00\x02\x00M4A isom") + box("moov", box("mvhd", rest)+box("udta", box("\xa9xyz", place))+box("trak", box("meta", place))) +
			box("mdat", rest),
		"audio/3gpp": box("ftyp", "3gp4\x00\x00\x00\x003gp4") + box("mdat", rest),
		"audio/amr":  "#!AMR\n" + rest,
		"audio/mpeg": "ID3\x04\x00\x00\x00\x00\x00\x11" + place + "\xff\xfb\x90\x64" + rest,
		"audio/wav":  "RIFF\x64\x00\x00\x00WAVEfmt \x10\x00\x00\x00" + rest,
	}
}

func TestAVoiceNoteIsKnownByItsFirstBytes(t *testing.T) {
	s := newShelf(t)
	for kind, data := range recordings() {
		b, err := s.Take(s.stream, voice, "Rekaman 001.exe", strings.NewReader(data))
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if b.Type != kind || b.Name != "Rekaman 001"+attachment.Sounds()[kind] {
			t.Errorf("%s: kept as %s, %q", kind, b.Type, b.Name)
		}
		kept := s.bytes(b)
		if bytes.Contains(kept, []byte(place)) {
			t.Errorf("%s: still says where it was recorded", kind)
		}
		if !bytes.HasSuffix([]byte(data), kept[max(0, len(kept)-40):]) {
			t.Errorf("%s: the sound was changed", kind)
		}
	}
}

func TestWhatIsNoVoiceNoteLeavesNothing(t *testing.T) {
	s := newShelf(t)
	for name, data := range map[string]string{
		"a photo": string(photo(t, 1)), "a paper": paper, "a page": "<html><script>alert(1)</script></html>" + strings.Repeat(" ", 30),
		"a page behind a tag":    "ID3\x04\x00\x00\x00\x00\x00\x00<html><script>alert(1)</script></html>",
		"a tag that never ends":  "ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + strings.Repeat("\xff", 40),
		"a picture of an iPhone": box("ftyp", "heic\x00\x00\x00\x00mif1heic") + strings.Repeat("x", 40), "a film of another kind": "\x1a\x45\xdf\xa3" + strings.Repeat("matroska", 6),
		"an AVI": "RIFF\x64\x00\x00\x00AVI LIST" + strings.Repeat("x", 40), "a video in Ogg": "OggS\x00\x02" + strings.Repeat("\x00", 22) + "\x80theora" + strings.Repeat("x", 40),
		"next to nothing": "#!AMR\n",
	} {
		if _, err := s.Take(s.stream, voice, "x.mp3", strings.NewReader(data)); !fault.Is(err, fault.WrongType) || fault.Of(err).Key != "attachment.sound_only" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := s.Take(s.stream, anything, "x.mp3", strings.NewReader(recordings()["audio/mpeg"])); !fault.Is(err, fault.WrongType) {
		t.Errorf("a field for papers took a voice note: %v", err)
	}
	if n := s.held(); n != 0 {
		t.Errorf("%d files are left", n)
	}
}

// FuzzSound hands in anything as a voice note: what is kept has a type that a
// browser plays and does not run, is no longer than what came, and is still the
// same kind of recording when it comes again.
func FuzzSound(f *testing.F) {
	s := newShelf(f)
	for _, seed := range recordings() {
		f.Add([]byte(seed))
	}
	f.Add([]byte(box("ftyp", "isom") + "\x00\x00\x00\x01moov\xff\xff\xff\xff\xff\xff\xff\xff" + strings.Repeat("x", 24)))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := s.Take(s.stream, voice, "x", bytes.NewReader(data))
		if err != nil {
			if k := fault.Of(err).Kind; k != fault.Invalid && k != fault.WrongType && k != fault.TooLarge {
				t.Fatal(err)
			}
			return
		}
		if _, known := attachment.Sounds()[b.Type]; !known || b.Size > int64(len(data)) {
			t.Fatalf("kept as %s, %d of %d bytes", b.Type, b.Size, len(data))
		}
		r, _, err := s.Open(context.Background(), s.stream, b.ID)
		fatal(t, err)
		defer r.Close()
		kept, err := io.ReadAll(r)
		fatal(t, err)
		if bytes.Contains(kept, []byte(place)) && b.Type == "audio/mpeg" && bytes.HasPrefix(data, []byte("ID3")) && bytes.Index(data, []byte(place)) < 20 {
			t.Fatal("the tag is still there")
		}
		fatal(t, s.Remove(s.stream, b.ID))
	})
}
