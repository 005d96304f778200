package seal

import (
	"io/fs"
	"os"
	"slices"
	"strings"

	"pendopo/kernel/db"
)

// KeyFiles are the names of the files in a key folder that open what is sealed:
// the five keys and what is published of them. The key store, the list of what
// was destroyed and unfinished files are not among them.
func KeyFiles(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fileFault("seal.file_unreadable", dir).Because(err)
	}
	var names []string
	for _, e := range entries {
		name := e.Name()
		if e.Type().IsRegular() && !strings.HasPrefix(name, "keys.db") && !strings.HasSuffix(name, ".new") && !slices.Contains(HarmlessFiles(), name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// HarmlessFiles are the files of a key folder that open nothing by themselves
// and may lie with copies of the data.
func HarmlessFiles() []string { return []string{shreddedFile, escrowFile} }

// Database is the key store's own, for whoever copies it away.
func (k *Keys) Database() *db.DB { return k.db }

// Schema is the migrations of the key store, which OpenKeys runs as the module "keys".
func Schema() fs.FS { return schema() }
