package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"pendopo/law/form"
)

// person is somebody invented, the same for the same number.
type person struct {
	n     int
	name  string
	woman bool
	birth time.Time
	phone string
}

// Names are common ones, joined by chance; the first of each list are the most
// frequent, as in life, where a few names are a tenth of all.
func womensNames() []string {
	return []string{
		"Siti", "Sri", "Nur", "Dewi", "Endang", "Rina", "Wahyuni", "Yuliana", "Fitri", "Ani", "Lestari", "Ratna", "Indah", "Kartini", "Suryani",
		"Murni", "Puji", "Retno", "Tri", "Dian", "Ayu", "Maya", "Umi", "Wulan", "Sulastri", "Mariam", "Aisyah", "Halimah", "Ningsih", "Sekar",
		"Arum", "Laras", "Kenanga", "Melati", "Cempaka", "Rengganis", "Pitaloka", "Ambarwati", "Kusuma", "Widya",
	}
}

func mensNames() []string {
	return []string{
		"Muhammad", "Agus", "Slamet", "Budi", "Eko", "Bambang", "Sutrisno", "Joko", "Ahmad", "Dwi", "Hadi", "Supriyadi", "Wahyu", "Andi", "Rudi",
		"Heru", "Iwan", "Teguh", "Suparman", "Abdul", "Yusuf", "Rizky", "Dimas", "Bayu", "Gilang", "Tegar", "Pandu", "Wisnu", "Galih", "Jaka",
		"Purnomo", "Sugeng", "Mulyono", "Darmo", "Wiratno", "Guntur", "Satria", "Bagas", "Aditya", "Raka",
	}
}

func lastNames() []string {
	return []string{
		"Setiawan", "Wijaya", "Santoso", "Hidayat", "Nugroho", "Susanto", "Rahayu", "Saputra", "Utami", "Kurniawan", "Handayani", "Wibowo", "Pratama",
		"Permana", "Suharto", "Wulandari", "Maulana", "Anggraini", "Firmansyah", "Hartono", "Astuti", "Gunawan", "Prasetyo", "Puspitasari", "Hakim",
		"Rahman", "Sari", "Widodo", "Mahendra", "Kusumawati", "Nugraha", "Ramadhan", "Safitri", "Syahputra", "Purnama", "Hapsari", "Suryadi", "Yulianti",
		"Kartika", "Sasmita", "Adinegara", "Wiryawan", "Ranggawarsita", "Sudarsono", "Notonegoro", "Palupi", "Wardhana", "Soetomo", "Djojodikromo", "Tjokrodinoto",
		"Prawiro", "Mangunkusumo", "Sosrokartono", "Danarhadi", "Brotoseno", "Kertanegara", "Lokananta", "Pambudi", "Raharjo", "Trenggono",
	}
}

// often draws from a list whose first are the most frequent.
func often(r *rand.Rand, list []string) string {
	x := r.Float64()
	return list[int(x*x*float64(len(list)))]
}

func personOf(n int, today time.Time) person {
	r := rand.New(rand.NewPCG(uint64(n), 0x9e3779b97f4a7c15))
	p := person{n: n, woman: r.IntN(2) == 0, phone: fmt.Sprintf("+62812000%06d", (n*7919)%1_000_000)}
	first := mensNames()
	if p.woman {
		first = womensNames()
	}
	p.name = often(r, first) + " " + often(r, lastNames())
	if r.IntN(3) > 0 {
		p.name = often(r, first) + " " + p.name
	}
	age := 18 + int(r.ExpFloat64()*14)
	p.birth = today.AddDate(-min(age, 90), -r.IntN(12), -r.IntN(28))
	return p
}

// nik has the form of the law; 33.60 was given to no regency.
func (p person) nik() string {
	d := p.birth.Day()
	if p.woman {
		d += 40
	}
	return fmt.Sprintf("3360%02d%02d%02d%02d%04d", 1+p.n%3, d, int(p.birth.Month()), p.birth.Year()%100, 1+(p.n/3)%9999)
}

func (p person) sex() string {
	if p.woman {
		return "perempuan"
	}
	return "laki_laki"
}

func places() []string {
	return []string{"Banyusekar", "Girilangit", "Karangsegara", "Kawungraya", "Tegalwangi", "Sekararum"}
}

func streets() []string {
	return []string{"Melati", "Kenanga", "Kemuning", "Seruni", "Cempaka", "Anggrek", "Balai Desa", "Pasar Lama", "Sawah Baru", "Beringin"}
}

func pick(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }

// domicile is an application for a certificate of domicile.
func (p person) domicile(r *rand.Rand, region string, at time.Time) form.Answers {
	a := form.Answers{
		"name": p.name, "nik": p.nik(), "birth_place": pick(r, places()...), "birth_date": p.birth.Format(time.DateOnly), "sex": p.sex(), "phone": p.phone,
		"region": region, "street": fmt.Sprintf("Jalan %s %d", pick(r, streets()...), 1+r.IntN(180)), "rt": int64(1 + r.IntN(9)), "rw": int64(1 + r.IntN(6)),
		"lives_since": at.AddDate(-1-r.IntN(16), 0, -r.IntN(300)).Format(time.DateOnly), "occupation": pick(r, "bekerja", "bekerja", "mengurus_rumah", "lainnya"),
		"purpose": pick(r, "bank", "sekolah", "kerja", "usaha"), "surat_pengantar": counter(), "ktp": counter(), "declaration": true,
	}
	if r.IntN(6) == 0 {
		a["occupation"], a["school_name"], a["kartu_pelajar"] = "pelajar", "SMA Negeri 1 Banyusekar", counter()
	}
	return a
}

// licence is an application for a midwife's licence.
func (p person) licence(r *rand.Rand, region string, at time.Time) form.Answers {
	a := form.Answers{
		"name": p.name, "nik": p.nik(), "birth_place": pick(r, places()...), "birth_date": p.birth.Format(time.DateOnly), "phone": p.phone,
		"home_address": fmt.Sprintf("Jalan %s %d, Banyusekar", pick(r, streets()...), 1+r.IntN(180)), "str_number": fmt.Sprintf("%010d", p.n),
		"str_date": at.AddDate(0, -1-r.IntN(11), 0).Format(time.DateOnly), "str_validity": "seumur_hidup", "facility_kind": pick(r, "puskesmas", "klinik", "rumah_sakit"),
		"facility_name": "Klinik " + pick(r, streets()...) + " Sehat", "facility_region": region, "facility_address": fmt.Sprintf("Jalan Seruni %d", 1+r.IntN(90)),
		"practice_order": "pertama", "declaration": true,
	}
	for _, paper := range []string{"permohonan", "ktp", "pasfoto", "surat_sehat", "ijazah", "str", "rekomendasi_ibi", "surat_pimpinan"} {
		a[paper] = counter()
	}
	return a
}

// counter is a paper that is shown at the counter.
func counter() []string { return []string{form.AtCounter} }
