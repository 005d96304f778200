package doctor

import (
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"pendopo/app"
	"pendopo/kernel/conf"
)

// How far the two clocks of the machine may part while nobody sets them, and
// how long they are watched.
const (
	watched   = 150 * time.Millisecond
	drift     = 50 * time.Millisecond
	farBehind = 2 * time.Second
)

// clock: deadlines are the law, and they are counted by this machine's clock.
func clock(x *examination) error {
	began, wall := time.Now(), time.Now().Round(0)
	time.Sleep(watched)
	if part := time.Now().Round(0).Sub(wall) - time.Since(began); part.Abs() > drift {
		x.find(Warning, "clock_jumps", "by", part.Round(time.Millisecond).String())
	}
	var t syscall.Timex
	const unsynchronised, state = 0x40, 5 // STA_UNSYNC, TIME_ERROR of adjtimex(2)
	switch told, err := syscall.Adjtimex(&t); {
	case err != nil:
		x.find(Note, "clock_unknown")
	case told == state || t.Status&unsynchronised != 0:
		x.find(Warning, "clock_unsynchronised")
	}
	if x.DB == nil {
		return nil
	}
	newest, err := x.Newest(x.ctx)
	if err == nil && newest.After(x.now.Add(farBehind)) {
		x.find(Error, "clock_behind", "now", x.now.UTC().Format(time.RFC3339), "newest", newest.UTC().Format(time.RFC3339))
	}
	return err
}

// What a disk should have left.
const (
	littleBytes = 1 << 30
	littlePart  = 10 // per cent
	noBytes     = 64 << 20
	slowSync    = 60 * time.Millisecond
)

// disk: room, inodes, and whether the file system keeps what it promises.
func disk(x *examination) error {
	folders := map[string]string{"data": x.Place.Data, "keys": x.Place.InstanceKeys()}
	if x.Backup != "" {
		folders["backup"] = x.Backup
	}
	devices := map[string]uint64{}
	for _, name := range []string{"data", "keys", "backup"} {
		dir, given := folders[name]
		if !given {
			continue
		}
		info, err := os.Stat(dir)
		if err != nil {
			x.find(Error, "disk_missing", "folder", dir)
			continue
		}
		if s, ok := info.Sys().(*syscall.Stat_t); ok {
			devices[name] = s.Dev
		}
		if err := x.folder(dir, name); err != nil {
			return err
		}
	}
	if x.Place.Database == "" && devices["data"] != 0 && devices["data"] == devices["keys"] {
		x.find(Note, "disk_same", "data", x.Place.Data, "keys", x.Place.InstanceKeys())
	}
	if devices["backup"] != 0 && devices["backup"] == devices["data"] {
		x.find(Warning, "disk_backup_same", "data", x.Place.Data, "backup", x.Backup)
	}
	return nil
}

func (x *examination) folder(dir, name string) error {
	free, readOnly, err := app.Disk(dir)
	if err != nil {
		return err
	}
	percent := func(part, of int64) int64 { return part * 100 / max(of, 1) }
	switch {
	case readOnly:
		x.find(Error, "disk_read_only", "folder", dir)
	case free.Bytes < noBytes:
		x.find(Error, "disk_full", "folder", dir, "free", free.Bytes>>20)
	case free.Bytes < littleBytes || percent(free.Bytes, free.Of) < littlePart:
		x.find(Warning, "disk_little", "folder", dir, "free", free.Bytes>>20, "percent", percent(free.Bytes, free.Of))
	}
	if free.Most > 0 && percent(free.Files, free.Most) < littlePart {
		x.find(Warning, "disk_inodes", "folder", dir, "percent", percent(free.Files, free.Most))
	}
	if kind := strange(dir); kind != "" && x.Place.Database == "" {
		x.find(Warning, "disk_kind", "folder", dir, "kind", kind)
	}
	if name == "data" && !readOnly {
		x.sync(dir)
	}
	return nil
}

// strange names a file system on which a database file is not safe: locks or
// syncs over a network, or memory that is gone after a restart.
func strange(dir string) string {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return ""
	}
	return map[int64]string{
		0x6969: "NFS", 0xff534d42: "CIFS", 0xfe534d42: "SMB", 0x517b: "SMB", 0x01021997: "9p", 0x65735546: "FUSE", 0x01021994: "tmpfs", 0x858458f6: "ramfs",
	}[int64(uint32(s.Type))]
}

// sync writes, locks and syncs a small file of its own, and removes it.
func (x *examination) sync(dir string) {
	f, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		x.find(Error, "disk_unwritable", "folder", dir, "cause", err.Error())
		return
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		x.find(Error, "disk_no_lock", "folder", dir, "cause", err.Error())
	}
	var took []time.Duration
	for range 5 {
		began := time.Now()
		if _, err := f.WriteString("x"); err != nil {
			x.find(Error, "disk_unwritable", "folder", dir, "cause", err.Error())
			return
		}
		if err := f.Sync(); err != nil {
			x.find(Error, "disk_no_sync", "folder", dir, "cause", err.Error())
			return
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	if took[2] > slowSync {
		x.find(Warning, "disk_slow", "folder", dir, "ms", took[2].Milliseconds())
	}
}

// held says that another process holds the data folder: a server runs.
func held(p conf.Place) bool {
	f, err := os.Open(filepath.Join(p.Data, "lock"))
	if err != nil {
		return false
	}
	defer f.Close()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) != nil
}
