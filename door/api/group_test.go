package api_test

import (
	"context"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"pendopo/government"
)

// family is the demo with one more page on the certificate's form: children,
// each with a photo, and where one comes from, anywhere in the nation.
func (w *town) family() {
	w.t.Helper()
	files := fstest.MapFS{}
	w.must(fs.WalkDir(government.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(government.FS, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	}))
	const service = "services/" + domicile + ".yaml"
	const page = `  pages:
    - id: family
      title: {id: Keluarga, en: Family}
      fields:
        - id: origin
          kind: region
          scope: nation
          level: village
          label: {id: Asal, en: Origin}
          optional: yes
        - id: children
          kind: group
          item: {id: Anak, en: Child}
          label: {id: Anak, en: Children}
          optional: yes
          max: 3
          fields:
            - {id: child_name, kind: text, label: {id: Nama anak, en: Name of the child}}
            - {id: child_birth, kind: date, label: {id: Tanggal lahir anak, en: Birth date of the child}, before: today}
            - {id: photo, kind: file, label: {id: Foto anak, en: Photo of the child}, accept: [image], counter: yes}
`
	text := strings.Replace(string(files[service].Data), "  pages:\n", page, 1)
	files[service] = &fstest.MapFile{Data: []byte(text)}
	got, err := w.Publish(context.Background(), files)
	w.must(err)
	if len(got.Findings) > 0 {
		w.t.Fatal(got.Findings)
	}
}

func child(name string, photo ...string) map[string]any {
	return map[string]any{"child_name": name, "child_birth": "2020-02-29", "photo": photo}
}

// A group is a list of objects: its files are handed in like others, and what is
// wrong in it is said at its place.
func TestARepeatedGroupWithItsFilesIsHandedIn(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		w.family()
		first := w.upload("?service="+domicile+"&field=children.photo", picture(t, 50, 40), nil)
		second := w.upload("", picture(t, 60, 40), head{"Upload-Group": first.Group})
		with := func(children ...any) string {
			a := w.application(map[string]any{"children": children, "origin": "33.74.01.1001"})
			a["uploads"] = first.Group
			return text(a)
		}
		key := func() head { return head{"Idempotency-Key": w.key()} }
		w.run([]scenario{
			{name: "the schema", method: "GET", path: "/api/v1/services/" + domicile, status: 200, has: []string{`"children":{"items":{"additionalProperties":false,"properties":{"child_birth":{"format":"date"`, `"maxItems":3`}},
			{name: "no such field of a group", method: "POST", path: "/api/v1/uploads?service=" + domicile + "&field=children.x", body: "x", headers: head{"Idempotency-Key": w.key(), "Content-Type": "application/pdf"}, status: 422, has: problem("api.no_file_field")},
			{name: "wrong in an item", method: "POST", path: casesPath, body: with(child("Bagus", first.Upload), map[string]any{"child_name": 7, "child_birth": "tomorrow", "photo": []string{"counter"}}), headers: key(), status: 422,
				has: problem(`"pointer":"/answers/children/1/child_name"`, `"pointer":"/answers/children/1/child_birth"`), lacks: []string{"Bagus", "tomorrow"}},
			{name: "missing in an item", method: "POST", path: casesPath, body: with(map[string]any{"child_name": "Bagus"}), headers: key(), status: 422,
				has: problem(`"pointer":"/answers/children/0/child_birth"`, `"pointer":"/answers/children/0/photo"`), lacks: []string{"Bagus"}},
			{name: "unknown in an item", method: "POST", path: casesPath, body: with(map[string]any{"child_nick": "Bagus"}), headers: key(), status: 422, has: problem(`"/answers/children/0/child_nick"`, "form.unknown_answer"), lacks: []string{"Bagus"}},
			{name: "a file that is not there", method: "POST", path: casesPath, body: with(child("Bagus", "01890a5d-ac96-774b-bcce-b302099a8057")), headers: key(), status: 422, has: problem(`"pointer":"/answers/children/0/photo"`)},
			{name: "too many", method: "POST", path: casesPath, body: with(child("A", "counter"), child("B", "counter"), child("C", "counter"), child("D", "counter")), headers: key(), status: 422, has: problem(`"pointer":"/answers/children"`)},
			{name: "no list", method: "POST", path: casesPath, body: text(w.application(map[string]any{"children": "none"})), headers: key(), status: 422, has: problem(`"pointer":"/answers/children"`)},
			{name: "a place that is none", method: "POST", path: casesPath, body: text(w.application(map[string]any{"origin": "33.74.01.9999"})), headers: key(), status: 422, has: problem(`"pointer":"/answers/origin"`)},
			{name: "a place of the past", method: "POST", path: casesPath, body: text(w.application(map[string]any{"origin": "36.02.16.2018"})), headers: key(), status: 422, has: problem(`"pointer":"/answers/origin"`, "form.region_former", "Cikaratuan")},
		})
		var a accepted
		w.into(w.ask("POST", casesPath, with(child("Bagus", first.Upload), child("Ratih", second.Upload)), key()), 201, &a)
		c := w.look(a)
		children, _ := c.Answers["children"].([]any)
		if len(children) != 2 || c.Answers["origin"] != "33.74.01.1001" || len(c.Documents) != 2 {
			t.Fatalf("%v, %d documents", c.Answers["children"], len(c.Documents))
		}
		for _, doc := range c.Documents {
			if r := w.ask("GET", doc.Href, "", a.bearer()); r.status != 200 || r.header.Get("Content-Type") != "image/jpeg" {
				t.Errorf("a photo: %d %v", r.status, r.header)
			}
		}
	})
}
