package conf

import (
	"fmt"
	"time"
)

// Copies is where the copies of an instance lie. An address of a bucket holds a
// secret: give it as a variable, for other users of the machine can read arguments.
type Copies struct {
	Data string `help:"Where copies of the data lie: a folder, or s3://ID:SECRET@HOST/BUCKET/PREFIX." name:"backup" env:"PENDOPO_BACKUP" placeholder:"PLACE"`
	Keys string `help:"Where copies of the keys lie: another place, with other people." name:"backup-keys" env:"PENDOPO_BACKUP_KEYS" placeholder:"PLACE"`
}

// Given reports whether there are copies.
func (c Copies) Given() bool { return c.Data != "" || c.Keys != "" }

// Check refuses one place without the other.
func (c Copies) Check() error {
	if c.Data == "" || c.Keys == "" {
		return fmt.Errorf("--backup and --backup-keys go together: data without their keys cannot be read, and neither may lie with the other")
	}
	return nil
}

// Copying is how a server keeps copies.
type Copying struct {
	Copies
	Every    time.Duration `help:"How often what is new is copied: as much can be lost with the machine." name:"backup-every" default:"5s" env:"PENDOPO_BACKUP_EVERY"`
	Keep     time.Duration `help:"How far back data can be restored." name:"backup-keep" default:"9600h" env:"PENDOPO_BACKUP_KEEP"`
	KeysKeep time.Duration `help:"How long a key that was destroyed stays in copies." name:"backup-keys-keep" default:"168h" env:"PENDOPO_BACKUP_KEYS_KEEP"`
	Rehearse time.Duration `help:"How often the newest copy is restored and proved; 0 is never." name:"rehearse-every" default:"24h" env:"PENDOPO_REHEARSE_EVERY"`
}

// Check refuses times that cannot be meant.
func (c Copying) Check() error {
	if !c.Given() {
		return nil
	}
	if c.Every < time.Second || c.Keep < 24*time.Hour || c.KeysKeep < 24*time.Hour || c.Rehearse < 0 {
		return fmt.Errorf("--backup-every is a second at least, and --backup-keep and --backup-keys-keep a day (24h)")
	}
	return c.Copies.Check()
}
