package conf_test

import (
	"strings"
	"testing"

	"pendopo/kernel/conf"
)

func TestPlacesThatCannotBeMeantAreRefusedByFlag(t *testing.T) {
	for _, c := range []struct {
		name, want string
		place      conf.Place
	}{
		{"no data folder", "--data", conf.Place{Node: "n"}},
		{"a database of another kind", "--database", conf.Place{Data: "d", Node: "n", Database: "mysql://u:secret@h/db", Keys: "postgres://h/k"}},
		{"a database without keys of its own", "--keys", conf.Place{Data: "d", Node: "n", Database: "postgres://h/db"}},
		{"keys without a database", "--keys", conf.Place{Data: "d", Node: "n", Keys: "postgres://h/db"}},
		{"one database for both", "same database", conf.Place{Data: "d", Node: "n", Database: "postgres://h/db", Keys: "postgres://h/db"}},
		{"keys in the data folder", "--keys-dir", conf.Place{Data: "d", Node: "n", KeysDir: "d/keys"}},
		{"keys as the data folder", "--keys-dir", conf.Place{Data: "d", Node: "n", KeysDir: "./d"}},
		{"no node", "--node", conf.Place{Data: "d"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.place.Check()
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want words about %s", err, c.want)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the password of an address was repeated: %v", err)
			}
		})
	}
}

func TestKeysStandBesideTheData(t *testing.T) {
	p := conf.Place{Data: "/srv/pendopo/", Node: "n"}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	if p.InstanceKeys() != "/srv/pendopo-keys" || p.KeyStoreURL() != "sqlite:/srv/pendopo-keys/keys.db" || p.RecordURL() != "sqlite:/srv/pendopo/pendopo.db" {
		t.Errorf("keys %s, store %s, record %s", p.InstanceKeys(), p.KeyStoreURL(), p.RecordURL())
	}
	p.Database, p.Keys = "postgres://h/record", "postgres://k/keys"
	if err := p.Check(); err != nil || p.RecordURL() != p.Database || p.BlobURL() != p.Database || p.KeyStoreURL() != p.Keys {
		t.Errorf("on PostgreSQL: %v, %s, %s, %s", err, p.RecordURL(), p.BlobURL(), p.KeyStoreURL())
	}
}
