package intake

import "testing"

func TestRoughWordsAreFoundAndOthersAreNot(t *testing.T) {
	for _, text := range []string{"dasar BANGSAT", "g0bl0k semua", "baaajingan!", "petugasnya tololll", "b@ngsat", "what the fuck"} {
		if !rough(text) {
			t.Errorf("%q is not noticed", text)
		}
	}
	for _, text := range []string{"anjing liar di pasar", "asuransi kesehatan", "jalan berlubang besar", "babi hutan merusak sawah", "Kec. Bangsalsari", ""} {
		if rough(text) {
			t.Errorf("%q is taken for rough", text)
		}
	}
}
