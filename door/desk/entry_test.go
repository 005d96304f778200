package desk_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pendopo/engine/casework"
)

const entering = "/desk/enter/" + domicileID

// atCounter is what the clerk types.
func atCounter() url.Values {
	return url.Values{
		"name": {"Pak Darsono"}, "nik": {"3360 0117 0360 0001"}, "birth_place": {"Banyusekar"},
		"birth_date-day": {"17"}, "birth_date-month": {"3"}, "birth_date-year": {"1960"}, "sex": {"laki_laki"},
		"region": {"33.60.01.1001"}, "street": {"Jalan Anggrek 1"}, "rt": {"1"}, "rw": {"2"},
		"lives_since-day": {"1"}, "lives_since-month": {"1"}, "lives_since-year": {"1990"}, "occupation": {"bekerja"},
		"purpose": {"usaha"}, "ktp-counter": {"yes"}, "surat_pengantar-counter": {"yes"}, "declaration": {"yes"},
	}
}

var codes = regexp.MustCompile(`[0-9A-Z]{5}-[0-9A-Z]{5}-[0-9A-Z]`)
var secret = regexp.MustCompile(`>([0-9A-Z]{4}-[0-9A-Z]{4})<`)

func TestAMatterIsTypedInAtTheCounter(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	b := w.as("sari")
	b.get("/desk/enter").is(200).shows("Surat keterangan domisili")
	b.hides("Surat izin praktik")
	b.get(entering).is(200).shows("Kelurahan Sekararum")
	b.hides("Desa Girilangit")
	b.sound("entry")

	b.get(entering).sendFiles(entering, atCounter()).is(200)
	b.shows("Tanda terima permohonan", "Surat pengantar RT dan RW", "Kelurahan Sekararum")
	b.sound("slip")
	code, word := codes.FindString(b.body), secret.FindStringSubmatch(b.body)
	if word == nil {
		t.Fatal("no secret on the slip")
	}
	found, err := w.Cases.Unlock(context.Background(), code, word[1], "192.0.2.1")
	w.must(err)
	c, err := w.Cases.State(context.Background(), found.Stream)
	w.must(err)
	if c.Channel != "counter" || c.Unit != sekararum || c.Marks[0].By.Role != "petugas_layanan" || len(c.Pending) != 2 {
		t.Errorf("accepted as %+v", c)
	}
	b.get("/desk/cases/"+code).is(200).shows("Pak Darsono", "3360 0117 0360 0001", "Loket")
}

func TestSentTwiceItIsOneMatterWithOneSlip(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	b := w.as("sari").get(entering)
	page := b.body
	typed := atCounter()
	typed.Del("ktp-counter")
	files := upload{"ktp", "ktp.jpg", picture(t)}
	b.sendFiles(entering, typed, files).is(200)
	first := codes.FindString(b.body)
	b.body = page
	b.sendFiles(entering, typed, files).is(200)
	if again := codes.FindString(b.body); again != first || first == "" {
		t.Errorf("the slips say %s and %s", first, again)
	}
	b.body = page
	typed.Set("street", "Jalan Lain 9")
	b.sendFiles(entering, typed, files).is(422)
	got, err := w.Cases.List(context.Background(), casework.Worklist{Posts: posts(sekararum, "petugas_layanan")})
	w.must(err)
	if len(got.Cases) != 1 {
		t.Errorf("%d cases", len(got.Cases))
	}
}

func TestEverythingToCorrectIsSaidAtOnceAndNothingTypedIsLost(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	b := w.as("sari").get(entering)
	typed := atCounter()
	typed.Set("nik", "12")
	typed.Set("birth_date-month", "13")
	typed.Del("rt")
	typed.Del("surat_pengantar-counter")
	b.sendFiles(entering, typed, upload{"ktp", "ktp.png", picture(t)}, upload{"surat_pengantar", "surat.exe", []byte("MZ not a letter")}).is(422)
	b.sound("corrections")
	b.shows(`value="Pak Darsono"`, `value="12"`, `value="13"`, "Berkas ini bukan foto atau PDF", "ktp.jpg", `href="#nik"`, `href="#rt"`, `href="#birth_date-day"`)
	b.hides("exe")

	fixed := url.Values{"nik": {"3360011703600001"}, "birth_date-month": {"3"}, "rt": {"1"}, "surat_pengantar-counter": {"yes"}}
	b.sendFiles(entering, fixed).is(200)
	c, err := w.Cases.Track(context.Background(), codes.FindString(b.body))
	w.must(err)
	if len(c.Files) != 1 || len(c.Pending) != 1 || c.Pending[0] != "surat_pengantar" {
		t.Errorf("files %v, pending %v", c.Files, c.Pending)
	}
}

func TestAFileIsTakenBack(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	b := w.as("sari").get(entering)
	typed := atCounter()
	typed.Set("nik", "12")
	b.sendFiles(entering, typed, upload{"ktp", "salah.jpg", picture(t)}).is(422).shows("salah.jpg")
	id := regexp.MustCompile(`name="_remove" value="([^"]+)"`).FindStringSubmatch(b.body)
	b.sendFiles(entering, url.Values{"_remove": {id[1]}}).is(200).hides("salah.jpg")
	b.shows(`value="Pak Darsono"`)
}

func TestAnEarlierTimeOfReceiptNeedsEvidence(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	b := w.as("sari").get(entering)
	earlier := atCounter()
	earlier.Set("received-day", "13")
	earlier.Set("received-month", "3")
	earlier.Set("received-year", "2026")
	earlier.Set("received-time", "10.30")
	b.sendFiles(entering, earlier).is(422).shows(`href="#evidence"`, "Pilih bukti")
	b.sendFiles(entering, url.Values{"evidence": {"queue_ticket"}, "received-time": {"99"}}).is(422).shows(`href="#received-day"`)
	b.sendFiles(entering, url.Values{"received-time": {"10.30"}}).is(200)
	c, err := w.Cases.Track(context.Background(), codes.FindString(b.body))
	w.must(err)
	if want := time.Date(2026, 3, 13, 10, 30, 0, 0, w.clock.Location()); !c.Received.Equal(want) {
		t.Errorf("received %v", c.Received)
	}
	b.get("/desk/cases/"+c0(b)).is(200).shows("Nomor antrean", "dicatat kemudian", "Terlambat")
}

// c0 is the code on the page.
func c0(b *browser) string { return codes.FindString(b.body) }

func TestAPlaceOfAnotherUnitIsNotTypedInHere(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	w.officer("admin", "setda/administrator")
	b := w.as("sari").get(entering)
	typed := atCounter()
	typed.Set("region", "33.60.01.1002")
	b.sendFiles(entering, typed).is(422).shows("Kauman Lor", `href="#region"`)
	b.get("/desk/enter/sip-bidan").is(403)
	w.as("admin").get("/desk/enter").is(403)
}

func TestNothingOfAFileIsEverWrittenInPlain(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	b := w.as("sari").get(entering)
	pdf := append([]byte("%PDF-1.4\nMARKER-IN-THE-PAPER\n"), []byte(strings.Repeat("x", 200_000)+"\n%%EOF\n")...)
	b.sendFiles(entering, atCounter(), upload{"surat_pengantar", "surat.pdf", pdf})
	for _, dir := range []string{temp, w.Place.Data} {
		w.must(filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			if strings.Contains(string(data), "MARKER-IN-THE-PAPER") {
				t.Errorf("%s holds the paper in plain", path)
			}
			return err
		}))
	}
}
