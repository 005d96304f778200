package search_test

import (
	"testing"

	"pendopo/law/search"
)

// TestWordsOfOneFamilyAreOneTerm: what people write about one matter meets.
func TestWordsOfOneFamilyAreOneTerm(t *testing.T) {
	s := search.NewStemmer()
	for root, words := range map[string][]string{
		"lahir":  {"lahir", "kelahiran", "melahirkan", "dilahirkan", "kelahirannya"},
		"nikah":  {"menikah", "pernikahan", "dinikahkan", "menikahi", "nikahnya"},
		"cerai":  {"bercerai", "perceraian", "menceraikan"},
		"buat":   {"membuat", "pembuatan", "dibuat", "buatkan", "pembuatannya"},
		"hilang": {"kehilangan", "menghilangkan", "hilangnya"},
		"urus":   {"mengurus", "pengurusan", "diurus", "mengurusnya"},
		"ubah":   {"mengubah", "perubahan", "diubah", "mengubahnya"},
		"catat":  {"mencatatkan", "pencatatan", "tercatat", "dicatat"},
		"pindah": {"kepindahan", "memindahkan", "pindahan", "berpindah"},
		"mati":   {"kematian", "mematikan"},
		"sewa":   {"menyewa", "penyewaan", "disewakan"},
		"tulis":  {"menulis", "tertulis", "penulisan", "tulisan"},
		"kirim":  {"mengirim", "pengiriman", "dikirimkan", "kiriman"},
		"ajar":   {"belajar", "pelajar", "mengajar", "pelajaran"},
		"anak":   {"anak-anak", "anak-anaknya", "anaknya", "beranak"},
		"jalan":  {"jalan", "berjalan", "perjalanan"},
	} {
		for _, w := range words {
			if got := s.Stem(w); got != root {
				t.Errorf("%s: %s, want %s", w, got, root)
			}
		}
	}
}

// TestRootsStayWhole: what only looks like an affix is none.
func TestRootsStayWhole(t *testing.T) {
	s := search.NewStemmer()
	for _, w := range []string{"bulan", "iklan", "desa", "beras", "tetap", "makan", "papan", "ktp", "lurah", "domisili", "keluarga", "perlu", "dinas", "seri", "x"} {
		if got := s.Stem(w); got != w {
			t.Errorf("%s became %s", w, got)
		}
	}
}

func FuzzStem(f *testing.F) {
	for _, w := range []string{"memperbarui", "buku-buku", "-", "a-", "nya", "mengqasar", "\xff\xfe", "ke-an-nya-nya"} {
		f.Add(w)
	}
	s := search.NewStemmer()
	f.Fuzz(func(t *testing.T, w string) {
		if len(w) > 200 {
			return
		}
		if got := s.Stem(w); w != "" && got == "" {
			t.Errorf("%q lost everything", w)
		}
	})
}
