package seal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/note"

	"pendopo/kernel/fault"
)

// The files of an instance's key folder.
const (
	wrapFile      = "wrap.key"
	nextWrapFile  = "wrap.next" // stands only while stream keys are being re-wrapped
	indexFile     = "index.key"
	trackFile     = "track.key"
	logFile       = "log.key"
	documentFile  = "document.key"
	publishedFile = "document.published"
	originFile    = "origin"
	escrowFile    = "keys.escrow" // the keys above, sealed for shares of paper
)

// Instance holds the five keys of an instance, read from their folder:
// wrap (stream keys), index (blind index), track (codes and secrets), log
// (heads and receipts) and document (issued documents).
type Instance struct {
	dir      string
	origin   string
	index    *macs
	track    *macs
	log      ed25519.PrivateKey
	document ed25519.PrivateKey

	published []PublishedKey

	mu    sync.RWMutex
	wraps wrapping
}

// CreateInstance makes the key folder dir, which must not exist or be empty,
// and its keys. Origin names the public log, as in "pendopo.example.go.id/log":
// no spaces, no plus sign. Either all of the folder comes to be or nothing.
func CreateInstance(dir, origin string) (*Instance, error) {
	return CreateInstanceSince(dir, origin, time.Now())
}

// CreateInstanceSince is CreateInstance with the moment from which the document
// key signs, for an instance whose record begins before it is made: the demo.
func CreateInstanceSince(dir, origin string, since time.Time) (*Instance, error) {
	if origin == "" || strings.ContainsFunc(origin, notInOrigin) {
		return nil, fault.New(fault.Invalid, "seal.origin")
	}
	dir = filepath.Clean(dir)
	if names, err := os.ReadDir(dir); err == nil && len(names) > 0 {
		return nil, fileFault("seal.file_exists", dir)
	}
	draft := dir + ".new" // nobody has used keys that never stood under their own name
	if err := os.RemoveAll(draft); err != nil {
		return nil, fileFault("seal.file_unwritable", draft).Because(err)
	}
	if err := fillFolder(draft, origin, since); err != nil {
		return nil, err
	}
	if err := os.Rename(draft, dir); err != nil {
		return nil, fileFault("seal.file_unwritable", dir).Because(err)
	}
	if err := syncFolder(filepath.Dir(dir)); err != nil {
		return nil, err
	}
	return LoadInstance(dir)
}

func notInOrigin(r rune) bool { return r <= ' ' || r == '+' || r == 0x7f || r == 0xa0 || r > 0x2000 }

