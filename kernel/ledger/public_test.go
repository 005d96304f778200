package ledger

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"pendopo/kernel/db"
	"pendopo/kernel/event"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

// The root that tiles give is the one that another implementation gives, at
// every size over the edges of tiles of two levels.
func TestRootsEqualAnIndependentTree(t *testing.T) {
	tree, source := &edge{}, rand.New(rand.NewPCG(1, 2))
	other := (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0)
	for size := range 70_000 {
		if size < 600 || size%997 == 0 || size%tileWidth < 2 {
			want, err := other.GetRootHash(nil)
			if err != nil {
				t.Fatal(err)
			}
			if size == 0 {
				want = rfc6962.DefaultHasher.EmptyRoot()
			}
			if got := tree.root(); !bytes.Equal(got[:], want) {
				t.Fatalf("at size %d: %x, want %x", size, got, want)
			}
		}
		var entry [32]byte
		binary.LittleEndian.PutUint64(entry[:], source.Uint64())
		tree.add(entry[:], func(int, int64, []byte) {})
		if err := other.Append(rfc6962.DefaultHasher.HashLeaf(entry[:]), nil); err != nil {
			t.Fatal(err)
		}
	}
}

// client knows the log's address and public key, and nothing else.
type client struct {
	t        *testing.T
	address  string
	verifier note.Verifier
	asked    []string
}

func (c *client) get(path string) []byte {
	c.t.Helper()
	c.asked = append(c.asked, path)
	r, err := http.Get(c.address + path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		c.t.Fatalf("%s: %s %v", path, r.Status, err)
	}
	return body
}

// head reads the checkpoint as the standard says, with code of its own.
func (c *client) head() (size int64, root []byte) {
	c.t.Helper()
	opened, err := note.Open(c.get("checkpoint"), note.VerifierList(c.verifier))
	if err != nil {
		c.t.Fatal(err)
	}
	lines := strings.Split(opened.Text, "\n")
	size, err1 := strconv.ParseInt(lines[1], 10, 64)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	if lines[0] != c.verifier.Name() || err1 != nil || err2 != nil {
		c.t.Fatalf("checkpoint: %q", opened.Text)
	}
	return size, root
}

// Height, ReadTiles and SaveTiles implement tlog.TileReader, which asks for
// tiles by x/mod's numbers; the paths are the standard's.
func (c *client) Height() int { return 8 }

func (c *client) ReadTiles(wanted []tlog.Tile) (data [][]byte, err error) {
	for _, tile := range wanted {
		path := strings.TrimPrefix(tile.Path(), "tile/8/")
		data = append(data, c.get("tile/"+path))
	}
	return data, nil
}

func (c *client) SaveTiles([]tlog.Tile, [][]byte) {}

func newClient(t *testing.T, r *rig) *client {
	t.Helper()
	server := httptest.NewServer(r.Handler())
	t.Cleanup(server.Close)
	c := &client{t: t, address: server.URL + "/log/"}
	var err error
	if c.verifier, err = note.NewVerifier(strings.TrimSpace(string(c.get("key")))); err != nil {
		t.Fatal(err)
	}
	return c
}

// A client that fetches only /log/ proves every leaf and the consistency of
// two heads, and an independent implementation agrees with its proofs.
func TestAClientOfTheLogAloneCanProveEverything(t *testing.T) {
	onBoth(t, func(t *testing.T, r *rig) {
		events := r.append("case", 300)
		r.sequence()
		c := newClient(t, r)
		oldSize, oldRoot := c.head()
		events = append(events, r.append("case", 400)...)
		r.sequence()
		size, root := c.head()
		if oldSize != 300 || size != 700 {
			t.Fatalf("sizes %d and %d", oldSize, size)
		}
		reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: tlog.Hash(root)}, c)
		for _, i := range []int64{0, 1, 255, 256, 299, 300, 511, 512, 699} {
			path, err := tlog.ProveRecord(size, i, reader)
			if err != nil {
				t.Fatal(err)
			}
			leaf := rfc6962.DefaultHasher.HashLeaf(events[i].Leaf[:])
			if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(i), uint64(size), leaf, plain(path), root); err != nil {
				t.Errorf("leaf %d: %v", i, err)
			}
			mine, ok, err := r.Proof(events[i].ID)
			if err != nil || !ok || fmt.Sprint(mine.Hashes) != fmt.Sprint(plain(path)) {
				t.Errorf("the server's proof of leaf %d is another: %v", i, err)
			}
		}
		path, err := tlog.ProveTree(size, oldSize, reader)
		if err != nil {
			t.Fatal(err)
		}
		if err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(oldSize), uint64(size), plain(path), oldRoot, root); err != nil {
			t.Error(err)
		}
		wantEntries(t, c, events)
		for _, path := range c.asked {
			if strings.Contains(path, "tile/8/") {
				t.Errorf("not the standard's path: %s", path)
			}
		}
	})
}

