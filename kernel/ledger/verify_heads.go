package ledger

import (
	"crypto/sha256"
	"maps"
	"os"
	"slices"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// The second half of Verify: tiles, heads and the heads folder.

// tiles compares the stored tiles with the computed ones.
func (v *verification) tiles(tx db.Tx) error {
	missing := map[int64]map[tilePlace][32]byte{}
	for number, c := range v.logs {
		missing[number] = maps.Clone(c.tiles)
	}
	err := each(tx, func(scan func(...any) error) error {
		var number, level, n int64
		var hashes []byte
		if err := scan(&number, &level, &n, &hashes); err != nil {
			return err
		}
		at := tilePlace{int(level), n}
		want, known := missing[number][at]
		delete(missing[number], at)
		if !known || want != sha256.Sum256(hashes) {
			v.treeFinding(v.log(number), Finding{"ledger.tile_differs", "tile", tileRow(number, int(level), n), "hashes"})
		}
		return nil
	}, `SELECT log, level, number, hashes FROM tile ORDER BY log, level, number`)
	if err != nil {
		return err
	}
	for number, rest := range missing {
		if at, any := firstTile(rest); any {
			v.treeFinding(v.log(number), Finding{"ledger.tile_missing", "tile", tileRow(number, at.level, at.number), ""})
		}
	}
	return nil
}

func firstTile(places map[tilePlace][32]byte) (first tilePlace, any bool) {
	for at := range places {
		if !any || at.level < first.level || at.level == first.level && at.number < first.number {
			first, any = at, true
		}
	}
	return first, any
}

// heads checks every stored checkpoint: signed by us, saying what the columns
// say, and not beyond the leaves.
func (v *verification) heads(tx db.Tx) error {
	newest, before := map[int64]int64{}, Head{}
	err := each(tx, func(scan func(...any) error) error {
		h, err := scanHead(scan)
		if err != nil {
			return err
		}
		v.headRow(h)
		if before.Log == h.Log && !h.At.After(before.At) {
			v.find("ledger.head_differs", "head", headRow(h.Log, h.Size), "at")
		}
		newest[h.Log], before = h.Size, h
		return nil
	}, `SELECT `+headColumns+` FROM head ORDER BY log, size`)
	if err != nil {
		return err
	}
	for _, number := range slices.Sorted(maps.Keys(v.logs)) {
		size, signed := newest[number]
		if c := v.logs[number]; !signed && (c.tree.size > 0) || signed && size < c.tree.size {
			v.treeFinding(c, Finding{"ledger.leaf_beyond_head", "leaf", leafRow(number, size), ""})
		}
	}
	return nil
}

func (v *verification) headRow(h Head) {
	row := headRow(h.Log, h.Size)
	said, err := openHead(v.in, h.Note)
	switch {
	case err != nil:
		v.find("ledger.head_unsigned", "head", row, "note")
	case !said.same(h):
		v.find("ledger.head_differs", "head", row, differing(said, h))
	case h.Size > v.log(h.Log).tree.size:
		v.treeFinding(v.log(h.Log), Finding{"ledger.leaf_missing", "leaf", leafRow(h.Log, v.log(h.Log).tree.size), ""})
	}
}

// differing names the first column in which a head's row and note differ.
func differing(said, h Head) string {
	switch {
	case said.Log != h.Log:
		return "log"
	case said.Size != h.Size:
		return "size"
	case said.Root != h.Root:
		return "root"
	}
	return "at"
}

// readFolder notes how long the files of the heads folder are.
func (v *verification) readFolder() error {
	files, err := v.Ledger.heads.files()
	for _, path := range files {
		info, err := os.Stat(path)
		if err != nil {
			return fault.New(fault.Internal, "ledger.heads_unreadable").With("folder", path).Because(err)
		}
		v.disk = append(v.disk, headsFile{path, info.Size()})
	}
	return err
}

// folder compares each head of the folder with the head row of that size; the
// rows were compared with the trees before.
func (v *verification) folder(db.Tx) error {
	for _, f := range v.disk {
		told := false // of a file the first difference says it
		err := walkPart(f.path, 0, f.size, func(signed []byte) error {
			if !told {
				told = v.diskHead(f.path, signed)
			}
			return nil
		})
		if err != nil || told {
			return err
		}
	}
	return nil
}

// diskHead compares one head of the folder and says whether all that follow
// would differ too.
func (v *verification) diskHead(file string, signed []byte) (differs bool) {
	h, err := openHead(v.in, signed)
	if err != nil {
		v.find("ledger.head_unsigned", file, "", "")
		return false
	}
	c := v.log(h.Log)
	root, held := c.rootAt(h.Size)
	switch row := headRow(h.Log, h.Size); {
	case held && root != h.Root:
		v.find("ledger.folder_differs", file, row, "root")
		return true
	case !held && h.Size > c.tree.size && h.Size > c.lost:
		v.find("ledger.head_missing", file, row, "")
		return true
	case !held && h.Size <= c.tree.size:
		v.find("ledger.head_removed", "head", row, "")
	}
	return false
}
