package leak

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pendopo/app"
	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/government"
	"pendopo/kernel/conf"
	"pendopo/law/flow"
	"pendopo/law/form"
)

// planted are values of people, each in a field of its own kind. They are
// invented; the region 3360 is given to nobody. Each must be found when nothing
// is sealed.
func planted() []string {
	return []string{
		"Zulfikar Wirasandhyo", "3360015703950071", "81200077713", "Kawungsandhya", "Gang Melur Tersembunyi", // the form
		"mengurus warisan Eyang Tersurat",                         // free text
		"berkasrahasiaku", "ISIBERKASTERANG", "DALAMBERKASDIPRES", // a file's name and content
		"Nomor rumah Kartasuryo buram", "catatan Sembunyian petugas", // what officers write
		"Prabuwiryono Adhikara", "199900002020001077", // an officer
		"Larasdrafta Kusumo",                                                                  // a draft that is never sent
		"Sasmitawati Rahasiani", "81200077791", "sasmita.rahasiani", "laporan Tersembunyikan", // who tells something, and what
	}
}

// never are values that must not be found even when nothing is sealed: they
// are not kept at all. Every bad input carries the first of them.
func never() []string {
	return []string{"Tandajahat", "KAMERAPEMILIK", "sandi-Rumitnya-77-kali"}
}

// told is what only the day itself knows: secrets that it was given. None may be
// found, sealed or not: they are made from keys and kept nowhere.
type told struct{ Secrets []string }

// day is a running instance with its doors open.
type day struct {
	*app.Instance
	url     string
	told    told
	cookies []string
	keys    int
	err     error // the first thing that went wrong; nothing is done after it
}

// live lives a day in a folder: data, keys and a copy of the data as it lies
// there before the databases are closed. What was told is written beside them.
func live(dir string) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	in, err := app.Open(ctx, app.Options{
		Place: conf.Place{Data: filepath.Join(dir, "lived", "data"), Node: "leak"}, Base: "http://localhost:8080", Create: true, Origin: "localhost/log",
		Log: slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		return err
	}
	d := &day{Instance: in}
	d.open(ctx, stop, dir)
	told, err := json.Marshal(d.told)
	return errors.Join(d.err, err, in.Close(), os.WriteFile(filepath.Join(dir, "told.json"), told, 0o600))
}

// open opens the doors, lets everything happen, and closes them.
func (d *day) open(ctx context.Context, stop func(), dir string) {
	_, err := d.Publish(ctx, government.FS)
	d.must(err)
	h, err := d.Handler(app.Face{Base: "http://localhost:8080", Pseudo: true})
	d.must(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	d.must(err)
	if d.err != nil {
		return
	}
	d.url = "http://" + l.Addr().String()
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx, l, h) }()
	d.happens(ctx)
	if os.Getenv("PENDOPO_LEAK_CONTROL") != "" {
		d.blurt()
	}
	stop()
	d.must(<-served) // nobody writes any more, and nothing is tidied up yet
	d.must(os.CopyFS(filepath.Join(dir, "lived", "data-running"), os.DirFS(filepath.Join(dir, "lived", "data"))))
}

// blurt says every value aloud, so that searching output and log is seen to work.
func (d *day) blurt() {
	for _, v := range planted() {
		fmt.Println(v)
		slog.New(slog.NewJSONHandler(os.Stderr, nil)).Error(v)
	}
}

func (d *day) must(err error) {
	if d.err == nil {
		d.err = err
	}
}

// happens is the day: a case from application to letter, a draft, and then
// everything that is wrong.
func (d *day) happens(ctx context.Context) {
	clerk := d.officer(ctx, "prabuwiryono", "petugas_layanan", identity.Name{Full: "Prabuwiryono Adhikara, S.Sos.", NIP: "199900002020001077"})
	head := d.officer(ctx, "kepala", "lurah", identity.Name{Full: "Kepala Kelurahan"})
	code, secret := d.apply()
	d.told.Secrets = append(d.told.Secrets, secret, strings.ReplaceAll(secret, "-", ""))
	d.deed(ctx, code, clerk, casework.Deed{Action: "return", Note: "catatan Sembunyian petugas",
		Checks:  map[string]bool{"identity": true, "letter": true, "address": false},
		Defects: []flow.Defect{{ID: "address", Words: "Nomor rumah Kartasuryo buram"}}})
	d.correct(code, secret)
	good := map[string]bool{"identity": true, "letter": true, "address": true}
	d.deed(ctx, code, clerk, casework.Deed{Action: "approve", Checks: good})
	d.deed(ctx, code, head, casework.Deed{Action: "approve", Checks: map[string]bool{}})
	d.issued(ctx, code)
	d.draft()
	d.tells(ctx)
	d.badInput(code, secret)
}

// tells is a report of somebody who wants to be anonymous.
func (d *day) tells(ctx context.Context) {
	if d.err != nil {
		return
	}
	_, err := d.Cases.Submit(ctx, casework.Submission{Service: "pengaduan", Channel: "portal", Lang: "id", Answers: form.Answers{
		"kind": "pengaduan", "category": "lampu", "what": "Ini laporan Tersembunyikan tentang lampu jalan.", "region": "33.60.01.1001",
		"anonymous": "ya", "confidential": "ya", "name": "Sasmitawati Rahasiani", "phone": "+6281200077791", "email": "sasmita.rahasiani@warga.example",
	}})
	d.must(err)
}

