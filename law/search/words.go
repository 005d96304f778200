package search

import (
	"strings"
	"unicode"
)

// mostWords bounds what is read of one query.
const mostWords = 40

// split is the words of a text in small letters. A hyphen between letters
// stays: anak-anak; one after a single letter goes, so that e-KTP is ktp.
func split(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-'
	}) {
		w = strings.Trim(w, "-")
		if first, rest, ok := strings.Cut(w, "-"); ok && len(first) == 1 {
			w = rest
		}
		if before, ok := strings.CutSuffix(w, "-el"); ok {
			w = before
		}
		if w != "" && len(w) <= longestWord {
			out = append(out, unlong(w))
		}
	}
	return out
}

// unlong shortens a letter that is written three times and more: tolooong.
func unlong(w string) string {
	var b strings.Builder
	var last rune
	run := 0
	for _, r := range w {
		if r == last {
			run++
		} else {
			last, run = r, 1
		}
		if run < 3 || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// single is a word without letters that are written twice.
func single(w string) string {
	var b strings.Builder
	var last rune
	for _, r := range w {
		if r != last || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// idle reports a word that everybody writes and no service is found by.
func idle(lang string) map[string]bool {
	list := idleIndonesian
	if lang == "en" {
		list += idleEnglish
	}
	out := map[string]bool{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

const idleIndonesian = `
saya aku kami kita anda kamu dia ia mereka gue gw bapak pak bu mas mbak kak min admin
yang dan di ke dari untuk buat bikin pada dengan dalam oleh sebagai adalah ialah itu ini tersebut para si sang
atau juga serta agar supaya jika kalau bila maka tetapi tapi karena sebab akibat sehingga sampai hingga sejak
mau ingin pengin hendak akan bisa dapat boleh harus perlu wajib mohon minta tolong butuh
cara gimana bagaimana apa apakah apa-apa saja aja siapa kapan kemana mana dimana mengapa kenapa berapa
ada adakah tidak nggak gak ga tak bukan belum sudah telah sedang masih lagi pernah
urus kerja proses lakukan layan bawa sedia syarat caranya dong sih ya yah nih deh lah kah pun kok
saat ketika waktu setelah sebelum sesudah jam hari harinya buka alamat
halo hai hi selamat pagi siang sore malam terima kasih makasih
bagus baik lain lalu sangat sekali lebih paling hanya cuma semua setiap tiap banyak beberapa`

const idleEnglish = `
the a an of for to in on at by from with and or my your his her our their me i you we they it is are am be been was were
how what where when which who why do does did can could must should may need want get make apply request new please getting
hello hi good morning thanks thank`

// loose is how people type what has a plain form.
func loose(w string) string {
	switch w {
	case "bgmn", "bgm", "gmn", "gmana":
		return "bagaimana"
	case "yg":
		return "yang"
	case "utk", "tuk", "buat2":
		return "untuk"
	case "dgn", "dg":
		return "dengan"
	case "krn", "karna", "krna":
		return "karena"
	case "tdk", "ngga", "enggak", "engga", "kagak", "g", "gk", "tak":
		return "tidak"
	case "sdh", "udah", "udh", "dah":
		return "sudah"
	case "blm", "blom", "belom":
		return "belum"
	case "sy", "sya":
		return "saya"
	case "org":
		return "orang"
	case "thn":
		return "tahun"
	case "tgl":
		return "tanggal"
	case "srt":
		return "surat"
	case "ank":
		return "anak"
	case "klrga", "klg":
		return "keluarga"
	case "merubah", "dirubah", "rubah", "ngubah", "ngerubah":
		return "ubah"
	case "nyari":
		return "cari"
	case "ngurus", "ngurusin", "urusin":
		return "urus"
	case "bikin", "mbuat", "ngebuat", "bikinin", "mbikin":
		return "buat"
	case "ganti2":
		return "ganti"
	case "nikahan":
		return "nikah"
	case "ortu":
		return "orangtua"
	}
	return w
}

// english is the root of an English word, roughly.
func english(w string) string {
	for _, e := range []struct{ end, put string }{{"ies", "y"}, {"sses", "ss"}, {"ing", ""}, {"ed", ""}, {"s", ""}} {
		rest, ok := strings.CutSuffix(w, e.end)
		if ok && len(rest) >= 3 && !strings.HasSuffix(w, "ss") {
			return rest + e.put
		}
	}
	return w
}
