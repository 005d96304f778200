package demo

// What officers and reporters write. Each list is gone through by the number of
// the report, so that no two reports side by side read alike.

// said is one of a list.
func said(list []string, n int) string { return list[n%len(list)] }

// answersOf are first answers of a unit.
func answersOf(kind string) []string {
	switch kind {
	case "informasi":
		return []string{
			"Terima kasih sudah bertanya. Kami kumpulkan keterangannya dan menjawab lengkap paling lambat lusa.",
			"Pertanyaan Anda kami terima. Petugas layanan menyiapkan jawabannya hari ini.",
		}
	case "aspirasi":
		return []string{
			"Usul Anda kami bahas dalam rapat bulanan. Hasilnya kami sampaikan di sini.",
			"Terima kasih atas usulnya. Kami hitung dulu biaya dan tempatnya.",
		}
	}
	return []string{
		"Petugas kami melihat lokasi besok pagi. Hasilnya kami sampaikan di sini.",
		"Terima kasih. Pekerjaan kami jadwalkan minggu ini, menunggu alat selesai dipakai di tempat lain.",
		"Sudah kami survei. Bahannya tersedia dan dikerjakan paling lambat hari Kamis.",
		"Kami berkoordinasi dengan pemerintah desa untuk menutup sementara jalannya selama dikerjakan.",
		"Regu kami penuh sampai Jumat, sesudah itu lokasi Anda yang pertama. Sementara kami pasang tanda.",
		"Kami sudah menghubungi pihak yang bersangkutan dan meminta keterangan tertulis.",
		"Laporan serupa sudah kami terima, jadi titik ini kami dahulukan.",
	}
}

// doneOf is what was done about a category.
func doneOf(category string) []string {
	return map[string][]string{
		"jalan":        {"Lubang ditambal dengan aspal panas dan dipadatkan, sekelilingnya dibersihkan.", "Bagian yang ambles digali ulang, diberi batu pecah, lalu diaspal.", "Papan dan pagar yang rusak diganti kayu baru, dibaut ganda."},
		"lampu":        {"Lampu diganti LED 60 watt dan kabelnya diperbarui. Semalam sudah menyala.", "Sekering di panel terbakar, sudah diganti. Kami uji dua malam.", "Fitting berkarat diganti dan sambungannya dibungkus ulang."},
		"sampah":       {"Sampah diangkut dua truk, lokasi disemprot. Jadwal angkut ditambah menjadi dua kali seminggu.", "Lokasi dibersihkan bersama warga, bak baru dipasang.", "Tumpukan diangkut dan papan larangan dipasang; regu patroli lewat setiap pagi."},
		"banjir":       {"Saluran dikeruk sepanjang empat puluh meter, sumbatan di ujungnya dibongkar.", "Gorong-gorong dibersihkan dan tutupnya diganti yang dapat dibuka.", "Pintu air diperbaiki dan dilumasi; pompa disiapkan bila hujan."},
		"air":          {"Sambungan pipa diganti dan tekanan diuji. Air mengalir kembali sejak sore.", "Pipa dibilas dan klorinnya diperiksa, hasilnya jernih."},
		"pohon":        {"Dahan rapuh dipangkas dan kayunya diangkut. Kabel sudah bebas.", "Pohon dipotong dan tunggulnya diratakan; penggantinya ditanam bulan depan."},
		"lalu_lintas":  {"Rambu dan marka dipasang, petugas berjaga selama seminggu pada jam sibuk.", "Juru parkir diberi pembinaan dan karcis resmi. Trotoar sudah kosong saat kami datangi.", "Rambu yang roboh ditegakkan lagi dengan pondasi beton."},
		"pasar":        {"Pedagang dipindah ke dalam pasar, garis batas dicat ulang.", "Timbangan ditera ulang, tiga yang tidak pas diganti.", "Saluran dibersihkan dan lantai digosok; piket kebersihan dibentuk."},
		"ketertiban":   {"Pemilik tempat sudah dipanggil dan menandatangani pernyataan. Kami pantau tiga malam, tenang.", "Patroli malam dilakukan bersama linmas, lokasi sudah sepi."},
		"kesehatan":    {"Loket ditambah satu dan dokter pengganti bertugas Selasa serta Kamis.", "Fogging dilaksanakan dua kali dan kader memeriksa jentik tiap rumah.", "Stok sudah tersedia kembali, pasien yang menunggu kami hubungi satu per satu."},
		"sekolah":      {"Atap diganti seng baru dan plafon dipasang ulang sewaktu libur akhir pekan.", "Usul dimasukkan ke rencana perbaikan semester depan; jalur sementara dari kayu sudah dibuat."},
		"bansos":       {"Sudah didatangi dan didata; masuk usulan penerima bulan depan lewat musyawarah desa.", "Timbangan diperiksa, kekurangan dibagikan ulang di hadapan pengurus RW."},
		"kependudukan": {"KTP sudah dicetak dan dapat diambil di loket tiga dengan membawa surat perekaman.", "Berkasnya sudah kami betulkan. Silakan ambil kapan saja pada jam layanan."},
		"petugas":      {"Petugas sudah diberi pembinaan. Kami memasang tulisan syarat yang lebih besar dan kursi untuk lansia.", "Loket buka Sabtu pukul 08.00 sampai 12.00. Jadwalnya kami tempel di pintu."},
	}[category]
}

func orders() []string {
	return []string{
		"Datangi lokasi, foto sebelum dan sesudah, laporkan bahan yang terpakai.",
		"Kerjakan bersama regu dua. Pasang kerucut pengaman lebih dahulu.",
		"Periksa dan perbaiki hari ini bila dapat; kalau perlu alat berat, beri kabar.",
		"Selesaikan sebelum jam pulang sekolah, banyak anak lewat.",
	}
}

func asking() []string {
	return []string{
		"Permisi, kira-kira kapan dikerjakan? Kemarin ada yang hampir celaka lagi.",
		"Saya bisa menunjukkan lokasinya kalau petugas kesulitan mencari.",
		"Apakah warga perlu menyiapkan sesuatu sebelum petugas datang?",
		"Maaf bertanya lagi, di tempat kami belum terlihat petugas.",
	}
}

func replies() []string {
	return []string{
		"Petugas berangkat besok sekitar pukul sembilan. Mohon kendaraan di tepi jalan dipindahkan.",
		"Terima kasih sudah mengingatkan. Bahan baru datang siang ini, dikerjakan besok.",
		"Tidak perlu menyiapkan apa-apa, cukup jalan di depannya dikosongkan.",
	}
}

func unsolved() []string {
	return []string{
		"Sudah saya lihat tadi, keadaannya masih sama seperti di foto saya.",
		"Hanya baik dua hari, sekarang rusak lagi.",
		"Yang dikerjakan titik sebelah, bukan yang saya laporkan.",
	}
}

// worker is who handles reports at a unit.
func worker(unit string) string {
	return map[string]string{
		"setda": "pradana", "dpupr": "anton", "dishub": "rini", "dlh": "mulyani", "satpol-pp": "slamet", "dinkes": "ambar", "disdukcapil": "cahyo", "inspektorat": "dewi",
		"kel-sekararum": "sari", "kel-kauman-lor": "bagas", "kel-tegalwangi": "sumi", "desa-sidolumbung": "paijo", "desa-kebonsari-lor": "lastri",
	}[unit]
}

// fielder is the field officer of a unit; "" where there is none.
func fielder(unit string) string {
	return map[string]string{"dpupr": "joko", "dishub": "agus", "dlh": "wahyono"}[unit]
}