func (d *day) officer(ctx context.Context, login, role string, name identity.Name) string {
	id, err := d.Identity.Create(ctx, identity.NewOfficer{Login: login, Name: name, Password: "sandi-Rumitnya-77-kali", Own: true, Drawn: true})
	d.must(err)
	if d.err != nil {
		return ""
	}
	_, err = d.Identity.Assign(ctx, id, identity.Assignment{Unit: "kel-sekararum", Role: role, From: "2025-01-02", Kind: identity.Definitive}, "", "")
	d.must(err)
	return id
}

// deed lets an officer act, having opened the case.
func (d *day) deed(ctx context.Context, code, officer string, deed casework.Deed) {
	if d.err != nil {
		return
	}
	c, err := d.Cases.Track(ctx, code)
	d.must(err)
	deed.Stream, deed.Seen, deed.Actor, deed.By = c.Stream, c.Version, officer, c.Holder
	_, err = d.Cases.Act(ctx, deed)
	if err != nil {
		d.must(fmt.Errorf("%s at %s: %w", deed.Action, c.Step, err))
	}
}

// issued waits for the letter.
func (d *day) issued(ctx context.Context, code string) {
	end := time.NewTimer(2 * time.Minute)
	defer end.Stop()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for d.err == nil {
		c, err := d.Cases.Track(ctx, code)
		d.must(err)
		if err == nil && c.Document != nil {
			return
		}
		select {
		case <-tick.C:
		case <-end.C:
			d.must(errors.New("no letter was issued"))
		}
	}
}

// answers are those of the citizen with the planted values.
func answers() map[string]any {
	return map[string]any{
		"name": "Zulfikar Wirasandhyo", "nik": "3360015703950071", "birth_place": "Kawungsandhya", "birth_date": "1995-03-17", "sex": "perempuan",
		"phone": "+6281200077713", "region": "33.60.01.1001", "street": "Gang Melur Tersembunyi 19", "rt": 2, "rw": 5, "lives_since": "2020-08-01",
		"occupation": "bekerja", "purpose": "lainnya", "purpose_text": "mengurus warisan Eyang Tersurat",
		"surat_pengantar": []string{"counter"}, "ktp": []string{"counter"}, "declaration": true,
	}
}

// apply uploads two files, the second in part only at first, and hands in the
// application.
func (d *day) apply() (code, secret string) {
	var up struct{ Upload, Group string }
	d.ask(201, &up, "POST", "/api/v1/uploads?service=surat-keterangan-domisili&field=surat_pengantar", paper(), head{
		"Content-Type": "application/octet-stream", "Content-Disposition": `attachment; filename="berkasrahasiaku.pdf"`,
	})
	group := up.Group
	a := answers()
	a["surat_pengantar"] = []string{up.Upload}
	d.ask(201, &up, "POST", "/api/v1/uploads?field=ktp", photo(), head{
		"Content-Type": "image/jpeg", "Content-Disposition": `attachment; filename="ktp-berkasrahasiaku.jpg"`, "Upload-Group": group,
	})
	a["ktp"] = []string{up.Upload}
	var got struct{ Code, Secret string }
	d.ask(201, &got, "POST", "/api/v1/services/surat-keterangan-domisili/cases", d.application(a, group), nil)
	return got.Code, got.Secret
}

func (d *day) application(answers map[string]any, group string) string {
	b, err := d.Cases.Catalogue().Live("surat-keterangan-domisili")
	d.must(err)
	if d.err != nil {
		return ""
	}
	body := map[string]any{"definition": b.Hash, "channel": "api", "answers": answers}
	if group != "" {
		body["uploads"] = group
	}
	return text(body)
}

func text(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // a test's own literal
	}
	return string(raw)
}

// correct sends the answers again, as the citizen, after reading them.
func (d *day) correct(code, secret string) {
	var c struct {
		Version int64
		Answers map[string]any
	}
	bearer := head{"Authorization": "Bearer " + secret}
	d.ask(200, &c, "GET", "/api/v1/cases/"+code, "", bearer)
	d.ask(200, nil, "POST", "/api/v1/cases/"+code+"/actions/submit", text(map[string]any{"version": c.Version, "answers": c.Answers}), bearer)
}

// paper is a PDF with words in plain and words in a compressed stream.
func paper() string {
	var pressed bytes.Buffer
	w := zlib.NewWriter(&pressed)
	_, err := w.Write([]byte("BT (DALAMBERKASDIPRES) Tj ET"))
	if err := errors.Join(err, w.Close()); err != nil {
		panic(err) // memory takes everything
	}
	return "%PDF-1.7\n% ISIBERKASTERANG\n1 0 obj\n<</Length 40>>\nstream\n" + pressed.String() + "\nendstream\nendobj\ntrailer<<>>\nstartxref\n0\n%%EOF\n"
}

// head is header lines of a request.
type head map[string]string

// ask sends a request to the API, wants a status, and reads the answer.
func (d *day) ask(status int, into any, method, path, body string, h head) {
	if d.err != nil {
		return
	}
	res, err := d.send(method, path, body, h)
	if err != nil {
		d.must(err)
		return
	}
	if res.status != status {
		d.must(fmt.Errorf("%s %s answered %d: %s", method, path, res.status, res.body))
	} else if into != nil {
		d.must(json.Unmarshal([]byte(res.body), into))
	}
}

type reply struct {
	status int
	header http.Header
	body   string
}
