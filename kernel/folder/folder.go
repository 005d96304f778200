package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Sync makes the names in a folder durable: of what was made, moved or removed in it.
func Sync(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Make makes a folder with the folders above it that are missing, and makes
// their names durable. One that is there already is no fault: its name is made
// durable again, for a crash may have come in between, unless it stands in a
// folder that this process may not read, and so has not made it in.
func Make(path string, mode fs.FileMode) error {
	path = filepath.Clean(path)
	above := filepath.Dir(path)
	if _, err := os.Stat(above); errors.Is(err, fs.ErrNotExist) {
		if err := Make(above, mode); err != nil {
			return err
		}
	}
	made := os.Mkdir(path, mode)
	if made != nil && !isFolder(path) {
		return made
	}
	err := Sync(above)
	if made != nil && errors.Is(err, fs.ErrPermission) {
		return nil
	}
	return err
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
