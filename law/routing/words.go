package routing

import (
	"regexp"
	"strings"
	"unicode"
)

// Limits of what is read of one text.
const (
	mostText    = 8_000 // bytes
	longestWord = 40
)

// reader brings texts to their words.
type reader struct {
	root  func(string) string
	short map[string]string
	idle  map[string]bool
}

// address is what a report begins with when it is written like a letter. It
// names who is meant, which is what the model is to find out by itself.
var address = regexp.MustCompile(`(?i)^\W*(?:kepada|kpd)?\W*yth\b\.?[^,\n]{0,80}[,\n]`)

// handle is a name in a network, and a word to search by.
var handle = regexp.MustCompile(`[@#][\pL\pN_.]+`)

// Plain is a text without how it addresses somebody.
func Plain(text string) string {
	if len(text) > mostText {
		text = strings.ToValidUTF8(text[:mostText], "")
	}
	return handle.ReplaceAllString(address.ReplaceAllString(text, ""), " ")
}

// words are the words of a text in small letters, written out where people
// shorten them. Numbers say nothing about who is meant.
func (r *reader) words(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(strings.ToLower(Plain(text)), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '-' }) {
		w = strings.Trim(w, "-")
		if w == "" || len(w) > longestWord || strings.ContainsFunc(w, unicode.IsDigit) {
			continue
		}
		if whole := r.short[w]; whole != "" {
			w = whole
		}
		out = append(out, w)
	}
	return out
}

// shortened are words as people shorten them in messages, and what they mean.
const shortened = `
yg yang  dgn dengan  tdk tidak  gak tidak  ga tidak  nggak tidak  ngga tidak  enggak tidak  krn karena  krna karena  jln jalan  jl jalan
jlan jalan  sdh sudah  udah sudah  udh sudah  blm belum  blum belum  dr dari  dlm dalam  pd pada  utk untuk  buat untuk  org orang  orng orang
gmn bagaimana  bgmn bagaimana  gimana bagaimana  knp mengapa  kenapa mengapa  kec kecamatan  kab kabupaten  kel kelurahan  ds desa  dsn dusun
kpd kepada  thn tahun  bln bulan  tgl tanggal  hr hari  jg juga  sy saya  trs terus  tsb tersebut  tsbt tersebut  dpt dapat  bnyk banyak
byk banyak  rmh rumah  rs rumah-sakit  rsud rumah-sakit  mhn mohon  mhon mohon  spy supaya  bpk bapak  lg lagi  lgi lagi  sm sama  klo kalau
kalo kalau  kl kalau  bs bisa  bsa bisa  hrs harus  skrg sekarang  skr sekarang  sblm sebelum  stlh setelah  ank anak  sklh sekolah
lmpu lampu  pju lampu  trotoir trotoar  sampahnya sampah  brp berapa  ap apa  pls tolong  tlg tolong  tolongin tolong  dpn depan  blkg belakang
dkt dekat  pjg panjang  kndaraan kendaraan  kend kendaraan  parkiran parkir  mati padam  nyala hidup  bolong lubang  berlobang lubang  lobang lubang
`

// idleWords say nothing about who is meant: they are no reason.
const idleWords = `
yang dan di ke dari untuk pada dengan dalam oleh sebagai adalah itu ini tersebut para atau juga serta agar supaya jika kalau bila maka tetapi tapi
karena sehingga sampai hingga sejak mau ingin akan bisa dapat boleh harus perlu mohon minta tolong saya kami kita anda bapak ibu pak bu mas mbak min
sudah belum telah masih lagi sangat sekali saja hanya lebih paling sering selalu tidak bukan jangan ada tiada apa siapa mana kapan bagaimana mengapa
berapa terima kasih selamat pagi siang sore malam salam warga masyarakat bapak lapor laporan melaporkan terimakasih hal seperti antara setiap tiap
nya pun lah kah sama semua banyak beberapa setelah sebelum ketika saat sekarang hari bulan tahun tanggal
`

func newReader(root func(string) string) *reader {
	r := &reader{root: root, short: map[string]string{}, idle: map[string]bool{}}
	fields := strings.Fields(shortened)
	for i := 0; i+1 < len(fields); i += 2 {
		r.short[fields[i]] = fields[i+1]
	}
	for _, w := range strings.Fields(idleWords) {
		r.idle[w] = true
	}
	return r
}
