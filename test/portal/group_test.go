package portal_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"pendopo/government"
)

// withPhotos is the demo government whose family card asks a photo of every
// member: files inside a group.
func withPhotos(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(government.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(government.FS, name)
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	const member = "            - id: member_relation\n"
	card := string(out["services/kartu-keluarga.yaml"].Data)
	if !strings.Contains(card, member) {
		t.Fatal("the family card asks otherwise for its members")
	}
	photo := "            - {id: member_photo, kind: file, label: {id: Foto, en: Photo}, accept: image, optional: yes, counter: yes}\n"
	out["services/kartu-keluarga.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(card, member, photo+member, 1))}
	return out
}

// family fills in a new family card up to its members.
func (b *browser) family() string {
	b.w.t.Helper()
	b.get("/services/kartu-keluarga").says("Ditambah, menurut keperluan Anda:", "Tidak punya? Boleh diganti:")
	b.send("/services/kartu-keluarga/start")
	draft := "/draft/" + b.code()
	if strings.HasSuffix(b.path, "/filing") {
		b.send(draft+"/filing", "filed_by", "self")
	}
	for !strings.HasSuffix(b.path, "/members") {
		page := b.path[strings.LastIndex(b.path, "/")+1:]
		fields := map[string][]string{
			"applicant": {"applicant_name", name, "applicant_nik", nik, "family_card_number", "3360011203950001"},
			"matter":    {"matter", "baru"},
			"contact":   {"phone", "0812 0000 0001"},
			"address":   {"region", "33.60.01.1001", "street", "Jalan Kenanga 7", "rt", "2", "rw", "5"},
		}[page]
		if fields == nil {
			b.w.t.Fatalf("%s is not known: %s", b.path, b.page().Text())
		}
		b.send(draft+"/"+page, fields...)
	}
	return draft
}

// has looks for pieces of HTML.
func (b *browser) has(pieces ...string) *browser {
	b.w.t.Helper()
	for _, p := range pieces {
		if !strings.Contains(b.body, p) {
			b.w.t.Errorf("%s has no %s", b.path, p)
		}
	}
	return b
}

// TestItemsOfAGroupAreAddedAndTakenAwayWithoutScripts, with what was typed and
// the files inside kept, and found again on another device.
func TestItemsOfAGroupAreAddedAndTakenAwayWithoutScripts(t *testing.T) {
	w := newTown(t)
	if p, err := w.Publish(context.Background(), withPhotos(t)); err != nil {
		t.Fatalf("%v %v", err, p.Findings)
	}
	b := w.browser()
	members := b.family() + "/members"
	b.says("Anggota 1").has(`name="add" value="members"`, `name="members.count" value="1"`)
	if strings.Contains(b.body, `value="members.0">`) {
		t.Error("the only member can be taken away")
	}
	b.sendFiles(members, []attached{{"members.0.member_photo", "ibu.jpg", photo(t, 40, 30)}}, "members.0.member_name", name, "members.0.member_birth_date-day", "14", "add", "members")
	b.says("Anggota 2", "ibu.jpg").has(`value="`+name+`"`, `autofocus>Anggota 2</legend>`, `name="members.0.member_birth_date-day" value="14"`, `name="remove" value="members.0"`)
	b.sendFiles(members, []attached{{"members.1.member_photo", "anak.jpg", photo(t, 30, 40)}}, "members.1.member_name", "Sekar Wulandari", "add", "members")
	b.says("Anggota 3", "anak.jpg")
	b.send(members, "members.2.member_name", "Bagas", "remove", "members.0")
	b.says("Anggota 2", "anak.jpg").has(`name="members.0.member_name" type="text" value="Sekar Wulandari"`, `name="members.1.member_name" type="text" value="Bagas"`)
	if strings.Contains(b.body, "ibu.jpg") || strings.Contains(b.body, "Anggota 3") {
		t.Error("the member who was taken away is still there")
	}
	b.send(members).has(`href="#members.0.member_nik"`, `id="members.0.member_nik-error"`)
	b.send(members, "_save", "1").at("/saved")
	code, secret := b.code(), b.secret()

	other := w.browser()
	other.get("/draft").send("/draft", "code", code, "secret", secret).at("/members")
	other.says("anak.jpg", "Anggota 2").has(`value="Sekar Wulandari"`, `value="Bagas"`)
	other.send(members, "_remove", "members.0.member_photo:"+fileID(t, other.body))
	if other.get(members); strings.Contains(other.body, "anak.jpg") {
		t.Error("a file inside a group cannot be taken back")
	}
}

// fileID is the id of the first kept file of a page.
func fileID(t *testing.T, body string) string {
	t.Helper()
	_, rest, ok := strings.Cut(body, `name="_remove" value="members.0.member_photo:`)
	id, _, _ := strings.Cut(rest, `"`)
	if !ok || id == "" {
		t.Fatal("no file can be taken back")
	}
	return id
}

// TestWhatIsNoItemChangesNothing: names and numbers that no page of ours sends.
func TestWhatIsNoItemChangesNothing(t *testing.T) {
	w := newTown(t)
	b := w.browser()
	members := b.family() + "/members"
	_, form := b.form(members)
	for _, fields := range [][]string{
		{"add", "nobody"}, {"remove", "members.77"}, {"remove", "members"}, {"remove", "members.-1"}, {"add", "members.0"},
		{"members.count", "99999999999", "add", "members"}, {"members.count", "-4"}, {"members.9999.member_name", "x"}, {"members.0.nothing", "x"},
		{"members.x.member_name", "x"}, {"remove", "members.0", "add", "members"}, {"members.count", "9999"},
	} {
		v := map[string][]string{}
		for k, list := range form {
			v[k] = list
		}
		for i := 0; i < len(fields); i += 2 {
			v[fields[i]] = []string{fields[i+1]}
		}
		b.post(members, v)
		if b.status >= 500 || strings.Count(b.body, `class="itm"`) > 30 {
			t.Errorf("%v: %d, %d items", fields, b.status, strings.Count(b.body, `class="itm"`))
		}
		b.get(members).says("Anggota 1")
	}
}
