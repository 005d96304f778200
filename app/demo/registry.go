package demo

import (
	"fmt"
	"maps"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/flow"
	"pendopo/law/form"
)

// families are residents who come to the registration office.
func families() []person {
	names := []person{
		{name: "Dimas Aryo Wicaksono", birth: "1991-02-14", sex: "laki_laki"}, {name: "Nawang Wulansari", birth: "1993-08-30", sex: "perempuan"},
		{name: "Rukmini Sulastri", birth: "1965-05-09", sex: "perempuan"}, {name: "Bayu Segara Aji", birth: "1987-11-11", sex: "laki_laki"},
		{name: "Intan Permata Kusuma", birth: "1995-01-17", sex: "perempuan"}, {name: "Galang Samudra", birth: "2009-03-03", sex: "laki_laki"},
		{name: "Melati Cahyaningrum", birth: "1990-12-05", sex: "perempuan"}, {name: "Respati Wibisono", birth: "1982-06-27", sex: "laki_laki"},
	}
	for i := range names {
		names[i].n = i + 61
	}
	return names
}

// registry is what every form of the registration office asks.
func (p person) registry(more form.Answers) form.Answers {
	a := form.Answers{
		"filed_by": "self", "applicant_name": p.name, "applicant_nik": p.nik(), "phone": p.phone(),
		"family_card_number": fmt.Sprintf("336001120319%04d", p.n), "declaration": true,
	}
	maps.Copy(a, more)
	return a
}

// as is a person under the name of a field: father_name, father_nik, …
func (p person) as(id string, into form.Answers) form.Answers {
	maps.Copy(into, form.Answers{
		id + "_name": p.name, id + "_nik": p.nik(), id + "_birth_place": "Banyusekar", id + "_birth_date": p.birth, id + "_citizenship": "wni",
	})
	return into
}

// newborn is the report of a birth by the mother.
func (p person) newborn(child, sex, day string) form.Answers {
	who := families()
	a := form.Answers{
		"relation": "ibu", "origin": "orang_tua", "child_name": child, "child_sex": sex, "child_birth_place": "Banyusekar", "child_birth_date": day,
		"birth_site": "puskesmas", "birth_time": "04.30", "birth_kind": "tunggal", "birth_order": int64(1), "birth_helper": "bidan",
		"birth_weight": int64(3100), "birth_length": int64(49),
		"witness1_name": who[2].name, "witness1_nik": who[2].nik(), "witness2_name": who[7].name, "witness2_nik": who[7].nik(),
	}
	return p.registry(who[0].as("father", p.as("mother", a)))
}

// daysAgo is a date before today's.
func (w *world) daysAgo(n int) string { return w.today.AddDate(0, 0, -n).Format(time.DateOnly) }

func (w *world) registered(key, service string, days int, clock, channel string, a form.Answers) *tale {
	return w.submit(key, w.at(days, clock), casework.Submission{Service: service, Channel: channel, Answers: a})
}

// fresh is an application of some minutes ago, which nobody has looked at yet.
func (w *world) fresh(key, service string, minutes int, a form.Answers) *tale {
	at := w.today.Add(-time.Duration(minutes) * time.Minute)
	return w.submit(key, at, casework.Submission{Service: service, Channel: "portal", Answers: a})
}

// made plans that an operator brings the product back from SIAK.
func (t *tale) made(at time.Time, number string) *tale {
	return t.deed(at, "yoga", casework.Deed{Action: "made", Number: number, Upload: siakFile})
}

// registrations are births, deaths, cards and moves on their way and at their end.
func (w *world) registrations() {
	w.births()
	w.cards()
	w.moves()
	who := families()
	gone := who[7].registry(form.Answers{
		"relation": "anak", "deceased_name": "Karto Wibisono", "deceased_nik": person{birth: "1948-04-02", n: 91}.nik(), "deceased_sex": "laki_laki",
		"deceased_birth_place": "Banyusekar", "deceased_birth_date": "1948-04-02", "death_date": w.daysAgo(12), "death_time": "02.15",
		"death_place": "RSUD Banyusekar", "death_cause": "sakit", "death_stated_by": "dokter",
		"witness1_name": who[2].name, "witness1_nik": who[2].nik(), "witness2_name": who[3].name, "witness2_nik": who[3].nik(),
	})
	t := w.registered("death-ready", "akta-kematian", 4, "09:20", "counter", gone)
	t.act(w.at(4, "09:40"), "laila", "approve").act(w.at(4, "10:10"), "hendra", "approve").made(w.at(4, "11:30"), "3360-KM-14032026-0007")
}

func (w *world) births() {
	who := families()
	done := w.registered("birth-done", "akta-kelahiran", 6, "08:30", "portal", who[1].newborn("Arya Bagaskara Wicaksono", "laki_laki", w.daysAgo(24)))
	done.act(w.at(6, "08:50"), "laila", "approve").made(w.at(6, "10:20"), "3360-LU-14032026-0031").act(w.at(5, "19:00"), "", "received")
	straight := w.registered("birth-straight", "akta-kelahiran", 1, "13:00", "portal", who[4].newborn("Kirana Jelita Kusuma", "perempuan", w.daysAgo(9)))
	straight.act(w.at(1, "13:20"), "laila", "approve")
	late := w.registered("birth-late", "akta-kelahiran", 1, "13:10", "counter", who[6].newborn("Surya Cahyadi", "laki_laki", w.daysAgo(400)))
	late.act(w.at(1, "13:30"), "laila", "approve").act(w.at(1, "13:50"), "hendra", "to_head")
	back := w.registered("birth-back", "akta-kelahiran", 2, "10:00", "portal", who[1].newborn("Laras Ayuningtyas", "perempuan", w.daysAgo(30)))
	back.sendBack(w.at(2, "10:20"), "laila", "witnesses", "Foto KTP saksi kedua terpotong. Foto sekali lagi sampai keempat sudutnya terlihat.")
}

