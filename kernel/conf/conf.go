// Package conf says where an instance keeps what it keeps. Its structs are
// filled by the command line from flags and PENDOPO_… variables; nothing else
// reads the environment.
package conf

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// Place is where one instance lives. Keys stand in a folder of their own
// beside the data, never in it: a copy of the data must not carry its keys.
type Place struct {
	Data     string `help:"Folder of the data." default:"pendopo-data" env:"PENDOPO_DATA" placeholder:"DIR"`
	KeysDir  string `help:"Folder of the instance keys; beside the data folder by default." name:"keys-dir" env:"PENDOPO_KEYS_DIR" placeholder:"DIR"`
	Database string `help:"postgres:// address of the record; SQLite in the data folder by default." env:"PENDOPO_DATABASE" placeholder:"URL"`
	Keys     string `help:"postgres:// address of the key store, best on another server; only with --database." env:"PENDOPO_KEYS" placeholder:"URL"`
	Role     string `help:"PostgreSQL role that serves, when it is not the owner of the tables." name:"database-role" env:"PENDOPO_DATABASE_ROLE" placeholder:"NAME"`
	Node     string `help:"Name of this node in the record." default:"node1" env:"PENDOPO_NODE"`
}

// Check refuses settings that cannot be meant, naming the flag.
func (p *Place) Check() error {
	if p.Data == "" {
		return fmt.Errorf("--data is empty")
	}
	for flag, address := range map[string]string{"--database": p.Database, "--keys": p.Keys} {
		if address == "" {
			continue
		}
		u, err := url.Parse(address)
		if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") || u.Host == "" && u.Query().Get("host") == "" {
			return fmt.Errorf("%s is not a postgres:// address", flag) // never repeated: it may hold a password
		}
	}
	if (p.Database == "") != (p.Keys == "") {
		return fmt.Errorf("--database and --keys go together: the keys of a PostgreSQL instance stand in a database of their own")
	}
	if p.Database != "" && p.Database == p.Keys {
		return fmt.Errorf("--database and --keys name the same database: a copy of the data would carry its keys")
	}
	if strings.TrimSpace(p.Node) == "" || len(p.Node) > 40 {
		return fmt.Errorf("--node is a name of 1 to 40 characters")
	}
	return p.apart()
}

// apart refuses a key folder inside the data folder.
func (p *Place) apart() error {
	data, err := filepath.Abs(p.Data)
	if err != nil {
		return err
	}
	keys, err := filepath.Abs(p.InstanceKeys())
	if err != nil {
		return err
	}
	if keys == data || strings.HasPrefix(keys, data+string(filepath.Separator)) {
		return fmt.Errorf("--keys-dir lies in the data folder: a copy of the data would carry its keys")
	}
	return nil
}

// InstanceKeys is the folder of the five instance keys.
func (p *Place) InstanceKeys() string {
	if p.KeysDir != "" {
		return p.KeysDir
	}
	return filepath.Clean(p.Data) + "-keys"
}

// RecordURL is the address of the record for db.Open.
func (p *Place) RecordURL() string {
	if p.Database != "" {
		return p.Database
	}
	return "sqlite:" + filepath.Join(p.Data, "pendopo.db")
}

// BlobURL is the address of the files.
func (p *Place) BlobURL() string {
	if p.Database != "" {
		return p.Database
	}
	return "sqlite:" + filepath.Join(p.Data, "blob.db")
}

// KeyStoreURL is the address of the key store.
func (p *Place) KeyStoreURL() string {
	if p.Keys != "" {
		return p.Keys
	}
	return "sqlite:" + filepath.Join(p.InstanceKeys(), "keys.db")
}

// Heads is the folder of signed heads outside the database.
func (p *Place) Heads() string { return filepath.Join(p.Data, "heads") }

// NoticesFolder is where channels of kind file write what they would have sent.
func (p *Place) NoticesFolder() string { return filepath.Join(p.Data, "notices") }

// Exists reports whether an instance has been made here.
func (p *Place) Exists() bool {
	_, err := os.Stat(filepath.Join(p.InstanceKeys(), "origin"))
	return err == nil
}
