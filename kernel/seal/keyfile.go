package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pendopo/kernel/fault"
	"pendopo/kernel/folder"
)

// A key file is one line: 64 hexadecimal digits and a line feed.
const keyFileSize = 2*keySize + 1

// readPrivate reads a file that nobody but its owner may touch.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fileFault("seal.file_missing", path).Because(err)
	}
	if err != nil {
		return nil, fileFault("seal.file_unreadable", path).Because(err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fileFault("seal.file_mode", path).With("mode", fmt.Sprintf("%04o", info.Mode().Perm()))
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fileFault("seal.file_unreadable", path).Because(err)
	}
	return content, nil
}

// readKey reads a key file.
func readKey(path string) (key [keySize]byte, err error) {
	content, err := readPrivate(path)
	if err != nil {
		return key, err
	}
	if len(content) != keyFileSize || content[keyFileSize-1] != '\n' {
		return key, fileFault("seal.file_length", path).With("want", keyFileSize).With("have", len(content))
	}
	if _, err := hex.Decode(key[:], bytes.TrimSpace(content)); err != nil {
		return key, fileFault("seal.file_content", path) // the cause would show a digit of the key
	}
	if key == [keySize]byte{} {
		return key, fileFault("seal.file_content", path)
	}
	return key, nil
}

// newKey draws a random key and writes its file.
func newKey(path string) (key [keySize]byte, err error) {
	rand.Read(key[:]) // never fails: crypto/rand ends the process instead
	return key, writePrivate(path, []byte(hex.EncodeToString(key[:])+"\n"))
}

// writePrivate writes a new file and syncs it; an existing one is a fault, for
// overwriting a key loses what it sealed.
func writePrivate(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fileFault("seal.file_exists", path)
	}
	if err != nil {
		return fileFault("seal.file_unwritable", path).Because(err)
	}
	_, err = f.Write(content)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fileFault("seal.file_unwritable", path).Because(err)
	}
	return syncFolder(filepath.Dir(path))
}

// keyLine is a random key as its file holds it.
func keyLine() []byte {
	var key [keySize]byte
	rand.Read(key[:])
	return []byte(hex.EncodeToString(key[:]) + "\n")
}

// replace gives a file new content in one step. It is for what no key that is in
// use can be lost by.
func replace(path string, content []byte) error {
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

// syncFolder makes names that were made, moved or removed in dir durable.
func syncFolder(dir string) error {
	if err := folder.Sync(dir); err != nil {
		return fileFault("seal.file_unwritable", dir).Because(err)
	}
	return nil
}

// fileFault names the file it is about in its words and in its field.
func fileFault(key, path string) *fault.Fault {
	return fault.New(fault.Internal, key).With("file", path).At(path)
}
