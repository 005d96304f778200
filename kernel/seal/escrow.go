package seal

import (
	"bytes"
	"crypto/hpke"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"pendopo/kernel/fault"
)

// The escrow is a file with everything that a key folder needs to be made anew,
// sealed to a public key whose private half exists only as shares on paper. The
// folder keeps the public half in it, so that the escrow is made anew whenever a
// key changes, and the same shares stay good. It opens nothing by itself and may
// lie with every copy of the data; the key store does not, and is not in it.
type escrow struct {
	Format int    `json:"format"`
	Origin string `json:"origin"`
	Set    string `json:"set"`    // the shares that open it
	Wrap   string `json:"wrap"`   // name of the wrap key in it, to know when it is out of date
	Public []byte `json:"public"` // HPKE, ML-KEM-768 with X25519
	Sealed []byte `json:"sealed"` // JSON: name of file → content
}

const escrowFormat = 1

// The suite is hybrid: an escrow may lie for many years where others can copy it.
func escrowKEM() hpke.KEM { return hpke.MLKEM768X25519() }

// info binds what is sealed to the clear members.
func (e escrow) info() []byte {
	return []byte("pendopo/escrow/1\x00" + e.Origin + "\x00" + e.Set + "\x00" + e.Wrap)
}

// NewShares draws a secret, seals the key folder's files to it as keys.escrow,
// and gives the secret's shares. They are never stored: print them. Shares drawn
// before do not open the new escrow; they still open copies of the old one.
func (in *Instance) NewShares() (shares [ShareCount]Share, err error) {
	var secret [keySize]byte
	rand.Read(secret[:]) // never fails: crypto/rand ends the process instead
	private, err := escrowKEM().DeriveKeyPair(derive(secret[:], "escrow"))
	if err != nil {
		return shares, fault.New(fault.Internal, "seal.escrow_damaged").Because(err)
	}
	set := secretSet(secret)
	if err := in.writeEscrow(private.PublicKey().Bytes(), hex.EncodeToString(set[:])); err != nil {
		return shares, err
	}
	return splitSecret(secret), nil
}

// renewEscrow makes an escrow that is there anew when a key has changed since.
func (in *Instance) renewEscrow() error {
	old, err := readEscrow(in.path(escrowFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil || old.Wrap == in.wrapping().current {
		return err
	}
	return in.writeEscrow(old.Public, old.Set)
}

func (in *Instance) writeEscrow(public []byte, set string) error {
	to, err := escrowKEM().NewPublicKey(public)
	if err != nil {
		return fileFault("seal.escrow_damaged", in.path(escrowFile)).Because(err)
	}
	names, err := KeyFiles(in.dir)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[name], err = readPrivate(in.path(name)); err != nil {
			return err
		}
	}
	plain, err := json.Marshal(files)
	if err != nil {
		return err
	}
	e := escrow{Format: escrowFormat, Origin: in.origin, Set: set, Wrap: in.wrapping().current, Public: public}
	if e.Sealed, err = hpke.Seal(to, hpke.HKDFSHA256(), hpke.AES256GCM(), e.info(), plain); err != nil {
		return fileFault("seal.escrow_damaged", in.path(escrowFile)).Because(err)
	}
	content, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return err
	}
	return replacePrivate(in.path(escrowFile), append(content, '\n'))
}

// replacePrivate puts a file in the place of another in one step.
func replacePrivate(path string, content []byte) error {
	draft := path + ".new"
	if err := os.RemoveAll(draft); err != nil {
		return fileFault("seal.file_unwritable", draft).Because(err)
	}
	if err := writePrivate(draft, content); err != nil {
		return err
	}
	if err := os.Rename(draft, path); err != nil {
		return fileFault("seal.file_unwritable", path).Because(err)
	}
	return syncFolder(filepath.Dir(path))
}

func readEscrow(path string) (e escrow, err error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return e, fileFault("seal.file_missing", path).Because(err)
	}
	if err := json.Unmarshal(content, &e); err != nil {
		return e, fileFault("seal.escrow_damaged", path).Because(err)
	}
	if e.Format != escrowFormat {
		return e, fileFault("seal.escrow_newer", path)
	}
	return e, nil
}

// Recover makes the files of a key folder anew from an escrow and two of its
// shares, and names them. Nothing is overwritten: a file that is there and says
// something else is a fault, and then none is written.
func Recover(dir, escrowPath string, a, b Share) (written []string, err error) {
	e, err := readEscrow(escrowPath)
	if err != nil {
		return nil, err
	}
	secret, err := joinShares(a, b)
	if err != nil {
		return nil, err
	}
	if hex.EncodeToString(a.Set[:]) != e.Set {
		return nil, fileFault("seal.share_other_escrow", escrowPath)
	}
	files, err := e.open(secret)
	if err != nil {
		return nil, fileFault("seal.escrow_damaged", escrowPath).Because(err)
	}
	return writeMissing(filepath.Clean(dir), files)
}

func (e escrow) open(secret [keySize]byte) (files map[string][]byte, err error) {
	private, err := escrowKEM().DeriveKeyPair(derive(secret[:], "escrow"))
	if err != nil {
		return nil, err
	}
	plain, err := hpke.Open(private, hpke.HKDFSHA256(), hpke.AES256GCM(), e.info(), e.Sealed)
	if err != nil {
		return nil, err
	}
	err = json.Unmarshal(plain, &files)
	for name := range files {
		if filepath.Base(name) != name {
			err = errors.New("it names a file elsewhere")
		}
	}
	return files, err
}

// writeMissing writes the files that are not there.
func writeMissing(dir string, files map[string][]byte) (written []string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fileFault("seal.file_unwritable", dir).Because(err)
	}
	for name, content := range files {
		have, err := os.ReadFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			written = append(written, name)
		case err != nil:
			return nil, fileFault("seal.file_unreadable", filepath.Join(dir, name)).Because(err)
		case !bytes.Equal(have, content):
			return nil, fileFault("seal.file_exists", filepath.Join(dir, name))
		}
	}
	slices.Sort(written)
	for _, name := range written {
		if err := writePrivate(filepath.Join(dir, name), files[name]); err != nil {
			return nil, err
		}
	}
	return written, nil
}
