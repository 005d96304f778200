package demo

import (
	"maps"
	"time"

	"pendopo/engine/casework"
	"pendopo/law/form"
)

// village is what every letter of a kelurahan or desa asks.
func (p person) village(region string, more form.Answers) form.Answers {
	a := form.Answers{
		"applicant_name": p.name, "applicant_nik": p.nik(), "applicant_birth_place": "Banyusekar", "applicant_birth_date": p.birth,
		"applicant_sex": p.sex, "applicant_occupation": "Pedagang", "phone": p.phone(), "region": region, "street": "Jalan Anggrek 12",
		"rt": int64(2), "rw": int64(5), "declaration": true,
	}
	maps.Copy(a, more)
	return a
}

// byLetter are the answers of somebody without a telephone, who is told by letter.
func byLetter(a form.Answers) form.Answers {
	delete(a, "phone")
	return a
}

// villageLetters are letters of need, of a business and for a marriage.
func (w *world) villageLetters() {
	who := residents()
	need := form.Answers{"purpose": "sekolah", "whom": "anak", "child_name": "Bintang Laksana", "child_nik": person{birth: "2010-10-10", n: 93}.nik(),
		"child_birth_date": "2010-10-10", "school": "SMK Negeri 1 Banyusekar", "income": int64(1200000), "dependants": int64(5)}
	done := w.registered("need-done", "surat-keterangan-tidak-mampu", 5, "08:30", "counter", who[6].village(sekararum, need))
	done.act(w.at(5, "09:00"), "sari", "approve").act(w.at(5, "10:00"), "ratih", "approve").act(w.at(5, "10:30"), "", "received")
	ill := form.Answers{"purpose": "berobat", "whom": "sendiri", "income": int64(900000), "dependants": int64(3)}
	w.fresh("need-new", "surat-keterangan-tidak-mampu", 17, who[3].village(kaumanLor, ill))
	shop := form.Answers{"business_name": "Warung Pojok Asri", "business_kind": "makanan", "business_since": "2021-02-01", "business_address": "Pasar Sekararum",
		"business_purpose": "Mengajukan kredit usaha rakyat"}
	ready := w.registered("shop-ready", "surat-keterangan-usaha", 2, "09:30", "portal", who[1].village(sekararum, shop))
	ready.act(w.at(2, "10:10"), "sari", "approve").act(w.at(2, "11:15"), "ratih", "approve")
	back := w.registered("shop-back", "surat-keterangan-usaha", 1, "10:30", "counter", byLetter(who[9].village(sekararum, shop)))
	back.sendBack(w.at(1, "11:00"), "sari", "business", "Foto belum memperlihatkan tempat usaha. Kirim foto dari depan.")
	wed := form.Answers{
		"applicant_citizenship": "wni", "applicant_religion": "islam", "applicant_marital": "belum_kawin", "father_name": "Sutrisno Wibawa",
		"mother_name": "Endang Lestari", "parents_address": "Jalan Anggrek 12, Sekararum", "partner_name": who[2].name, "partner_nik": who[2].nik(),
		"partner_birth_place": "Banyusekar", "partner_birth_date": who[2].birth, "partner_citizenship": "wni", "partner_religion": "islam",
		"partner_occupation": "Guru", "partner_marital": "belum_kawin", "partner_address": "Jalan Dahlia 4, Kauman Lor", "partner_father": "Haryono",
		"wedding_date": w.today.AddDate(0, 2, 0).Format(time.DateOnly), "wedding_office": "KUA Banyusekar",
	}
	married := w.registered("wedding-ready", "surat-pengantar-nikah", 3, "10:00", "counter", byLetter(who[1].village(sekararum, wed)))
	married.act(w.at(3, "10:40"), "sari", "approve").act(w.at(3, "13:10"), "ratih", "approve")
	w.fresh("wedding-new", "surat-pengantar-nikah", 24, who[7].village(sekararum, wed))
}

