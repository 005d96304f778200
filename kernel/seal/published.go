package seal

import (
	"crypto/ed25519"
	"encoding/json"
	"path/filepath"
	"time"
)

// PublishedKey is a document key as the world sees it. Old ones stay published
// for ever, for the documents they signed stay valid.
type PublishedKey struct {
	ID     string            `json:"id"`
	Public ed25519.PublicKey `json:"public"`         // 32 bytes; base64 in JSON
	From   time.Time         `json:"from"`           // it signs from then on
	Until  time.Time         `json:"until,omitzero"` // and signed nothing after; zero for the key in use
}

// DocumentKeys are all document keys there ever were, the one in use last.
func (in *Instance) DocumentKeys() []PublishedKey {
	return append([]PublishedKey(nil), in.published...)
}

func (in *Instance) readPublished() error {
	content, err := readPrivate(in.path(publishedFile))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, &in.published); err != nil {
		return fileFault("seal.file_content", in.path(publishedFile)).Because(err)
	}
	current, _ := in.DocumentKey()
	last := len(in.published) - 1
	if last < 0 || in.published[last].ID != current || !in.published[last].Until.IsZero() {
		return fileFault("seal.published_stale", in.path(publishedFile))
	}
	for _, key := range in.published {
		if len(key.Public) != ed25519.PublicKeySize || documentKeyID(key.Public) != key.ID {
			return fileFault("seal.file_content", in.path(publishedFile))
		}
	}
	return nil
}

// newDocumentKey writes the first document key of a folder and its publication.
func newDocumentKey(dir string, from time.Time) error {
	seed, err := newKey(filepath.Join(dir, documentFile))
	if err != nil {
		return err
	}
	public := ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey)
	return writePublished(dir, []PublishedKey{{
		ID: documentKeyID(public), Public: public, From: from.UTC().Truncate(time.Second),
	}})
}

// writePublished replaces the list in one step.
func writePublished(dir string, keys []PublishedKey) error {
	content, err := json.MarshalIndent(keys, "", "  ")
	if err != nil {
		return err
	}
	return replace(filepath.Join(dir, publishedFile), append(content, '\n'))
}
