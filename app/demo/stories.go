package demo

import (
	"fmt"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/flow"
	"pendopo/law/form"
)

// person is somebody invented. Numbers begin with 33.60, which is given to no
// regency, and phones with 0812 0000, which is given to nobody.
type person struct {
	name, birth, sex string
	n                int
}

// nik has the form of the law: region, day (plus 40 for women) and year of
// birth, and a serial number.
func (p person) nik() string {
	var y, m, d int
	fmt.Sscanf(p.birth, "%d-%d-%d", &y, &m, &d)
	if p.sex == "perempuan" {
		d += 40
	}
	return fmt.Sprintf("336001%02d%02d%02d%04d", d, m, y%100, p.n)
}

func (p person) phone() string { return fmt.Sprintf("+62812000%05d", p.n) }

func residents() []person {
	names := []person{
		{name: "Sekar Ayu Larasati", birth: "1996-04-11", sex: "perempuan"}, {name: "Bima Satria Wibawa", birth: "1988-09-23", sex: "laki_laki"},
		{name: "Kirana Dewi Anjani", birth: "2001-01-30", sex: "perempuan"}, {name: "Jaka Tirta Sudana", birth: "1979-06-05", sex: "laki_laki"},
		{name: "Laras Puspita Rini", birth: "1993-12-17", sex: "perempuan"}, {name: "Wahyu Adi Nugraha", birth: "1985-02-08", sex: "laki_laki"},
		{name: "Ningrum Setyowati", birth: "1968-10-01", sex: "perempuan"}, {name: "Gilang Mahardika", birth: "1999-07-19", sex: "laki_laki"},
		{name: "Pandu Wirayuda", birth: "2012-03-27", sex: "laki_laki"}, {name: "Citra Ambarwati", birth: "1990-05-14", sex: "perempuan"},
		{name: "Tegar Prabowo Aji", birth: "1974-11-29", sex: "laki_laki"}, {name: "Rengganis Utami", birth: "1983-08-03", sex: "perempuan"},
	}
	for i := range names {
		names[i].n = i + 1
	}
	return names
}

func midwives() []person {
	names := []person{
		{name: "Arum Melati Sari, A.Md.Keb.", birth: "1994-03-12"}, {name: "Dyah Pitaloka Ningtyas, S.Tr.Keb.", birth: "1989-07-21"},
		{name: "Wulan Kinanti, A.Md.Keb.", birth: "1997-11-02"}, {name: "Retno Palupi, S.Keb.", birth: "1986-01-25"},
		{name: "Asih Rahayuningsih, A.Md.Keb.", birth: "1991-09-09"}, {name: "Lintang Pramesti, S.Tr.Keb.", birth: "1995-06-18"},
		{name: "Kenanga Hastuti, A.Md.Keb.", birth: "1992-04-04"}, {name: "Sasi Purnamawati, S.Keb.", birth: "1984-12-30"},
	}
	for i := range names {
		names[i].sex, names[i].n = "perempuan", i+41
	}
	return names
}

func (p person) domicile(region, purpose string) form.Answers {
	a := form.Answers{
		"name": p.name, "nik": p.nik(), "birth_place": "Banyusekar", "birth_date": p.birth, "sex": p.sex, "phone": p.phone(),
		"region": region, "street": fmt.Sprintf("Jalan Kemuning %d", p.n*3), "rt": int64(1 + p.n%6), "rw": int64(1 + p.n%4),
		"lives_since": "2019-08-01", "occupation": "bekerja", "purpose": purpose, "declaration": true,
	}
	if p.birth > "2010" {
		parent := person{name: "Hesti Wirayuda", birth: "1984-02-20", sex: "perempuan", n: 90}
		a["occupation"], a["school_name"], a["lives_since"] = "pelajar", "SMP Negeri 2 Banyusekar", "2014-08-01"
		a["guardian_name"], a["guardian_nik"], a["guardian_relation"] = parent.name, parent.nik(), "ibu"
	}
	return a
}

func (p person) licence(facility string) form.Answers {
	return form.Answers{
		"name": p.name, "nik": p.nik(), "birth_place": "Banyusekar", "birth_date": p.birth, "phone": p.phone(),
		"home_address": fmt.Sprintf("Jalan Cempaka %d, Banyusekar", p.n), "str_number": fmt.Sprintf("00000%05d", p.n),
		"str_date": "2023-05-15", "str_validity": "seumur_hidup", "facility_kind": "klinik", "facility_name": facility,
		"facility_region": "33.60.01.1001", "facility_address": "Jalan Seruni 8, Sekararum", "practice_order": "pertama",
		"declaration": true,
	}
}

const (
	domicileService = "surat-keterangan-domisili"
	licenceService  = "sip-bidan"
	sekararum       = "33.60.01.1001"
	kaumanLor       = "33.60.01.1002"
)

// tell plans every story of the demo.
func (w *world) tell() {
	w.letters()
	w.lettersThatStick()
	w.licences()
	w.licencesWithTrouble()
	w.registrations()
	w.villageLetters()
	w.permits()
	w.justNow()
}

// justNow are applications of the last minutes: in office hours their clocks
// run already, otherwise they begin with the next ones.
func (w *world) justNow() {
	for i, p := range []person{residents()[3], residents()[4], residents()[5], residents()[0]} {
		region := []string{sekararum, sekararum, kaumanLor, sekararum}[i]
		w.submit(fmt.Sprintf("letter-now-%d", i), w.today.Add(time.Duration(-4+i)*time.Minute), casework.Submission{
			Service: domicileService, Channel: "portal", Answers: p.domicile(region, []string{"bank", "kerja", "usaha", "sekolah"}[i]),
		})
	}
	for i, p := range midwives()[:3] {
		w.submit(fmt.Sprintf("sip-now-%d", i), w.today.Add(time.Duration(-30+9*i)*time.Minute), casework.Submission{
			Service: licenceService, Channel: "portal", Answers: p.licence("Puskesmas Girilangit"),
		})
	}
}