// permits are licences of other professions, advertising signs and gatherings.
func (w *world) permits() {
	nurse := person{name: "Ns. Damar Panuluh, S.Kep.", birth: "1992-02-28", sex: "laki_laki", n: 94}
	t := w.registered("nurse-sign", "sip-perawat", 5, "09:10", "portal", nurse.licence("RSUD Banyusekar"))
	t.act(w.at(4, "09:00"), "mega", "approve").act(w.at(3, "10:00"), "tiara", "recommend")
	doctor := person{name: "dr. Pramudya Adiguna", birth: "1985-07-07", sex: "laki_laki", n: 95}
	alone := doctor.licence("Praktik dr. Pramudya")
	alone["facility_kind"] = "mandiri"
	w.registered("doctor-advice", "sip-dokter", 3, "09:15", "portal", alone).act(w.at(2, "13:00"), "mega", "approve")
	w.signs()
	w.gatherings()
}

func (w *world) signs() {
	who := residents()
	sign := func(p person, road string) form.Answers {
		return form.Answers{
			"applicant_name": p.name, "applicant_nik": p.nik(), "phone": p.phone(), "sign_kind": "baliho", "sign_text": "Toko Kain Lurik Sekar",
			"width_cm": int64(400), "height_cm": int64(200), "sides": int64(2), "pole_cm": int64(280), "months": int64(6), "region": sekararum,
			"place": "Jalan Diponegoro, depan pasar", "road": road, "ownership": "sendiri", "declaration": true,
		}
	}
	done := w.registered("sign-done", "izin-reklame", 12, "09:00", "portal", sign(who[5], "kabupaten"))
	done.act(w.at(11, "09:30"), "mega", "approve").branch(w.at(10, "10:00"), "rangga", "site", "fit")
	done.branch(w.at(10, "14:00"), "teguh", "structure", "safe").act(w.at(9, "09:00"), "harun", "on").act(w.at(9, "13:30"), "endah", "approve")
	main := w.registered("sign-main", "izin-reklame", 9, "09:30", "portal", sign(who[2], "utama"))
	main.act(w.at(8, "09:00"), "mega", "approve").branch(w.at(7, "10:00"), "rangga", "site", "fit").branch(w.at(7, "10:30"), "teguh", "structure", "safe")
	opinion := main.asked(w.at(6, "08:00"), "pertimbangan-lalu-lintas")
	opinion.act(w.at(6, "09:30"), "indra", "safe").act(w.at(5, "10:00"), "bambang", "approve")
	main.act(w.at(4, "13:30"), "endah", "approve")
	wait := w.registered("sign-wait", "izin-reklame", 5, "09:40", "portal", sign(who[4], "utama"))
	wait.act(w.at(4, "10:00"), "mega", "approve").branch(w.at(3, "10:00"), "rangga", "site", "fit").branch(w.at(3, "11:00"), "teguh", "structure", "safe")
	half := w.registered("sign-half", "izin-reklame", 4, "10:00", "portal", sign(who[0], "utama"))
	half.act(w.at(3, "09:15"), "mega", "approve").branch(w.at(2, "11:00"), "rangga", "site", "fit")
	w.fresh("sign-new", "izin-reklame", 31, sign(who[11], "lingkungan"))
}

func (w *world) gatherings() {
	who := residents()
	feast := func(p person, name string, crowd int64) form.Answers {
		a := p.village("33.60.01", form.Answers{
			"event_kind": "pentas", "event_name": name, "event_date": w.today.AddDate(0, 1, 10).Format(time.DateOnly), "event_days": int64(1),
			"crowd": crowd, "place": "Lapangan Sekararum", "closes_road": "tidak",
		})
		delete(a, "street")
		delete(a, "rt")
		delete(a, "rw")
		return a
	}
	done := w.registered("feast-done", "izin-keramaian", 6, "08:40", "portal", feast(who[10], "Pentas wayang bersih desa", 300))
	done.act(w.at(6, "09:30"), "wening", "approve").act(w.at(6, "13:30"), "jarot", "recommend").act(w.at(5, "09:00"), "kusno", "approve")
	large := w.registered("feast-large", "izin-keramaian", 1, "09:00", "portal", feast(who[7], "Konser amal pemuda", 1500))
	large.act(w.at(1, "10:00"), "wening", "approve")
	no := w.registered("feast-no", "izin-keramaian", 9, "10:00", "portal", feast(who[3], "Orkes malam", 400))
	no.act(w.at(9, "10:30"), "wening", "approve").deed(w.at(9, "14:00"), "jarot", casework.Deed{Action: "advise_against", Note: "Lapangan sudah dipakai acara sekolah"})
	no.deed(w.at(8, "09:00"), "kusno", casework.Deed{Action: "reject", Reason: "clash"})
}
