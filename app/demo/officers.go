package demo

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"

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
	Also     string `json:"also,omitempty"` // another role at the same unit
}

// posts are the officers of the demo. The numbers have the form of a NIP and a
// birth month of 00, so they can be nobody's.
func posts() []Login {
	return []Login{
		{Login: "sari", Name: "Sari Widyaningrum", Unit: "kel-sekararum", Role: "petugas_layanan", NIP: "199200002015002001", Also: "pengelola_pengaduan"},
		{Login: "darmo", Name: "Darmo Suhartono", Unit: "kel-sekararum", Role: "sekretaris_kelurahan", NIP: "197900002005001002"},
		{Login: "ratih", Name: "Ratih Kusumawardani, S.Sos.", Unit: "kel-sekararum", Role: "lurah", NIP: "197600002001002003", Also: "atasan_pengaduan"},
		{Login: "bagas", Name: "Bagas Nugroho", Unit: "kel-kauman-lor", Role: "petugas_layanan", NIP: "199500002019001004", Also: "pengelola_pengaduan"},
		{Login: "wiratno", Name: "Wiratno", Unit: "kel-kauman-lor", Role: "lurah", Kind: "plt", Until: "2027-12-31", NIP: "197100001996001005", Also: "atasan_pengaduan"},
		{Login: "mega", Name: "Mega Puspitasari", Unit: "dpmptsp", Role: "petugas_ptsp", NIP: "199000002014002006"},
		{Login: "harun", Name: "Harun Arrasyid, S.H.", Unit: "dpmptsp", Role: "koordinator_perizinan", NIP: "198300002008001007"},
		{Login: "endah", Name: "Endah Lestariningsih, M.Si.", Unit: "dpmptsp", Role: "kepala_dpmptsp", NIP: "197000001995002008"},
		{Login: "surya", Name: "Surya Dharmawan", Unit: "dpmptsp", Role: "sekretaris_dpmptsp", NIP: "197400001999001009"},
		{Login: "tiara", Name: "dr. Tiara Maheswari", Unit: "dinkes", Role: "tim_teknis", NIP: "198600002011002010"},
		{Login: "galuh", Name: "dr. Galuh Prasetya, M.Kes.", Unit: "dinkes", Role: "kepala_dinas_kesehatan", NIP: "196900001994001011", Also: "atasan_pengaduan"},
		{Login: "laila", Name: "Laila Nurhaliza", Unit: "disdukcapil", Role: "petugas_dukcapil", NIP: "199300002017002012"},
		{Login: "hendra", Name: "Hendra Wicaksana, S.IP.", Unit: "disdukcapil", Role: "verifikator_dukcapil", NIP: "198500002010001013"},
		{Login: "yoga", Name: "Yoga Pamungkas", Unit: "disdukcapil", Role: "operator_siak", NIP: "199600002020001014"},
		{Login: "nurul", Name: "Nurul Hidayati, M.Si.", Unit: "disdukcapil", Role: "kepala_dukcapil", NIP: "197200001997002015", Also: "atasan_pengaduan"},
		{Login: "rangga", Name: "Rangga Aditya, S.T.", Unit: "dpupr", Role: "tim_tata_ruang", NIP: "198900002015001016"},
		{Login: "teguh", Name: "Teguh Santosa, S.T.", Unit: "dpupr", Role: "tim_bangunan", NIP: "198100002006001017"},
		{Login: "indra", Name: "Indra Gumilang", Unit: "dishub", Role: "petugas_lalu_lintas", NIP: "199100002016001018"},
		{Login: "bambang", Name: "Bambang Sulistyo, M.T.", Unit: "dishub", Role: "kepala_dishub", NIP: "196800001993001019", Also: "atasan_pengaduan"},
		{Login: "wening", Name: "Wening Asmarani", Unit: "kec-banyusekar", Role: "petugas_kecamatan", NIP: "199400002018002020"},
		{Login: "kusno", Name: "Kusno Atmojo, S.Sos.", Unit: "kec-banyusekar", Role: "camat", NIP: "197300001998001021"},
		{Login: "jarot", Name: "Jarot Prasetyo", Unit: "satpol-pp", Role: "petugas_ketertiban", NIP: "198700002012001022"},
		{Login: "admin", Name: "Administrator", Unit: "setda", Role: "administrator"},
		{Login: "prabu", Name: "Prabu Wirawan, S.Kom.", Unit: "setda", Role: "administrator", NIP: "198800002013001023"},
		{Login: "utami", Name: "Utami Rahmawati, S.IP.", Unit: "setda", Role: "koordinator_pengaduan", NIP: "197000001994001024"},
		{Login: "hartono", Name: "Hartono Wijaya, M.Si.", Unit: "setda", Role: "atasan_pengaduan", NIP: "197700002001002025"},
		{Login: "pradana", Name: "Pradana Yudhistira", Unit: "setda", Role: "pengelola_pengaduan", NIP: "198400002008001026"},
		{Login: "anton", Name: "Anton Sulaiman, S.T.", Unit: "dpupr", Role: "pengelola_pengaduan", NIP: "199100002015002027"},
		{Login: "wibowo", Name: "Wibowo Kartanegara, M.T.", Unit: "dpupr", Role: "atasan_pengaduan", NIP: "197000001994001028"},
		{Login: "joko", Name: "Joko Purwanto", Unit: "dpupr", Role: "petugas_lapangan", NIP: "197700002001002029"},
		{Login: "rini", Name: "Rini Astuti", Unit: "dishub", Role: "pengelola_pengaduan", NIP: "198400002008001030"},
		{Login: "agus", Name: "Agus Riyanto", Unit: "dishub", Role: "petugas_lapangan", NIP: "199100002015002031"},
		{Login: "mulyani", Name: "Mulyani Safitri", Unit: "dlh", Role: "pengelola_pengaduan", NIP: "197000001994001032"},
		{Login: "sulastri", Name: "Sulastri Handoko, M.Si.", Unit: "dlh", Role: "atasan_pengaduan", NIP: "197700002001002033"},
		{Login: "wahyono", Name: "Wahyono", Unit: "dlh", Role: "petugas_lapangan", NIP: "198400002008001034"},
		{Login: "slamet", Name: "Slamet Widodo", Unit: "satpol-pp", Role: "pengelola_pengaduan", NIP: "199100002015002035"},
		{Login: "ambar", Name: "Ambar Kinasih", Unit: "dinkes", Role: "pengelola_pengaduan", NIP: "197000001994001036"},
		{Login: "cahyo", Name: "Cahyo Baskoro", Unit: "disdukcapil", Role: "pengelola_pengaduan", NIP: "197700002001002037"},
		{Login: "sumi", Name: "Sumiyati", Unit: "kel-tegalwangi", Role: "pengelola_pengaduan", NIP: "198400002008001038"},
		{Login: "paijo", Name: "Paijo Sutrisno", Unit: "desa-sidolumbung", Role: "pengelola_pengaduan", NIP: "199100002015002039"},
		{Login: "lastri", Name: "Lastri Wahyuningsih", Unit: "desa-kebonsari-lor", Role: "pengelola_pengaduan", NIP: "197000001994001040"},
		{Login: "dewi", Name: "Dewi Sartika Ayu, Ak.", Unit: "inspektorat", Role: "pengelola_pengaduan", NIP: "197700002001002041"},
		{Login: "retno", Name: "Retno Wulandari, M.H.", Unit: "inspektorat", Role: "inspektur", NIP: "198400002008001042"},
		{Login: "arif", Name: "Arif Budiman, S.H.", Unit: "inspektorat", Role: "penjaga_identitas", NIP: "199100002015002043"},
		{Login: "lestari", Name: "Lestari Indrawati, S.H.", Unit: "inspektorat", Role: "penjaga_identitas", NIP: "197000001994001044"},
		{Login: "bagyo", Name: "Subagyo, S.Sos.", Unit: "setda", Role: "penjaga_identitas", NIP: "197700002001002045"},
		{Login: "nanik", Name: "Nanik Suryani, S.H.", Unit: "setda", Role: "penjaga_identitas", NIP: "198400002008001046"},
		{Login: "widi", Name: "Widiastuti, S.H.", Unit: "dpmptsp", Role: "penjaga_identitas", NIP: "199100002015002047"},
		{Login: "seno", Name: "Suseno, S.IP.", Unit: "dpmptsp", Role: "penjaga_identitas", NIP: "197000001994001048"},
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
	var all sync.WaitGroup
	failed := make([]error, len(list))
	turns := make(chan struct{}, atATime)
	for i := range list {
		turns <- struct{}{}
		all.Go(func() {
			failed[i] = list[i].make(ctx, in)
			<-turns
		})
	}
	all.Wait()
	return list, errors.Join(failed...)
}

// atATime is how many officers are made at once: most of it is hashing passwords.
const atATime = 4

// readLogins reads the file, or draws passwords and writes it before any
// officer is made.
func readLogins(path string) ([]Login, error) {
	data, err := os.ReadFile(path)
	if err == nil {
		var list []Login
		if err := json.Unmarshal(data, &list); err != nil {
			return nil, err
		}
		return completed(path, list)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	list := posts()
	for i := range list {
		list[i].Password = identity.NewPassword()
	}
	return list, writeLogins(path, list)
}

func writeLogins(path string, list []Login) error {
	data, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o600)
}

// completed adds the officers that a demo made by an older program lacks.
func completed(path string, list []Login) ([]Login, error) {
	before := len(list)
	for _, p := range posts() {
		if !slices.ContainsFunc(list, func(l Login) bool { return l.Login == p.Login }) {
			p.Password = identity.NewPassword()
			list = append(list, p)
		}
	}
	if len(list) == before {
		return list, nil
	}
	return list, writeLogins(path, list)
}

func (l Login) make(ctx context.Context, in *app.Instance) error {
	if _, err := in.Identity.FindLogin(ctx, l.Login); !fault.Is(err, fault.Unknown) {
		return err // there already, or not to be asked
	}
	id, err := in.Identity.Create(ctx, identity.NewOfficer{
		Login: l.Login, Name: identity.Name{Full: l.Name, NIP: l.NIP}, Password: l.Password, Own: true, Drawn: true,
	})
	if err != nil {
		return err
	}
	if err := in.Identity.SetEmail(ctx, id, l.Login+"@kawungraya.example", ""); err != nil {
		return err
	}
	for _, role := range []string{l.Role, l.Also} {
		if role == "" {
			continue
		}
		a := identity.Assignment{Unit: l.Unit, Role: role, From: "2025-01-02", Kind: identity.Definitive}
		if l.Kind != "" {
			a.Kind, a.Until = identity.Kind(l.Kind), l.Until
		}
		if _, err := in.Identity.Assign(ctx, id, a, mandateOf(a), ""); err != nil {
			return err
		}
	}
	return nil
}

// mandateOf is the number of the letter that an acting officer acts under.
func mandateOf(a identity.Assignment) string {
	if a.Kind == identity.Definitive {
		return ""
	}
	return "800/000/2025"
}
