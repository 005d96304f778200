package demo

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"pendopo/app"
	"pendopo/engine/identity"
	"pendopo/kernel/fault"
)

// Login is how to log in as whom.
type Login struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Name     string `json:"name"`
	Unit     string `json:"unit"`
	Role     string `json:"role"`
	Kind     string `json:"kind"`
	Until    string `json:"until,omitempty"`
	NIP      string `json:"nip,omitempty"`
}

// posts are the officers of the demo. The numbers have the form of a NIP and a
// birth month of 00, so they can be nobody's.
func posts() []Login {
	return []Login{
		{Login: "sari", Name: "Sari Widyaningrum", Unit: "kel-sekararum", Role: "petugas_layanan", NIP: "199200002015002001"},
		{Login: "darmo", Name: "Darmo Suhartono", Unit: "kel-sekararum", Role: "sekretaris_kelurahan", NIP: "197900002005001002"},
		{Login: "ratih", Name: "Ratih Kusumawardani, S.Sos.", Unit: "kel-sekararum", Role: "lurah", NIP: "197600002001002003"},
		{Login: "bagas", Name: "Bagas Nugroho", Unit: "kel-kauman-lor", Role: "petugas_layanan", NIP: "199500002019001004"},
		{Login: "wiratno", Name: "Wiratno", Unit: "kel-kauman-lor", Role: "lurah", Kind: "plt", Until: "2027-12-31", NIP: "197100001996001005"},
		{Login: "mega", Name: "Mega Puspitasari", Unit: "dpmptsp", Role: "petugas_ptsp", NIP: "199000002014002006"},
		{Login: "harun", Name: "Harun Arrasyid, S.H.", Unit: "dpmptsp", Role: "koordinator_perizinan", NIP: "198300002008001007"},
		{Login: "endah", Name: "Endah Lestariningsih, M.Si.", Unit: "dpmptsp", Role: "kepala_dpmptsp", NIP: "197000001995002008"},
		{Login: "surya", Name: "Surya Dharmawan", Unit: "dpmptsp", Role: "sekretaris_dpmptsp", NIP: "197400001999001009"},
		{Login: "tiara", Name: "dr. Tiara Maheswari", Unit: "dinkes", Role: "tim_teknis", NIP: "198600002011002010"},
		{Login: "galuh", Name: "dr. Galuh Prasetya, M.Kes.", Unit: "dinkes", Role: "kepala_dinas_kesehatan", NIP: "196900001994001011"},
		{Login: "laila", Name: "Laila Nurhaliza", Unit: "disdukcapil", Role: "petugas_dukcapil", NIP: "199300002017002012"},
		{Login: "hendra", Name: "Hendra Wicaksana, S.IP.", Unit: "disdukcapil", Role: "verifikator_dukcapil", NIP: "198500002010001013"},
		{Login: "yoga", Name: "Yoga Pamungkas", Unit: "disdukcapil", Role: "operator_siak", NIP: "199600002020001014"},
		{Login: "nurul", Name: "Nurul Hidayati, M.Si.", Unit: "disdukcapil", Role: "kepala_dukcapil", NIP: "197200001997002015"},
		{Login: "rangga", Name: "Rangga Aditya, S.T.", Unit: "dpupr", Role: "tim_tata_ruang", NIP: "198900002015001016"},
		{Login: "teguh", Name: "Teguh Santosa, S.T.", Unit: "dpupr", Role: "tim_bangunan", NIP: "198100002006001017"},
		{Login: "indra", Name: "Indra Gumilang", Unit: "dishub", Role: "petugas_lalu_lintas", NIP: "199100002016001018"},
		{Login: "bambang", Name: "Bambang Sulistyo, M.T.", Unit: "dishub", Role: "kepala_dishub", NIP: "196800001993001019"},
		{Login: "wening", Name: "Wening Asmarani", Unit: "kec-banyusekar", Role: "petugas_kecamatan", NIP: "199400002018002020"},
		{Login: "kusno", Name: "Kusno Atmojo, S.Sos.", Unit: "kec-banyusekar", Role: "camat", NIP: "197300001998001021"},
		{Login: "jarot", Name: "Jarot Prasetyo", Unit: "satpol-pp", Role: "petugas_ketertiban", NIP: "198700002012001022"},
		{Login: "admin", Name: "Administrator", Unit: "setda", Role: "administrator"},
		{Login: "prabu", Name: "Prabu Wirawan, S.Kom.", Unit: "setda", Role: "administrator", NIP: "198800002013001023"},
	}
}

// loginFile keeps the random passwords of a demo, so that starting it a second
// time can say them again. It is no file of a real instance.
const loginFile = "demo-logins.json"

// Logins makes the officers that are missing and gives all with passwords.
func Logins(ctx context.Context, in *app.Instance) ([]Login, error) {
	path := filepath.Join(in.Place.Data, loginFile)
	list, err := readLogins(path)
	if err != nil {
		return nil, err
	}
	for i := range list {
		if err := list[i].make(ctx, in); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// readLogins reads the file, or draws passwords and writes it before any
// officer is made.
func readLogins(path string) ([]Login, error) {
	data, err := os.ReadFile(path)
	if err == nil {
		var list []Login
		return list, json.Unmarshal(data, &list)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	list := posts()
	for i := range list {
		list[i].Password = identity.NewPassword()
	}
	data, err = json.MarshalIndent(list, "", "  ")
	if err != nil {
		return nil, err
	}
	return list, os.WriteFile(path, data, 0o600)
}

func (l Login) make(ctx context.Context, in *app.Instance) error {
	if _, err := in.Identity.FindLogin(ctx, l.Login); !fault.Is(err, fault.Unknown) {
		return err // there already, or not to be asked
	}
	id, err := in.Identity.Create(ctx, identity.NewOfficer{
		Login: l.Login, Name: identity.Name{Full: l.Name, NIP: l.NIP}, Password: l.Password, Own: true,
	})
	if err != nil {
		return err
	}
	a := identity.Assignment{Unit: l.Unit, Role: l.Role, From: "2025-01-02", Kind: identity.Definitive}
	if l.Kind != "" {
		a.Kind, a.Until = identity.Kind(l.Kind), l.Until
	}
	_, err = in.Identity.Assign(ctx, id, a, mandateOf(a), "")
	return err
}

// mandateOf is the number of the letter that an acting officer acts under.
func mandateOf(a identity.Assignment) string {
	if a.Kind == identity.Definitive {
		return ""
	}
	return "800/000/2025"
}
