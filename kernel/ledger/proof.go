package ledger

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// InclusionProof shows that an event is in a log.
type InclusionProof struct {
	Origin     string   `json:"origin"`
	Index      int64    `json:"index"`
	Size       int64    `json:"size"`
	Hashes     [][]byte `json:"hashes"`     // RFC 6962 audit path, base64 in JSON
	Checkpoint string   `json:"checkpoint"` // the signed head it leads to
}

// Proof proves an event's inclusion in the newest head. ok is false while the
// event waits for its leaf; an event that is not there is Unknown.
func (l *Ledger) Proof(eventID string) (p InclusionProof, ok bool, err error) {
	err = l.db.Read(context.Background(), func(tx db.Tx) error {
		log, index, placed, err := placeOf(tx, eventID)
		if err != nil {
			return err
		}
		if !placed {
			return unlessThere(tx, eventID)
		}
		p, err = l.prove(tx, log, index)
		ok = err == nil
		return err
	})
	return p, ok, err
}

func unlessThere(tx db.Tx, eventID string) error {
	_, found, err := leafOf(tx, eventID)
	if err == nil && !found {
		return fault.New(fault.Unknown, "ledger.event_unknown")
	}
	return err
}

func (l *Ledger) prove(tx db.Tx, log, index int64) (p InclusionProof, err error) {
	head, err := headOf(tx, log)
	if err != nil {
		return p, err
	}
	if index >= head.Size {
		return p, damaged("ledger.leaf_beyond_head", "leaf", leafRow(log, index))
	}
	if err := l.heads.add(head); err != nil { // before anyone sees it
		return p, err
	}
	path, err := tlog.ProveRecord(head.Size, index, tiles(tx, log))
	if err != nil {
		return p, fault.Of(err)
	}
	p = InclusionProof{Origin: originOf(l.in, log), Index: index, Size: head.Size, Checkpoint: string(head.Note), Hashes: [][]byte{}}
	for _, h := range path {
		p.Hashes = append(p.Hashes, h[:])
	}
	return p, nil
}

func leafRow(log, index int64) string { return fmt.Sprintf("%d/%d", log, index) }

// Check follows the path from the leaf to the signed head under a public log
// key (a verifier line), and gives that head. It needs no server.
func (p InclusionProof) Check(leaf [32]byte, verifierKey string) (Head, error) {
	wrong := fault.New(fault.Invalid, "ledger.proof_false")
	verifier, err := note.NewVerifier(verifierKey)
	if err != nil {
		return Head{}, fault.New(fault.Malformed, "ledger.key_unreadable").Because(err)
	}
	opened, err := note.Open([]byte(p.Checkpoint), note.VerifierList(verifier))
	if err != nil {
		return Head{}, wrong.Because(err)
	}
	head, err := parseHead(opened.Text)
	if err != nil {
		return Head{}, err
	}
	head.Note = []byte(p.Checkpoint)
	origin, _, _ := strings.Cut(opened.Text, "\n")
	if origin != p.Origin || origin != verifier.Name() || head.Size != p.Size {
		return Head{}, wrong
	}
	path := make(tlog.RecordProof, len(p.Hashes))
	for i, h := range p.Hashes {
		if len(h) != hashSize {
			return Head{}, wrong
		}
		path[i] = tlog.Hash(h)
	}
	if p.Index < 0 || p.Index >= p.Size {
		return Head{}, wrong
	}
	if err := tlog.CheckRecord(path, p.Size, head.Root, p.Index, tlog.RecordHash(leaf[:])); err != nil {
		return Head{}, wrong.Because(err)
	}
	return head, nil
}

// Text is the proof in the C2SP tlog-proof form, for a file of its own.
func (p InclusionProof) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "c2sp.org/tlog-proof@v1\nindex %d\n", p.Index)
	for _, h := range p.Hashes {
		fmt.Fprintln(&b, base64.StdEncoding.EncodeToString(h))
	}
	return b.String() + "\n" + p.Checkpoint
}

// extends says whether head's tree begins with old's.
func extends(tx db.Tx, head, old Head) error {
	rewritten := fault.New(fault.Internal, "ledger.rewritten").With("signed", old.Size)
	root, err := treeHash(tx, old.Log, old.Size)
	if err != nil {
		return err
	}
	if root != old.Root {
		return rewritten
	}
	if old.Size == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(head.Size, old.Size, tiles(tx, old.Log))
	if err != nil {
		return fault.Of(err)
	}
	if err := tlog.CheckTree(proof, head.Size, head.Root, old.Size, old.Root); err != nil {
		return rewritten.Because(err)
	}
	return nil
}

// treeHash is the root of a log's first size leaves, from its tiles.
func treeHash(tx db.Tx, log, size int64) (tlog.Hash, error) {
	if size == 0 {
		return (&edge{}).root(), nil
	}
	root, err := tlog.TreeHash(size, tiles(tx, log))
	if err != nil {
		return root, fault.Of(err)
	}
	return root, nil
}
