package redact

import "strings"

// cue reports whether one of some words stands shortly before an offset: within
// so many bytes, in the same line, with no other number between.
func (s *scan) cue(at, within int, words []string) bool {
	before := s.low[max(0, at-within):at]
	if i := strings.LastIndexByte(before, '\n'); i >= 0 {
		before = before[i+1:]
	}
	for i := len(before) - 1; i >= 0; i-- { // another number ends what a word speaks of
		if digit(before[i]) && number(before, i) {
			before = before[i+1:]
			break
		}
	}
	return hasWord(before, words)
}

// cueAfter reports whether one of some words stands shortly behind an offset.
func (s *scan) cueAfter(at, within int, words []string) bool {
	after := s.low[at:min(len(s.low), at+within)]
	if i := strings.IndexAny(after, "\n0123456789"); i >= 0 {
		after = after[:i]
	}
	return hasWord(after, words)
}

// number reports whether the digit at i ends a number of at least four digits.
func number(text string, i int) bool {
	n := 0
	for ; i >= 0 && digit(text[i]); i-- {
		n++
	}
	return n >= 4
}

// hasWord finds a word with no letter on either side.
func hasWord(text string, words []string) bool {
	for _, w := range words {
		for from := 0; ; {
			i := strings.Index(text[from:], w)
			if i < 0 {
				break
			}
			i += from
			if (i == 0 || !letter(text[i-1])) && (i+len(w) == len(text) || !letter(text[i+len(w)])) {
				return true
			}
			from = i + 1
		}
	}
	return false
}

func digit(c byte) bool  { return c >= '0' && c <= '9' }
func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80 }

// digitsOf are the digits of a stretch.
func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// The words beside numbers, as people write them.
func identityWords() []string {
	return []string{"nik", "ktp", "e-ktp", "ektp", "kk", "nomor induk", "no induk", "kartu keluarga", "nip", "paspor", "passport", "sim", "bpjs", "kis", "jamkesmas", "nisn"}
}

func phoneWords() []string {
	return []string{"telp", "tlp", "telpon", "telepon", "telfon", "tel", "hp", "handphone", "hape", "wa", "whatsapp", "whatsap", "hub", "hubungi", "kontak", "contact", "call", "sms", "nomor saya", "no saya", "nomer saya", "fax", "cp"}
}

func accountWords() []string {
	return []string{"rekening", "rek", "norek", "no.rek", "bank", "bri", "bca", "bni", "btn", "bsi", "mandiri", "danamon", "cimb", "permata", "jateng", "transfer", "trf", "tf", "a/n", "virtual account", "va"}
}

func vehicleWords() []string {
	return []string{"plat", "pelat", "nopol", "no pol", "no.pol", "nomor polisi", "bernopol", "berplat", "motor", "mobil", "truk", "bus", "angkot", "kendaraan", "avanza", "vario", "beat", "pickup"}
}

func moneyWords() []string {
	return []string{"rp", "rupiah", "idr", "sebesar", "senilai", "seharga", "uang", "biaya", "anggaran", "total", "jumlah", "nominal"}
}

func streetWords() []string {
	return []string{"blok", "gang", "gg", "jl", "jln", "jalan", "no", "nomor", "kav", "kavling", "perumahan", "rt", "rw", "lantai", "ruang", "kelas", "pasal", "ayat", "huruf", "golongan", "tipe", "type"}
}