func plain[P ~[]tlog.Hash](path P) (list [][]byte) {
	for _, h := range path {
		list = append(list, h[:])
	}
	return list
}

// wantEntries compares the bundles of entries: 32-byte leaves.
func wantEntries(t *testing.T, c *client, events []event.Event) {
	t.Helper()
	whole := append(c.get("tile/entries/000"), c.get("tile/entries/001")...)
	whole = append(whole, c.get("tile/entries/002.p/188")...)
	for i, e := range events {
		if want := append([]byte{0, 32}, e.Leaf[:]...); !bytes.Equal(whole[34*i:34*i+34], want) {
			t.Fatalf("entry %d differs", i)
		}
	}
	if len(whole) != 34*len(events) {
		t.Errorf("%d bytes of entries", len(whole))
	}
}

func TestThePublicLogAnswersWhatIsThereAndNothingElse(t *testing.T) {
	r := newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{}))
	server := httptest.NewServer(r.Handler())
	defer server.Close()
	status := func(path string) (int, http.Header, int) {
		answer, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer.StatusCode, answer.Header, len(body)
	}
	if code, _, _ := status("/log/checkpoint"); code != http.StatusNotFound {
		t.Errorf("before the first head: %d", code)
	}
	r.append("case", 257)
	r.sequence()
	for path, want := range map[string]int{
		"/log/tile/0/000": fullTile, "/log/tile/0/001.p/1": hashSize, "/log/tile/1/000.p/1": hashSize, "/log/tile/0/000.p/7": 7 * hashSize,
		"/log/tile/entries/000": 34 * 256, "/log/tile/entries/001.p/1": 34, "/log/origins/1/tile/0/001.p/1": hashSize,
	} {
		code, header, size := status(path)
		if code != http.StatusOK || size != want || header.Get("Cache-Control") != forever || header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%s: %d, %d bytes, %v", path, code, size, header)
		}
	}
	for _, path := range []string{"/log/checkpoint", "/log/key", "/log/origins/1/checkpoint"} {
		if code, header, _ := status(path); code != http.StatusOK || !strings.HasPrefix(header.Get("Content-Type"), "text/plain") ||
			strings.Contains(header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", path, code, header)
		}
	}
	for _, path := range []string{
		"/log/tile/0/001", "/log/tile/0/001.p/2", "/log/tile/0/002", "/log/tile/0/001.p/0", "/log/tile/0/001.p/256", "/log/tile/0/001.p/01",
		"/log/tile/1/000", "/log/tile/2/000.p/1", "/log/tile/8/0/000", "/log/tile/00/000", "/log/tile/-1/000", "/log/tile/9/000", "/log/tile/0/0",
		"/log/tile/0/x000/000", "/log/tile/0/x999/x999/x999/x999/x999/999", "/log/tile/0/x001/000", "/log/tile/data/000", "/log/tile/0/+01",
		"/log/tile/entries/001", "/log/origins/2/checkpoint", "/log/origins/01/checkpoint", "/log/", "/log/event",
	} {
		if code, header, _ := status(path); code != http.StatusNotFound || strings.Contains(header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d", path, code)
		}
	}
}

func TestTilePathsAreOneToOne(t *testing.T) {
	for number, want := range map[int64]string{0: "000", 67: "067", 1067: "x001/067", 1234067: "x001/x234/067", 999999: "x999/999"} {
		if got := tileName(number); got != want {
			t.Errorf("tile %d is %s, want %s", number, got, want)
		}
		if got, width, ok := tilePath(want + ".p/9"); got != number || width != 9 || !ok {
			t.Errorf("%s is tile %d, width %d, %v", want, got, width, ok)
		}
		if x := "tile/8/0/" + want; (tlog.Tile{H: 8, N: number, W: tileWidth}).Path() != x {
			t.Errorf("x/mod says %s", (tlog.Tile{H: 8, N: number, W: tileWidth}).Path())
		}
	}
}

// Every member of a receipt that is altered is noticed without any server.
func TestEveryAlteredMemberOfAReceiptIsNoticed(t *testing.T) {
	r := newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{}))
	e := r.append("case", 1)[0]
	key := r.in.LogVerifierKey(origin)
	good := r.Receipt(e)
	if leaf, err := good.Check(key); err != nil || leaf != e.Leaf {
		t.Fatalf("the good receipt: %v", err)
	}
	text := string(encode(t, good))
	checked := 0
	for _, member := range strings.Split(text[1:len(text)-1], ",\"") {
		name, value, _ := strings.Cut(member, ":")
		if name = strings.Trim(name, `"{`); name == "event" || name == "key" {
			continue
		}
		altered := strings.Replace(text, value, alterJSON(value), 1)
		receipt, err := ReadReceipt([]byte(altered))
		if err == nil {
			_, err = receipt.Check(key)
		}
		if altered == text || !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Malformed) {
			t.Errorf("%s altered to %s: %v", name, alterJSON(value), err)
		}
		checked++
	}
	if checked < 18 {
		t.Errorf("only %d members", checked)
	}
	if _, err := good.Check(newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{})).in.LogVerifierKey(origin)); !fault.Is(err, fault.Invalid) {
		t.Errorf("under another log's key: %v", err)
	}
	for _, raw := range []string{"", "{}", text + "{}", strings.Replace(text, "{", `{"more":1,`, 1), "[1]"} {
		wantFault(t, r.VerifyReceipt([]byte(raw)), fault.Malformed, "ledger.receipt_unreadable")
	}
}

