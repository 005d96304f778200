package desk_test

import (
	"net/http"
	"net/url"
	"testing"
)

// An officer says where the mornings go, is told when that is no address, and
// keeps what was typed.
func TestAnOfficerSetsTheAddressOfTheDigest(t *testing.T) {
	w := newTown(t)
	w.officer("sari", sekararum+"/petugas_layanan")
	b := w.as("sari")
	b.get("/desk/account").is(http.StatusOK).shows("Ringkasan pagi")
	b.send("/desk/email", url.Values{"email": {"sari di kantor"}}).is(http.StatusUnprocessableEntity).shows("Tulis alamat surel").shows("sari di kantor").sound("account email")
	b.get("/desk/account").hides("sari di kantor")
	b.send("/desk/email", url.Values{"email": {"sari@contoh.example"}}).is(http.StatusSeeOther)
	b.get("/desk/account?saved=email").shows("Alamat surel tersimpan").shows("sari@contoh.example").sound("account saved")
}
