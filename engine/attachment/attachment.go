package attachment

import (
	"context"
	"io"
	"path"
	"strings"
	"unicode"

	"github.com/gabriel-vasile/mimetype"

	"pendopo/kernel/blob"
	"pendopo/kernel/fault"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
)

// MostBytes is the size of a file where its field names no other, in bytes.
const MostBytes = 5 << 20

// Store keeps attachments. It is safe for use by many goroutines.
type Store struct {
	keys  *seal.Keys
	blobs *blob.Store
	room  chan struct{} // pictures decoded at a time
	locks locks
}

// New makes a store over the key store and the blobs of the instance.
func New(keys *seal.Keys, blobs *blob.Store) *Store {
	return &Store{keys: keys, blobs: blobs, room: make(chan struct{}, 2)}
}

// Take reads one file for a field of a draft or case and keeps it. Name is
// what the person's device calls it. A file that the field does not take is an
// Invalid, TooLarge or WrongType fault at the field.
func (s *Store) Take(stream string, f definition.Field, name string, r io.Reader) (blob.Blob, error) {
	data, err := readAll(f, r)
	if err != nil {
		return blob.Blob{}, err
	}
	data, kind, err := s.clean(f, data)
	if err != nil {
		return blob.Blob{}, err
	}
	defer s.locks.lock(stream)()
	key, _, err := s.admit(Sent{Stream: stream, Field: f}, "", int64(len(data)))
	if err != nil {
		return blob.Blob{}, err
	}
	return s.keep(stream, key, blob.Info{Name: plainName(name, kind), Type: kind, Size: int64(len(data)), Draft: f.ID}, data)
}

// Limit is the most bytes that a field takes.
func Limit(f definition.Field) int64 {
	if f.MaxBytes > 0 {
		return f.MaxBytes
	}
	return MostBytes
}

// Taken is what a field takes.
type Taken struct{ Image, PDF, Sound bool }

// Takes says what a field takes; one that names nothing takes pictures and PDF.
func Takes(f definition.Field) (t Taken) {
	if len(f.Accept) == 0 {
		return Taken{Image: true, PDF: true}
	}
	for _, a := range f.Accept {
		t = Taken{t.Image || a == "image", t.PDF || a == "pdf", t.Sound || a == "audio"}
	}
	return t
}

// Words is the key of what the field takes, among those of a door: both, image,
// pdf, sound.
func (t Taken) Words() string {
	switch {
	case t.Sound && !t.Image && !t.PDF:
		return "sound"
	case t.Sound:
		return "any"
	case t.Image && t.PDF:
		return "both"
	case t.Image:
		return "image"
	}
	return "pdf"
}

// Fits says whether a file that was kept is of a kind that the field takes.
func (t Taken) Fits(kind string) bool {
	_, sound := Sounds()[kind]
	return t.Image && kind == "image/jpeg" || t.PDF && kind == "application/pdf" || t.Sound && sound
}

func readAll(f definition.Field, r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, Limit(f)+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) == 0:
		return nil, fault.New(fault.Invalid, "attachment.empty").At(f.ID)
	case int64(len(data)) > Limit(f):
		return nil, fault.New(fault.TooLarge, "attachment.too_large").At(f.ID).With("most", Limit(f)>>20)
	}
	return data, nil
}

// clean looks at the content and gives what is kept, with its type.
func (s *Store) clean(f definition.Field, data []byte) ([]byte, string, error) {
	takes := Takes(f)
	switch kind := mimetype.Detect(data); {
	case takes.Image && (kind.Is("image/jpeg") || kind.Is("image/png") || kind.Is("image/webp")):
		s.room <- struct{}{}
		defer func() { <-s.room }()
		anew, err := picture(data)
		if cut(err) {
			return nil, "", fault.New(fault.Invalid, "attachment.picture_cut").At(f.ID).Because(err)
		}
		if err != nil {
			return nil, "", fault.New(fault.Invalid, "attachment.picture_unreadable").At(f.ID).Because(err)
		}
		return anew, "image/jpeg", nil
	case takes.PDF && kind.Is("application/pdf"):
		if err := wholePDF(data); err != nil {
			return nil, "", fault.New(fault.Invalid, "attachment.pdf_unreadable").At(f.ID).Because(err)
		}
		return data, "application/pdf", nil
	}
	if kind := sound(data); takes.Sound && kind != "" {
		return bare(kind, data), kind, nil
	}
	return nil, "", fault.New(fault.WrongType, refusal(takes)).At(f.ID)
}

// refusal says what the field takes instead.
func refusal(t Taken) string {
	switch t.Words() {
	case "both":
		return "attachment.picture_or_pdf"
	case "image":
		return "attachment.picture_only"
	case "sound":
		return "attachment.sound_only"
	case "any":
		return "attachment.none_of_these"
	}
	return "attachment.pdf_only"
}

// plainName keeps the last part of a name, without what could mislead, and
// with the ending of what the content is.
func plainName(name, kind string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`"<>:|?*`, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.TrimSuffix(name, path.Ext(name))
	if runes := []rune(name); len(runes) > 80 {
		name = string(runes[:80])
	}
	if strings.Trim(name, ". ") == "" {
		name = "berkas"
	}
	if kind == "application/pdf" {
		return name + ".pdf"
	}
	if ending, ok := Sounds()[kind]; ok {
		return name + ending
	}
	return name + ".jpg"
}

// File is what is known of a kept file. One of another stream is Unknown.
func (s *Store) File(stream, id string) (blob.Blob, error) {
	key, err := s.keys.Get(stream)
	if err != nil {
		return blob.Blob{}, err
	}
	b, err := s.blobs.Stat(id, key)
	switch {
	case fault.Is(err, fault.Unavailable): // it may well be there
		return blob.Blob{}, err
	case err != nil || b.Stream != stream:
		return blob.Blob{}, unknown()
	}
	return b, nil
}

// Open reads a kept file. Who may have it is the caller's to decide.
func (s *Store) Open(ctx context.Context, stream, id string) (io.ReadCloser, blob.Blob, error) {
	if _, err := s.File(stream, id); err != nil {
		return nil, blob.Blob{}, err
	}
	key, err := s.keys.Get(stream)
	if err != nil {
		return nil, blob.Blob{}, err
	}
	return s.blobs.Open(ctx, id, key)
}

// Remove takes a file of a draft back. One that a case's event names stays.
func (s *Store) Remove(stream, id string) error {
	b, err := s.File(stream, id)
	if err != nil {
		return err
	}
	if b.Claimed {
		return unknown()
	}
	return s.blobs.Remove(id)
}

func unknown() *fault.Fault { return fault.New(fault.Unknown, "attachment.unknown") }