func (w *world) letter(key string, p person, at string, days int, region, purpose string) *tale {
	return w.submit(key, w.at(days, at), casework.Submission{
		Service: domicileService, Channel: "portal", Answers: p.domicile(region, purpose),
	})
}

// letters are certificates that went well.
func (w *world) letters() {
	who := residents()
	for i, days := range []int{14, 11, 9, 6, 4, 2} {
		key, purpose := fmt.Sprintf("letter-%02d", i), []string{"bank", "sekolah", "kerja", "usaha"}[i%4]
		t := w.letter(key, who[i], "08:40", days, sekararum, purpose)
		t.act(w.at(days, "08:43"), "sari", "approve").act(w.at(days, "08:47"), "ratih", "approve")
		if i < 5 {
			t.act(w.at(days, "10:15"), "", "received")
		}
	}
	t := w.letter("letter-plt", who[9], "09:10", 5, kaumanLor, "kerja")
	t.act(w.at(5, "09:13"), "bagas", "approve").act(w.at(5, "09:18"), "wiratno", "approve")
}

// lettersThatStick are in every other state.
func (w *world) lettersThatStick() {
	who := residents()
	child := w.submit("letter-child", w.at(3, "09:30"), casework.Submission{
		Service: domicileService, Channel: "counter", Answers: who[8].domicile(sekararum, "sekolah"),
		Received: w.at(3, "09:05"), Evidence: "queue_ticket",
	})
	child.act(w.at(3, "09:32"), "sari", "approve")
	fix := w.letter("letter-back", who[6], "10:20", 3, sekararum, "bank")
	fix.sendBack(w.at(3, "10:24"), "sari", "letter", "Surat pengantar RT belum diberi tanggal. Mintalah tanggal kepada Ketua RT, lalu foto sekali lagi.")
	again := w.letter("letter-again", who[7], "13:10", 4, sekararum, "usaha")
	again.sendBack(w.at(4, "13:13"), "sari", "address", "Nomor rumah pada isian berbeda dengan surat pengantar.")
	again.act(w.at(3, "08:30"), "", "submit").act(w.at(3, "08:33"), "sari", "approve").act(w.at(3, "08:36"), "ratih", "approve")
	no := w.letter("letter-no", who[10], "11:00", 7, sekararum, "usaha")
	no.act(w.at(7, "11:03"), "sari", "approve")
	no.deed(w.at(7, "11:06"), "ratih", casework.Deed{Action: "reject", Reason: "not_resident"})
	w.letter("letter-off", who[11], "14:00", 6, kaumanLor, "bank").act(w.at(6, "14:02"), "", "withdraw")
	w.letter("letter-new", who[1], "08:05", 0, sekararum, "kerja")
	w.letter("letter-sign", who[2], "08:10", 0, kaumanLor, "sekolah").act(w.at(0, "08:12"), "bagas", "approve")
}

func (w *world) application(key string, p person, days int, facility string) *tale {
	return w.submit(key, w.at(days, "09:00"), casework.Submission{
		Service: licenceService, Channel: "portal", Answers: p.licence(facility),
	})
}

// licences are midwives' licences on their way and at their end.
func (w *world) licences() {
	who := midwives()
	t := w.application("sip-done", who[0], 15, "Klinik Pratama Sekar Sehat")
	t.act(w.at(14, "10:00"), "mega", "approve").act(w.at(13, "13:30"), "tiara", "recommend")
	t.act(w.at(12, "14:10"), "endah", "approve").act(w.at(11, "09:00"), "", "received")
	back := w.application("sip-back", who[1], 6, "Puskesmas Girilangit")
	back.sendBack(w.at(5, "09:40"), "mega", "diploma", "Legalisir ijazah tidak terbaca. Unggah foto yang lebih terang.")
	w.application("sip-new", who[2], 1, "Klinik Bersalin Tegalwangi")
	stop := w.application("sip-stop", who[3], 6, "RSUD Banyusekar")
	stop.act(w.at(5, "10:20"), "mega", "approve")
	stop.deed(w.at(4, "09:15"), "tiara", casework.Deed{Do: flow.DoStop, Reason: "site_visit", Note: "Menunggu jadwal dari pemohon"})
	sign := w.application("sip-sign", who[6], 4, "Klinik Pratama Melati Asri")
	sign.act(w.at(3, "09:30"), "mega", "approve").act(w.at(2, "11:00"), "tiara", "recommend")
}

// licencesWithTrouble show what the clock does by itself, and an objection.
func (w *world) licencesWithTrouble() {
	who := midwives()
	w.application("sip-deemed", who[4], 14, "Klinik Bersalin Kauman") // nobody acts: complete, then granted by law
	late := w.application("sip-late", who[5], 7, "Puskesmas Banyusekar")
	late.act(w.at(6, "15:00"), "mega", "approve")
	no := w.application("sip-no", who[7], 12, "Klinik Pratama Banyuasri")
	no.act(w.at(11, "09:10"), "mega", "approve")
	no.deed(w.at(10, "10:30"), "tiara", casework.Deed{Action: "advise_against", Note: "Izin operasional fasilitas sudah berakhir"})
	no.deed(w.at(9, "13:20"), "endah", casework.Deed{Action: "reject", Reason: "facility_unfit"})
	no.deed(w.at(6, "09:00"), "", casework.Deed{Action: "object", Note: "Izin fasilitas sudah diperpanjang bulan lalu"})
}