// fillFolder writes the files of a new instance.
func fillFolder(dir, origin string, since time.Time) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fileFault("seal.file_unwritable", dir).Because(err)
	}
	for _, name := range []string{wrapFile, indexFile, trackFile, logFile} {
		if _, err := newKey(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	if err := newDocumentKey(dir, since); err != nil {
		return err
	}
	return writePrivate(filepath.Join(dir, originFile), []byte(origin+"\n"))
}

// LoadInstance reads a key folder. A file that is missing, of another length
// or open to other users is a fault that names it.
func LoadInstance(dir string) (*Instance, error) {
	in := &Instance{dir: filepath.Clean(dir)}
	var index, track, logSeed, documentSeed [keySize]byte
	for name, key := range map[string]*[keySize]byte{
		indexFile: &index, trackFile: &track, logFile: &logSeed, documentFile: &documentSeed,
	} {
		var err error
		if *key, err = readKey(in.path(name)); err != nil {
			return nil, err
		}
	}
	in.index, in.track = newMACs(index[:]), newMACs(track[:])
	in.log = ed25519.NewKeyFromSeed(logSeed[:])
	in.document = ed25519.NewKeyFromSeed(documentSeed[:])
	if err := in.readOrigin(); err != nil {
		return nil, err
	}
	if err := in.readPublished(); err != nil {
		return nil, err
	}
	return in, in.readWraps()
}

func (in *Instance) path(name string) string { return filepath.Join(in.dir, name) }

// Dir is the key folder.
func (in *Instance) Dir() string { return in.dir }

// Origin is the name of the instance's first log; see ledger.Continue for later ones.
func (in *Instance) Origin() string { return in.origin }

func (in *Instance) readOrigin() error {
	content, err := readPrivate(in.path(originFile))
	if err != nil {
		return err
	}
	in.origin = strings.TrimSuffix(string(content), "\n")
	if in.origin == "" || strings.ContainsFunc(in.origin, notInOrigin) {
		return fileFault("seal.file_content", in.path(originFile))
	}
	return nil
}

// readWraps reads the wrap key, and the next one while a rotation is under way.
func (in *Instance) readWraps() error {
	current, err := readKey(in.path(wrapFile))
	if err != nil {
		return err
	}
	wraps := newWrapping(current)
	next, err := readKey(in.path(nextWrapFile))
	switch {
	case err == nil:
		wraps.add(next)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.wraps = wraps
	return nil
}

func (in *Instance) wrapping() wrapping {
	in.mu.RLock()
	defer in.mu.RUnlock()
	return in.wraps
}

// TrackMAC gives 32 bytes for the parts under the track key: codes are looked
// up by it and secrets made from it.
func (in *Instance) TrackMAC(parts ...string) []byte { return in.track.of(parts...) }

// IndexMAC gives the 32-byte blind-index token for the parts, the first of
// which says what they are: IndexMAC("nik", "3360…"). Equal values give equal
// tokens; without the index key a token says nothing.
func (in *Instance) IndexMAC(parts ...string) []byte { return in.index.of(parts...) }

// LogSigner signs heads of the instance's first log.
func (in *Instance) LogSigner() note.Signer { return in.LogSignerFor(in.origin) }

// LogSignerFor signs heads of the log named origin with the same key.
func (in *Instance) LogSignerFor(origin string) note.Signer {
	hash, key := in.logKeyHash(origin), base64.StdEncoding.EncodeToString(append([]byte{1}, in.log.Seed()...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", origin, hash, key))
	if err != nil {
		panic("seal: log signer: " + err.Error()) // cannot happen: the origin was checked
	}
	return signer
}

// LogVerifierKey is the public line by which anyone checks heads of that log.
func (in *Instance) LogVerifierKey(origin string) string {
	key := append([]byte{1}, in.LogPublic()...)
	return fmt.Sprintf("%s+%08x+%s", origin, in.logKeyHash(origin), base64.StdEncoding.EncodeToString(key))
}

// logKeyHash is the key id of the signed-note format.
func (in *Instance) logKeyHash(origin string) uint32 {
	h := sha256.New()
	h.Write([]byte(origin + "\n\x01"))
	h.Write(in.LogPublic())
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// LogPublic is the public half of the log key.
func (in *Instance) LogPublic() ed25519.PublicKey { return in.log.Public().(ed25519.PublicKey) }

// SignReceipt signs a message that is no head with the log key. The domain
// begins the message and ends with a NUL, which no head contains.
func (in *Instance) SignReceipt(domain string, message []byte) []byte {
	return ed25519.Sign(in.log, append([]byte(domain+"\x00"), message...))
}

// DocumentKey is the key that signs issued documents now.
func (in *Instance) DocumentKey() (keyID string, key ed25519.PrivateKey) {
	return documentKeyID(in.document.Public().(ed25519.PublicKey)), in.document
}

func documentKeyID(public ed25519.PublicKey) string {
	sum := sha256.Sum256(append([]byte("pendopo/document/1"), public...))
	return hex.EncodeToString(sum[:8])
}

// Format hides the keys from every verb of fmt.
func (in *Instance) Format(s fmt.State, _ rune) { fmt.Fprint(s, "seal.Instance(hidden)") }

// LogValue hides the keys from logs.
func (in *Instance) LogValue() slog.Value { return slog.StringValue("hidden") }
