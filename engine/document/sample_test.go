package document

import (
	"crypto/ed25519"
	"crypto/sha256"
	"os"
	"testing"
	"time"

	"pendopo/kernel/page"
	"pendopo/kernel/seal"
	"pendopo/law/definition"
)

// The samples are invented people and places; region prefix 3360 is unassigned.

func words(t testing.TB, lang string) *page.Printer {
	t.Helper()
	catalogue, err := page.LoadCatalogue(os.DirFS("../../web/locale"), true)
	if err != nil {
		t.Fatal(err)
	}
	return catalogue.Printer(lang)
}

func sampleKey() (string, ed25519.PrivateKey, []seal.PublishedKey) {
	seed := sha256.Sum256([]byte("a document key for tests only"))
	key := ed25519.NewKeyFromSeed(seed[:])
	public := key.Public().(ed25519.PublicKey)
	return "dok-2026", key, []seal.PublishedKey{{ID: "dok-2026", Public: public, From: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}
}

func sampleStatement() Statement {
	return Statement{
		Issuer: "Pemerintah Kabupaten Tirtanegara", Kind: "surat-keterangan-domisili", Number: "470/001/DS-SUKAMAJU/III/2026",
		Date: time.Date(2026, 3, 17, 0, 0, 0, 0, time.UTC), ValidUntil: time.Date(2026, 6, 17, 0, 0, 0, 0, time.UTC),
		ID:     ID{0xde, 0xad, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14},
		Proved: map[string]string{"name": "Sekar Ayu Wulandari", "nik": "3360015203950001", "address": "Jalan Melati 7, RT 02/RW 05, Dusun Krajan"},
	}
}

func bidanStatement() Statement {
	st := sampleStatement()
	st.Kind, st.Number = "sip-bidan", "503/0042/SIPB/DINKES/III/2026"
	st.Proved = map[string]string{"name": "Nyi Ratna Kusumaningrum, S.Tr.Keb., Bd.", "birth_date": "12 Maret 1995", "str_number": "ZK 00001 22 10 2026 3360",
		"practice": "Praktik Mandiri Bidan Kasih Ibu, Jalan Cempaka 12, Desa Sukamaju, Kecamatan Banyuasih"}
	st.ValidUntil = time.Date(2031, 3, 12, 0, 0, 0, 0, time.UTC)
	return st
}

const sampleBase = "https://layanan.tirtanegarakab.example"

func sampleLink(t testing.TB, st Statement) string {
	t.Helper()
	id, key, _ := sampleKey()
	payload, err := Sign(st, id, key)
	if err != nil {
		t.Fatal(err)
	}
	return Link(sampleBase, st.ID, payload)
}

func text(id, en string) definition.Text { return definition.Text{"id": id, "en": en} }

var jakarta = time.FixedZone("WIB", 7*3600)

func profile() definition.Profile {
	return definition.Profile{
		Name: text("Pemerintah Kabupaten Tirtanegara", "Government of Tirtanegara Regency"), Short: text("Tirtanegara", "Tirtanegara"),
		Head: text("Bupati Tirtanegara", "Regent of Tirtanegara"), Address: "Jalan Alun-alun Utara 1, Tirtanegara 53600",
		Phone: "(0299) 555 0100", Email: "halo@tirtanegarakab.example",
	}
}

// domicile is a village letter as the demo's template has it.
func domicile(t testing.TB) (definition.Template, Input) {
	t.Helper()
	tpl := definition.Template{ID: "surat-keterangan-domisili", Title: text("Surat Keterangan Domisili", "Certificate of Domicile"), Blocks: []definition.Block{
		{Kind: "title"}, {Kind: "number"},
		{Kind: "paragraph", Text: text("Yang bertanda tangan di bawah ini, {head}, menerangkan dengan sebenarnya bahwa:", "The undersigned, {head}, certifies that:")},
		{Kind: "table", Rows: []definition.TableRow{
			{Label: text("Nama lengkap", "Full name"), Value: "{name}"}, {Label: text("NIK", "NIK"), Value: "{nik}"},
			{Label: text("Tempat, tanggal lahir", "Born"), Value: "{birth_place}, {birth_date}"}, {Label: text("Pekerjaan", "Occupation"), Value: "{job}"},
			{Label: text("Nama usaha", "Business"), Value: "{business}"},
			{Label: text("Alamat menurut KTP", "Address on the identity card"), Value: "{address}"}, {Label: text("Alamat domisili", "Address of domicile"), Value: "{domicile}"}}},
		{Kind: "paragraph", Text: text("Orang tersebut benar berdomisili di alamat di atas sejak {since}, dan keterangan ini dibuat untuk keperluan {purpose}.", "This person lives at the address above since {since}; this certificate is for {purpose}.")},
		{Kind: "paragraph", Text: text("Surat ini berlaku sampai {valid_until}. Demikian surat keterangan ini dibuat agar dapat dipergunakan sebagaimana mestinya.", "This certificate is valid until {valid_until}.")},
	}, Proved: []string{"name", "nik", "address"}}
	st := sampleStatement()
	return tpl, Input{
		Government: profile(),
		Unit:       definition.Unit{ID: "desa-sukamaju", Name: text("Desa Sukamaju, Kecamatan Banyuasih", "Sukamaju Village, Banyuasih District"), Address: "Jalan Raya Banyuasih 21, Sukamaju 53612", Phone: "(0299) 555 0121"},
		Place:      "Sukamaju",
		Values: map[string]string{"name": "Sekar Ayu Wulandari", "nik": "3360015203950001", "birth_place": "Tirtanegara", "birth_date": "12 Maret 1995", "job": "Penjahit",
			"business": "", "address": "Jalan Melati 7, RT 02/RW 05, Dusun Krajan, Desa Sukamaju", "domicile": "Jalan Kenanga 3, RT 01/RW 02, Dusun Wetan, Desa Sukamaju, Kecamatan Banyuasih",
			"since": "1 Januari 2024", "purpose": "pembukaan rekening tabungan"},
		Number: st.Number, Date: time.Date(2026, 3, 17, 10, 30, 0, 0, jakarta), ValidUntil: st.ValidUntil, Words: words(t, "id"),
		Signatory: Signatory{Name: "Bagas Wirayudha", Title: "Kepala Desa Sukamaju"},
		ID:        st.ID, Link: sampleLink(t, st), VerifyAt: sampleBase + "/verify",
	}
}

// midwife is a licence that the law granted after a missed limit.
func midwife(t testing.TB) (definition.Template, Input) {
	t.Helper()
	tpl := definition.Template{ID: "sip-bidan", Title: text("Surat Izin Praktik Bidan (SIPB)", "Midwife's practice licence"), Blocks: []definition.Block{
		{Kind: "title"}, {Kind: "number"},
		{Kind: "paragraph", Text: text("Berdasarkan Peraturan Pemerintah Nomor 28 Tahun 2024, {head} memberikan izin praktik kepada:", "Under Government Regulation 28/2024 a licence is given to:")},
		{Kind: "table", Rows: []definition.TableRow{
			{Label: text("Nama", "Name"), Value: "{name}"}, {Label: text("Tempat, tanggal lahir", "Born"), Value: "{birth_place}, {birth_date}"},
			{Label: text("Nomor STR", "Registration number"), Value: "{str_number}"}, {Label: text("Tempat praktik", "Place of practice"), Value: "{practice}"}}},
		{Kind: "paragraph", Text: text("Izin ini berlaku sampai {valid_until} dan hanya untuk tempat praktik di atas.", "Valid until {valid_until}.")},
	}, Proved: []string{"name", "birth_date", "str_number", "practice"}}
	st := bidanStatement()
	in := Input{
		Government: profile(),
		Unit:       definition.Unit{ID: "dinkes", Name: text("Dinas Kesehatan", "Health Office"), Address: "Jalan Pahlawan 8, Tirtanegara 53601", Phone: "(0299) 555 0140"},
		Values:     map[string]string{"birth_place": "Tirtanegara"},
		Number:     st.Number, Date: time.Date(2026, 3, 27, 0, 1, 0, 0, jakarta), ValidUntil: st.ValidUntil, Words: words(t, "id"),
		Signatory: Signatory{Name: "dr. Laras Paramesti, M.Kes.", Title: "Kepala Dinas Kesehatan", Mandate: "plt", Number: "19800101 200501 2 001"},
		ID:        st.ID, Link: sampleLink(t, st), VerifyAt: sampleBase + "/verify",
		Deemed: &Deemed{Basis: "UU 30/2014 Pasal 53 ayat (3) sebagaimana diubah dengan UU 6/2023", Within: "5 hari kerja",
			From: time.Date(2026, 3, 13, 9, 0, 0, 0, jakarta), Due: time.Date(2026, 3, 27, 16, 0, 0, 0, jakarta), Days: sampleDays()},
	}
	for k, v := range st.Proved {
		in.Values[k] = v
	}
	return tpl, in
}

func sampleDays() []Day {
	at := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, jakarta) }
	days := []Day{{at(13), DayBefore, ""}, {at(14), DayOff, ""}, {at(15), DayOff, ""}, {at(16), DayCounted, ""}, {at(17), DayStopped, "menunggu tanda lunas organisasi profesi"}}
	for d, name := range []string{"cuti bersama Nyepi", "Nyepi", "cuti bersama Idulfitri", "Idulfitri", "Idulfitri", "cuti bersama Idulfitri", "cuti bersama Idulfitri"} {
		days = append(days, Day{at(18 + d), DayOff, name})
	}
	return append(days, Day{at(25), DayCounted, ""}, Day{at(26), DayCounted, ""}, Day{at(27), DayDue, ""})
}
