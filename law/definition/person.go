package definition

import (
	"reflect"
	"strings"
)

// personParts are what can be asked of a person, in the order of the national
// forms.
func personParts() []string {
	field, _ := fieldOf(reflect.TypeFor[Field](), "parts")
	return strings.Split(field.Tag.Get("enum"), "|")
}

// personPart is the field of a part as it would be written in a file, without
// its id and label.
func personPart(part string) string {
	switch part {
	case "name":
		return `{kind: text, min: 2, max: 100}`
	case "nik", "phone":
		return `{kind: ` + part + `}`
	case "birth_date":
		return `{kind: date, after: today-120y, before: today}`
	case "address":
		return `{kind: text, long: yes, max: 300}`
	case "sex":
		return choices("perempuan", "Perempuan", "Female", "laki_laki", "Laki-laki", "Male")
	case "religion":
		return choices("islam", "Islam", "Islam", "kristen", "Kristen", "Protestant", "katolik", "Katolik", "Catholic", "hindu", "Hindu", "Hindu",
			"buddha", "Buddha", "Buddhist", "khonghucu", "Khonghucu", "Confucian", "kepercayaan", "Kepercayaan terhadap Tuhan YME", "Belief in the One God")
	case "marital":
		return choices("belum_kawin", "Belum kawin", "Never married", "kawin", "Kawin", "Married",
			"cerai_hidup", "Cerai hidup", "Divorced", "cerai_mati", "Cerai mati", "Widowed")
	case "citizenship":
		return choices("wni", "WNI", "Indonesian", "wna", "WNA", "Foreign")
	}
	return `{kind: text, max: 80}` // birth_place, occupation
}

// choices writes a choice of id, Indonesian and English words in turn.
func choices(words ...string) string {
	var b strings.Builder
	b.WriteString("{kind: choice, choices: [")
	for i := 0; i+2 < len(words); i += 3 {
		b.WriteString("{id: " + words[i] + `, text: {id: "` + words[i+1] + `", en: "` + words[i+2] + `"}}, `)
	}
	return strings.TrimSuffix(b.String(), ", ") + "]}"
}

// personLabel is what a part is called after the person's own label.
func personLabel(part string) Text {
	return map[string]Text{
		"name":        {"id": "nama lengkap", "en": "full name"},
		"nik":         {"id": "NIK", "en": "NIK (national identity number)"},
		"birth_place": {"id": "tempat lahir", "en": "place of birth"},
		"birth_date":  {"id": "tanggal lahir", "en": "date of birth"},
		"sex":         {"id": "jenis kelamin", "en": "sex"},
		"religion":    {"id": "agama", "en": "religion"},
		"marital":     {"id": "status perkawinan", "en": "marital status"},
		"occupation":  {"id": "pekerjaan", "en": "occupation"},
		"citizenship": {"id": "kewarganegaraan", "en": "citizenship"},
		"phone":       {"id": "nomor telepon", "en": "telephone number"},
		"address":     {"id": "alamat", "en": "address"},
	}[part]
}

// proxyPages are asked before all others when somebody with a mandate may
// apply: who is filing, and who the proxy is.
func proxyPages() string {
	return `
- id: filing
  title: {id: "Untuk siapa Anda mengajukan ini?", en: "For whom do you apply?"}
  fields:
    - id: filed_by
      kind: choice
      personal: no
      label: {id: "Saya mengajukan", en: "I apply"}
      choices:
        - {id: self, text: {id: "Untuk diri saya sendiri", en: "For myself"}}
        - {id: proxy, text: {id: "Sebagai kuasa orang lain", en: "As the proxy of somebody else"}}
- id: proxy
  title: {id: "Siapa Anda sebagai kuasa?", en: "Who are you, the proxy?"}
  help: {id: "Isilah data Anda sendiri di sini. Data pemohon ditanyakan sesudahnya.", en: "Your own data belong here. Those of the applicant are asked afterwards."}
  show: filed_by == "proxy"
  fields:
    - {id: proxy_name, kind: text, min: 2, max: 100, label: {id: "Nama lengkap kuasa", en: "Full name of the proxy"}}
    - {id: proxy_nik, kind: nik, label: {id: "NIK kuasa", en: "NIK of the proxy"}}
    - {id: proxy_phone, kind: phone, label: {id: "Nomor telepon kuasa", en: "Telephone number of the proxy"}}
    - {id: surat_kuasa, kind: file, max: 2, accept: [image, pdf], counter: yes, label: {id: "Surat kuasa", en: "Mandate"}}
    - {id: ktp_kuasa, kind: file, accept: [image, pdf], counter: yes, label: {id: "KTP kuasa", en: "Identity card of the proxy"}}
`
}