// alterJSON changes the last letter or digit of a value.
func alterJSON(value string) string {
	b := []byte(value)
	for i := len(b) - 1; i >= 0; i-- {
		switch c := b[i]; {
		case c >= '0' && c <= '8', c >= 'a' && c < 'z', c >= 'A' && c < 'Z':
			if i > 0 || c != '0' {
				b[i]++
				return string(b)
			}
		}
	}
	return `"x` + strings.TrimPrefix(value, `"`)
}

func TestAForeignOrFalseHeadIsRefused(t *testing.T) {
	r := newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{}))
	r.append("case", 2)
	r.sequence()
	good := r.head().Note
	if err := r.VerifyHead(good); err != nil {
		t.Fatal(err)
	}
	padded := bytes.LastIndexByte(good, '=') - 1 // the signature's last character: some of its bits are padding and say nothing
	for i := range good {
		altered := bytes.Clone(good)
		altered[i] ^= 1
		if err := r.VerifyHead(altered); err == nil && i != padded {
			t.Errorf("byte %d altered: no fault", i)
		}
	}
	other := newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{}))
	other.sequence()
	wantFault(t, r.VerifyHead(other.head().Note), fault.Invalid, "ledger.head_forged")
	wantFault(t, r.VerifyHead([]byte("elsewhere/log\n0\n")), fault.Invalid, "ledger.head_foreign")
	wantFault(t, r.VerifyHead(nil), fault.Invalid, "ledger.head_foreign")
}

func TestAProofAsTextIsTheStandardsForm(t *testing.T) {
	r := newRig(t, testkit.Open(t, testkit.SQLite(t), db.Options{}))
	e := r.append("case", 3)[1]
	r.sequence()
	p, _, err := r.Proof(e.ID)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(p.Text(), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" || lines[1] != "index 1" || len(p.Hashes) != 2 || lines[4] != "" || lines[5] != origin {
		t.Errorf("text: %q", lines)
	}
	for name, spoil := range map[string]func(*InclusionProof){
		"index": func(p *InclusionProof) { p.Index = 0 }, "size": func(p *InclusionProof) { p.Size = 4 },
		"beyond": func(p *InclusionProof) { p.Index = 9 }, "negative": func(p *InclusionProof) { p.Index = -1 },
		"hash": func(p *InclusionProof) { p.Hashes[0] = make([]byte, 32) }, "short hash": func(p *InclusionProof) { p.Hashes[0] = nil },
		"fewer": func(p *InclusionProof) { p.Hashes = p.Hashes[:1] }, "origin": func(p *InclusionProof) { p.Origin = "x" },
		"head": func(p *InclusionProof) { p.Checkpoint = strings.Replace(p.Checkpoint, "\n3\n", "\n4\n", 1) },
	} {
		p, _, err := r.Proof(e.ID)
		if err != nil {
			t.Fatal(err)
		}
		spoil(&p)
		if _, err := p.Check(e.Leaf, r.in.LogVerifierKey(origin)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadHeadAndReceipt(f *testing.F) {
	r := newRig(f, testkit.Open(f, testkit.SQLite(f), db.Options{}))
	f.Add([]byte(origin + "\n1\nAAAA\n\n— x\n"))
	f.Add([]byte(`{"type":"pendopo/receipt/1","leaf":"00"}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if err := r.VerifyHead(raw); err == nil {
			t.Error("a made-up head was taken")
		}
		if err := r.VerifyReceipt(raw); err == nil {
			t.Error("a made-up receipt was taken")
		}
	})
}

func BenchmarkReceipt(b *testing.B) {
	r := newRig(b, testkit.Open(b, testkit.SQLite(b), db.Options{}))
	e := r.append("case", 1)[0]
	for b.Loop() {
		r.Receipt(e)
	}
}

func BenchmarkRoundOf1000(b *testing.B) {
	r := newRig(b, testkit.Open(b, testkit.SQLite(b), db.Options{}))
	for b.Loop() {
		b.StopTimer()
		r.append("case", 1000)
		b.StartTimer()
		r.sequence()
	}
}
