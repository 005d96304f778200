package seal

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pendopo/kernel/db"
	"pendopo/kernel/fault"
	"pendopo/test/testkit"
)

func openKeys(t *testing.T, url string, in *Instance) *Keys {
	t.Helper()
	k, err := OpenKeys(context.Background(), url, in)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func closeKeys(t *testing.T, k *Keys) {
	t.Helper()
	if err := k.Close(); err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, k *Keys) (string, StreamKey) {
	t.Helper()
	stream, key, err := k.Take()
	if err != nil {
		t.Fatal(err)
	}
	return stream, key
}

// wantKey asserts that the store, read afresh, gives the key of the stream.
func wantKey(t *testing.T, k *Keys, stream string, key StreamKey) {
	t.Helper()
	k.cache.forget(stream)
	got, err := k.Get(stream)
	if err != nil {
		t.Fatalf("key of a stream: %v", err)
	}
	if got.m.raw != key.m.raw {
		t.Fatal("another key")
	}
}

func wantFault(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	if f := fault.Of(err); err == nil || f.Kind != kind || f.Key != key {
		t.Fatalf("got %v, want %s", err, key)
	}
}

func rows(t *testing.T, k *Keys, table string) (n int) {
	t.Helper()
	err := k.db.Read(context.Background(), func(tx db.Tx) error {
		return tx.Row("SELECT count(*) FROM " + table).Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryPairIsNewAndDurable(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		in := newInstance(t)
		k := openKeys(t, url, in)
		var mu sync.Mutex
		var group sync.WaitGroup
		taken := map[string]StreamKey{}
		for range 8 {
			group.Go(func() {
				for range 150 {
					stream, key, err := k.Take()
					mu.Lock()
					if _, twice := taken[stream]; err != nil || twice {
						t.Errorf("stream taken twice (%v) or %v", twice, err)
					}
					taken[stream] = key
					mu.Unlock()
				}
			})
		}
		group.Wait()
		closeKeys(t, k)
		k = openKeys(t, url, in)
		defer closeKeys(t, k)
		for stream, key := range taken {
			wantKey(t, k, stream, key)
		}
		if n := rows(t, k, "stream_key"); n != len(taken) {
			t.Errorf("%d keys in the store, %d were taken: unused ones were not given back", n, len(taken))
		}
	})
}

func TestAnUnknownStreamIsUnknown(t *testing.T) {
	k := openKeys(t, testkit.SQLite(t), newInstance(t))
	defer closeKeys(t, k)
	_, err := k.Get("01234567-89ab-7cde-8f01-23456789abcd")
	wantFault(t, err, fault.Unknown, "seal.stream_unknown")
	wantFault(t, k.Shred("not a stream"), fault.Unknown, "seal.stream_unknown")
}

func TestTheStoreHoldsNoKeyInPlain(t *testing.T) {
	url := testkit.SQLite(t)
	k := openKeys(t, url, newInstance(t))
	_, key := take(t, k)
	closeKeys(t, k)
	content, err := os.ReadFile(strings.TrimPrefix(url, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, key.m.raw[:8]) {
		t.Error("a stream key lies in the file")
	}
}

func TestAWrappedKeyOpensOnlyAsItsOwnStream(t *testing.T) {
	k := openKeys(t, testkit.SQLite(t), newInstance(t))
	defer closeKeys(t, k)
	a, _ := take(t, k)
	b, _ := take(t, k)
	err := k.db.Write(func(tx db.Tx) error {
		_, err := tx.Exec(`UPDATE stream_key SET wrapped = (SELECT wrapped FROM stream_key WHERE stream = ?) WHERE stream = ?`, a, b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	k.cache.forget(b)
	_, err = k.Get(b)
	wantFault(t, err, fault.Internal, "seal.store_damaged")
}

func TestShreddingLeavesNothingOfTheKey(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		in := newInstance(t)
		k := openKeys(t, url, in)
		stream, _ := take(t, k)
		other, otherKey := take(t, k)
		token := in.IndexMAC("nik", "3360010101900001")
		for _, s := range []string{stream, other} {
			if err := k.PutIndex(s, [][]byte{token}); err != nil {
				t.Fatal(err)
			}
		}
		var wrapped []byte
		err := k.db.Read(context.Background(), func(tx db.Tx) error {
			stored, err := keyOf(tx, stream)
			wrapped = stored.wrapped
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // a second time is no fault and lists nothing again
			if err := k.Shred(stream); err != nil {
				t.Fatal(err)
			}
		}
		_, err = k.Get(stream)
		wantFault(t, err, fault.Gone, "fault.shredded")
		wantFault(t, k.PutIndex(stream, [][]byte{token}), fault.Gone, "fault.shredded")
		if found, err := k.FindIndex(token); err != nil || !slices.Equal(found, []string{other}) {
			t.Errorf("found %v, %v", found, err)
		}
		wantKey(t, k, other, otherKey)
		if list, err := os.ReadFile(in.ShreddedList()); err != nil || string(list) != stream+"\n" {
			t.Errorf("list: %q, %v", list, err)
		}
		if path, lite := strings.CutPrefix(url, "sqlite:"); lite {
			wantNowhere(t, path, wrapped)
		}
		closeKeys(t, k)
	})
}

// wantNowhere looks into every file of a SQLite database, while it is open.
func wantNowhere(t *testing.T, path string, secret []byte) {
	t.Helper()
	for _, suffix := range []string{"", "-wal", "-journal"} {
		content, err := os.ReadFile(path + suffix)
		if err == nil && bytes.Contains(content, secret) {
			t.Errorf("the wrapped key still lies in the database%s", suffix)
		}
	}
}

func TestAnOlderStoreAppliesTheListBeforeItGivesKeys(t *testing.T) {
	in, url := newInstance(t), testkit.SQLite(t)
	path := strings.TrimPrefix(url, "sqlite:")
	k := openKeys(t, url, in)
	stream, _ := take(t, k)
	kept, key := take(t, k)
	closeKeys(t, k)
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	k = openKeys(t, url, in)
	if err := k.Shred(stream); err != nil {
		t.Fatal(err)
	}
	closeKeys(t, k)
	if err := os.WriteFile(path, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	k = openKeys(t, url, in)
	defer closeKeys(t, k)
	_, err = k.Get(stream)
	wantFault(t, err, fault.Gone, "fault.shredded")
	wantKey(t, k, kept, key)
}

// A power cut while the next wrap key is written leaves a draft of it, torn or
// empty, and never a key file that cannot be read.
func TestARotationCutWhileItsKeyIsWrittenIsInNobodysWay(t *testing.T) {
	in, url := newInstance(t), testkit.SQLite(t)
	k := openKeys(t, url, in)
	stream, _ := take(t, k)
	closeKeys(t, k)
	if err := os.WriteFile(filepath.Join(in.Dir(), "wrap.next.new"), []byte("00"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := LoadInstance(in.Dir())
	if err != nil {
		t.Fatal(err)
	}
	k = openKeys(t, url, in)
	defer closeKeys(t, k)
	if n, err := k.RotateWrap(t.Context()); err != nil || n == 0 {
		t.Fatalf("%d keys, %v", n, err)
	}
	if _, err := k.Get(stream); err != nil {
		t.Error(err)
	}
	if left, err := filepath.Glob(filepath.Join(in.Dir(), "wrap.next*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestAnOlderListGainsWhatTheStoreKnows(t *testing.T) {
	in, url := newInstance(t), testkit.SQLite(t)
	k := openKeys(t, url, in)
	stream, _ := take(t, k)
	if err := k.Shred(stream); err != nil {
		t.Fatal(err)
	}
	closeKeys(t, k)
	// The list is older, and a crash cut its last line.
	if err := os.WriteFile(in.ShreddedList(), []byte(stream[:9]), 0o600); err != nil {
		t.Fatal(err)
	}
	closeKeys(t, openKeys(t, url, in))
	if list, err := os.ReadFile(in.ShreddedList()); err != nil || string(list) != stream+"\n" {
		t.Errorf("list: %q, %v", list, err)
	}
}

// What a power cut leaves of an add that was under way: the length may be there
// and the bytes not, so that zeros or what the disk held before take their place.
func TestAListThatAPowerCutTornIsMadeWhole(t *testing.T) {
	for name, torn := range map[string]string{
		"part of a line":            "0198c0de-0000",
		"zeros":                     strings.Repeat("\x00", 37),
		"more zeros":                strings.Repeat("\x00", 3*37),
		"zeros, and part of a line": strings.Repeat("\x00", 40) + "0198",
		"what the disk held before": strings.Repeat("an old letter\n\xff", 9),
	} {
		t.Run(name, func(t *testing.T) {
			in, url := newInstance(t), testkit.SQLite(t)
			k := openKeys(t, url, in)
			first, _ := take(t, k)
			second, _ := take(t, k)
			if err := k.Shred(first); err != nil {
				t.Fatal(err)
			}
			closeKeys(t, k)
			if err := os.WriteFile(in.ShreddedList(), []byte(first+"\n"+torn), 0o600); err != nil {
				t.Fatal(err)
			}
			k = openKeys(t, url, in)
			if list, err := os.ReadFile(in.ShreddedList()); err != nil || string(list) != first+"\n" {
				t.Errorf("list after the start: %q, %v", list, err)
			}
			if err := k.Shred(second); err != nil {
				t.Fatal(err)
			}
			closeKeys(t, k)
			if list, err := os.ReadFile(in.ShreddedList()); err != nil || string(list) != first+"\n"+second+"\n" {
				t.Errorf("list after another key was destroyed: %q, %v", list, err)
			}
		})
	}
}

func TestApplyShreddedTakesAListFromElsewhere(t *testing.T) {
	k := openKeys(t, testkit.SQLite(t), newInstance(t))
	defer closeKeys(t, k)
	stream, _ := take(t, k)
	wantFault(t, k.ApplyShredded(strings.NewReader("no stream\n")), fault.Invalid, "seal.list_line")
	for range 2 {
		if err := k.ApplyShredded(strings.NewReader(stream + "\n" + stream + "\n" + stream[:5])); err != nil {
			t.Fatal(err)
		}
	}
	_, err := k.Get(stream)
	wantFault(t, err, fault.Gone, "fault.shredded")
	if lines, err := k.list.lines(); err != nil || lines != 1 {
		t.Errorf("%d lines, %v", lines, err)
	}
}

func TestRotationRewrapsEveryKeyAndKeepsThemAll(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		in := newInstance(t)
		old := in.wrapping().current
		k := openKeys(t, url, in)
		taken := map[string]StreamKey{}
		for range 3 {
			stream, key := take(t, k)
			taken[stream] = key
		}
		stored := rows(t, k, "stream_key")
		if n, err := k.RotateWrap(context.Background()); err != nil || n < 3 || n < stored {
			t.Fatalf("re-wrapped %d of %d, %v", n, stored, err)
		}
		if in.wrapping().current == old || in.wrapping().next != "" {
			t.Error("the wrap key in use did not change")
		}
		stream, key := take(t, k) // made before or after, it works
		taken[stream] = key
		closeKeys(t, k)
		again, err := LoadInstance(in.Dir())
		if err != nil {
			t.Fatal(err)
		}
		k = openKeys(t, url, again)
		defer closeKeys(t, k)
		for stream, key := range taken {
			wantKey(t, k, stream, key)
		}
		var left int
		err = k.db.Read(context.Background(), func(tx db.Tx) error {
			return tx.Row(`SELECT count(*) FROM stream_key WHERE wrap = ?`, old).Scan(&left)
		})
		if err != nil || left != 0 {
			t.Errorf("%d keys are still under the old wrap key, %v", left, err)
		}
	})
}

// A rotation is cut off at each of its moments; the next start loses no key.
func TestARotationCutOffLosesNothing(t *testing.T) {
	moments := map[string]func(k *Keys) error{
		"after the new key file": func(k *Keys) error { return k.in.drawNextWrap() },
		"inside the transaction": func(k *Keys) error {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			if _, err := k.RotateWrap(ctx); err == nil {
				t.Error("a cancelled rotation went through")
			}
			return nil
		},
		"after the transaction": func(k *Keys) error {
			if err := k.in.drawNextWrap(); err != nil {
				return err
			}
			wraps := k.in.wrapping()
			return k.db.Write(func(tx db.Tx) error {
				if _, err := replaceWrap(tx, wraps.current, wraps.next); err != nil {
					return err
				}
				_, err := rewrapAll(context.Background(), tx, wraps)
				return err
			})
		},
	}
	for name, stop := range moments {
		t.Run(name, func(t *testing.T) {
			in, url := newInstance(t), testkit.SQLite(t)
			k := openKeys(t, url, in)
			stream, key := take(t, k)
			if err := stop(k); err != nil {
				t.Fatal(err)
			}
			if err := k.db.Close(); err != nil { // as a crash does: nothing is given back
				t.Fatal(err)
			}
			again, err := LoadInstance(in.Dir())
			if err != nil {
				t.Fatal(err)
			}
			k = openKeys(t, url, again)
			defer closeKeys(t, k)
			wantKey(t, k, stream, key)
			other, otherKey := take(t, k)
			wantKey(t, k, other, otherKey)
			if _, err := k.RotateWrap(context.Background()); err != nil {
				t.Fatal(err)
			}
			wantKey(t, k, stream, key)
			wantKey(t, k, other, otherKey)
			if _, err := os.Stat(again.path(nextWrapFile)); !os.IsNotExist(err) {
				t.Errorf("the next wrap key still stands: %v", err)
			}
		})
	}
}

func TestAnotherProcessMayRotate(t *testing.T) {
	in, url := newInstance(t), testkit.SQLite(t)
	running := openKeys(t, url, in)
	defer closeKeys(t, running)
	stream, key := take(t, running)
	elsewhere, err := LoadInstance(in.Dir())
	if err != nil {
		t.Fatal(err)
	}
	command := openKeys(t, url, elsewhere)
	if _, err := command.RotateWrap(context.Background()); err != nil {
		t.Fatal(err)
	}
	closeKeys(t, command)
	wantKey(t, running, stream, key)
	for range 2 * firstBatch { // far enough to make new pairs
		stream, key = take(t, running)
	}
	wantKey(t, running, stream, key)
}

func TestAForeignKeyFolderIsRefused(t *testing.T) {
	url := testkit.SQLite(t)
	closeKeys(t, openKeys(t, url, newInstance(t)))
	_, err := OpenKeys(context.Background(), url, newInstance(t))
	wantFault(t, err, fault.Internal, "seal.wrap_key_unknown")
}

func TestPeopleAreFoundByNameUntilShredded(t *testing.T) {
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		in := newInstance(t)
		k := openKeys(t, url, in)
		defer closeKeys(t, k)
		stream, _ := take(t, k)
		if err := k.PutIndex(stream, in.NameIndex("Soetji Rahajoe")); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]int{"Suci": 1, "rahayu suci": 1, "rahayo suci": 0, "sutji rahaju": 1, "Suci Budi": 0, "": 0} {
			if found, err := searchName(k, name); err != nil || len(found) != want {
				t.Errorf("%q finds %v, %v", name, found, err)
			}
		}
		if err := k.Shred(stream); err != nil {
			t.Fatal(err)
		}
		if n := rows(t, k, "blind"); n != 0 {
			t.Errorf("%d tokens are left", n)
		}
	})
}

// searchName gives every stream that a name finds.
func searchName(k *Keys, name string) (all []string, err error) {
	_, err = k.Search(context.Background(), k.in.Named(name), func(streams []string) (bool, error) {
		all = append(all, streams...)
		return true, nil
	})
	return all, err
}

// A hundred people of two words each: every search finds whom a plain
// comparison of words finds, newest first, and each once.
func TestASearchFindsWhomAPlainComparisonFinds(t *testing.T) {
	first, second := []string{"Siti", "Sitti", "Budi", "Boedi", "Wulan"}, []string{"Aminah", "Amina", "Rahayu", "Wulandari", "Siti"}
	testkit.OnBothURL(t, func(t *testing.T, url string) {
		in := newInstance(t)
		k := openKeys(t, url, in)
		defer closeKeys(t, k)
		names := map[string]string{}
		var entries []Entry
		for i := range 100 {
			stream, _ := take(t, k)
			names[stream] = first[i%5] + " " + second[i/5%5]
			entries = append(entries, Entry{stream, append(in.NameIndex(names[stream]), in.IndexMAC("birth", fmt.Sprint(1990+i%4)))})
		}
		if err := k.PutIndexes(entries); err != nil {
			t.Fatal(err)
		}
		for _, asked := range []string{"Siti Aminah", "Budi", "Wulan Rahayu", "Siti", "Budi Budi", "Wulandari Wulan", "Nobody", "Siti Nobody"} {
			found, err := searchName(k, asked)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for stream, name := range names {
				if everyWordIn(asked, name) {
					want = append(want, stream)
				}
			}
			got := slices.Clone(found)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d found, %d by comparison", asked, len(found), len(want))
			}
		}
		born := append(in.Named("Siti"), in.Known("birth", "1991"))
		n := 0
		whole, err := k.Search(context.Background(), born, func(streams []string) (bool, error) {
			for _, s := range streams {
				if n++; !everyWordIn("Siti", names[s]) {
					t.Errorf("%s is found", names[s])
				}
			}
			return false, nil
		})
		if err != nil || whole || n == 0 {
			t.Errorf("a search that was ended: %d, %v, %v", n, whole, err)
		}
	})
}

// everyWordIn says whether each word of a stands in b with at most one typo.
func everyWordIn(a, b string) bool {
	for _, word := range NameWords(a) {
		if !slices.ContainsFunc(NameWords(b), func(other string) bool {
			return slices.ContainsFunc(WordTokens(word), func(t string) bool { return slices.Contains(WordTokens(other), t) })
		}) {
			return false
		}
	}
	return true
}

func BenchmarkTake(b *testing.B) {
	in, err := CreateInstance(b.TempDir()+"/keys", "example.invalid/log")
	if err != nil {
		b.Fatal(err)
	}
	k, err := OpenKeys(context.Background(), testkit.SQLite(b), in)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, err := k.Take(); err != nil {
			b.Fatal(err)
		}
	}
	if err := k.Close(); err != nil {
		b.Fatal(err)
	}
}