func (w *world) cards() {
	who := families()
	first := func(p person) form.Answers {
		return p.registry(form.Answers{
			"applicant_birth_place": "Banyusekar", "applicant_birth_date": p.birth, "applicant_sex": p.sex, "entitled": "usia",
		})
	}
	done := w.registered("card-done", "ktp-el-baru", 8, "08:20", "counter", first(who[5]))
	done.act(w.at(8, "08:30"), "laila", "approve").act(w.at(8, "08:55"), "laila", "approve").act(w.at(8, "09:20"), "hendra", "approve")
	done.deed(w.at(8, "10:40"), "yoga", casework.Deed{Action: "made"})
	done.deed(w.at(8, "11:05"), "laila", casework.Deed{Action: "received", Receiver: flow.Receiver{Name: who[5].name, Relation: "self"}})
	stop := w.registered("card-stop", "ktp-el-baru", 3, "09:00", "portal", first(person{name: "Sekar Kinasih", birth: "2009-01-20", sex: "perempuan", n: 92}))
	stop.act(w.at(3, "09:40"), "laila", "approve")
	stop.deed(w.at(3, "10:00"), "laila", casework.Deed{Do: flow.DoStop, Reason: "recording", Note: "Pemohon akan datang setelah ujian sekolah"})
	lost := w.registered("card-lost", "ktp-el-ganti", 5, "08:15", "counter", who[3].registry(form.Answers{"cause": "hilang"}))
	lost.act(w.at(5, "08:30"), "laila", "approve").act(w.at(5, "09:00"), "hendra", "approve")
	lost.deed(w.at(5, "10:30"), "yoga", casework.Deed{Action: "made"})
	lost.deed(w.at(4, "08:45"), "laila", casework.Deed{Action: "received", Receiver: flow.Receiver{Name: who[6].name, Relation: "family"}})
	broken := w.registered("card-broken", "ktp-el-ganti", 1, "14:00", "portal", who[0].registry(form.Answers{"cause": "rusak"}))
	broken.act(w.at(1, "14:20"), "laila", "approve").act(w.at(1, "14:40"), "hendra", "approve")
	family := form.Answers{
		"matter": "baru", "region": sekararum, "street": "Jalan Kenari 7", "rt": int64(2), "rw": int64(3),
		"members": []form.Answers{
			{"member_name": who[0].name, "member_nik": who[0].nik(), "member_birth_place": "Banyusekar", "member_birth_date": who[0].birth, "member_sex": who[0].sex, "member_relation": "kepala"},
			{"member_name": who[1].name, "member_nik": who[1].nik(), "member_birth_place": "Banyusekar", "member_birth_date": who[1].birth, "member_sex": who[1].sex, "member_relation": "pasangan"},
		},
	}
	ready := w.registered("family-ready", "kartu-keluarga", 3, "13:00", "portal", who[0].registry(family))
	ready.act(w.at(3, "13:20"), "laila", "approve").act(w.at(3, "13:45"), "hendra", "approve").made(w.at(3, "14:30"), "3360010112260071")
	change := form.Answers{"matter": "ubah", "region": kaumanLor, "street": "Jalan Gelatik 4", "rt": int64(1), "rw": int64(2), "change_of": who[6].name, "element": "pendidikan", "new_value": "Strata I"}
	w.fresh("family-new", "kartu-keluarga", 17, who[6].registry(change))
}

func (w *world) moves() {
	who := families()
	movers := []form.Answers{
		{"mover_name": who[3].name, "mover_nik": who[3].nik(), "mover_birth_date": who[3].birth, "mover_relation": "kepala"},
		{"mover_name": who[4].name, "mover_nik": who[4].nik(), "mover_birth_date": who[4].birth, "mover_relation": "pasangan"},
	}
	away := form.Answers{
		"scope": "antar", "reason": "pekerjaan", "away": "35.78.08.1003", "away_street": "Jalan Contoh 3", "movers": movers,
	}
	t := w.registered("move-ready", "surat-pindah", 2, "13:00", "portal", who[3].registry(away))
	t.act(w.at(2, "13:30"), "laila", "approve").act(w.at(2, "13:50"), "hendra", "approve").made(w.at(2, "14:40"), "SKPWN/3360/14032026/0012")
	here := form.Answers{"scope": "dalam", "reason": "perumahan", "region": kaumanLor, "street": "Jalan Merak 9", "movers": movers[:1]}
	w.fresh("move-new", "surat-pindah", 24, who[3].registry(here))
	come := form.Answers{
		"origin_letter": "SKPWN/3374/02032026/0140", "origin": "33.74", "couple": "sendiri", "region": sekararum,
		"street": "Jalan Kutilang 2", "rt": int64(3), "rw": int64(1),
		"arrivals": []form.Answers{{"arrival_name": who[2].name, "arrival_nik": who[2].nik(), "arrival_birth_date": who[2].birth}},
	}
	in := w.registered("arrive", "pindah-datang", 1, "14:10", "portal", who[2].registry(come))
	in.act(w.at(1, "14:35"), "laila", "approve")
}
