package leak

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/url"
	"strings"

	"pendopo/test/htmlcheck"
)

// send sends one request with what cookies there are; no redirect is followed.
func (d *day) send(method, path, body string, h head) (reply, error) {
	req, err := http.NewRequest(method, d.url+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	d.keys++
	req.Header.Set("Idempotency-Key", fmt.Sprintf("leak-idempotency-key-%04d", d.keys))
	req.Header.Set("Content-Type", "application/json")
	for _, c := range d.cookies {
		req.Header.Add("Cookie", c)
	}
	for name, value := range h {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	for _, c := range res.Cookies() {
		d.cookies = append(d.cookies, c.Name+"="+c.Value)
	}
	return reply{res.StatusCode, res.Header, string(data)}, err
}

// submit fills in a form of a page as a browser does and sends it. It gives the
// page that follows.
func (d *day) submit(page, action string, fields map[string]string) reply {
	if d.err != nil {
		return reply{}
	}
	res, err := d.send("GET", page, "", nil)
	d.must(err)
	parsed, err := htmlcheck.Parse(res.body)
	d.must(err)
	if d.err != nil {
		return reply{}
	}
	to, values, ok := parsed.Form(action)
	if !ok {
		d.must(fmt.Errorf("%s has no form to %s: %s", page, action, parsed.Text()))
		return reply{}
	}
	for name, value := range fields {
		values.Set(name, value)
	}
	res, err = d.send("POST", to, values.Encode(), head{"Content-Type": "application/x-www-form-urlencoded"})
	d.must(err)
	return res
}

// draft begins an application by the portal and leaves it.
func (d *day) draft() {
	const service = "/services/surat-keterangan-domisili"
	begun := d.submit(service, service+"/start", nil)
	first := begun.header.Get("Location")
	if d.err == nil && (begun.status != http.StatusSeeOther || first == "") {
		d.must(fmt.Errorf("a draft: %d: %s", begun.status, begun.body))
	}
	if d.err == nil && strings.Count(first, "/") == 2 { // on to its first page
		res, err := d.send("GET", first, "", nil)
		d.must(err)
		first = res.header.Get("Location")
	}
	saved := d.submit(first, first, map[string]string{"name": "Larasdrafta Kusumo", "nik": "3360015703950071"})
	if d.err == nil && saved.status != http.StatusSeeOther {
		d.must(fmt.Errorf("a page of the draft: %d: %s", saved.status, saved.body))
	}
}

// badInput sends what is wrong, wherever it can stand: every refusal carries a
// planted word, and none may be kept or logged.
func (d *day) badInput(code, secret string) {
	const bad = "Tandajahat"
	d.badAnswers(bad)
	d.badForms(bad, code)
	bearer := head{"Authorization": "Bearer " + secret}
	for _, r := range []struct {
		method, path, body string
		head               head
	}{
		{"GET", "/search?q=" + bad, "", nil},
		{"GET", "/services/" + bad, "", nil},
		{"GET", "/" + bad + "/" + bad, "", nil},
		{"GET", "/track/" + bad, "", nil},
		{"GET", "/track/" + code + "?secret=" + bad, "", nil},
		{"GET", "/verify/" + bad, "", nil},
		{"GET", "/desk/cases/" + bad, "", nil},
		{"GET", "/log/tile/" + bad, "", nil},
		{"GET", "/static/" + bad, "", nil},
		{"GET", "/", "", head{"User-Agent": bad, "Referer": "http://" + bad, "Accept-Language": bad, "X-Forwarded-For": bad, "X-Request-Id": bad}},
		{"GET", "/", "", head{"Cookie": "session=" + bad + "; lang=" + bad}},
		{bad, "/", "", nil},
		{"GET", "/api/v1/cases/" + bad, "", head{"Authorization": "Bearer " + bad}},
		{"GET", "/api/v1/cases/" + code, "", head{"Authorization": "Bearer " + bad}},
		{"GET", "/api/v1/cases/" + code, "", head{"Authorization": bad + " " + bad}},
		{"GET", "/api/v1/cases/" + code + "/documents/" + bad, "", bearer},
		{"GET", "/api/v1/services?cursor=" + bad + "&limit=" + bad, "", nil},
		{"POST", "/api/v1/cases/" + code + "/actions/" + bad, `{"version":1,"` + bad + `":"` + bad + `"}`, bearer},
		{"POST", "/api/v1/cases/" + code + "/actions/withdraw", `{"version":"` + bad + `"}`, bearer},
		{"POST", "/api/v1/verify", `{"number":"` + bad + `"}`, nil},
		{"POST", "/api/v1/verify", "%PDF-1.7 " + bad, head{"Content-Type": "application/pdf"}},
		{"POST", "/api/v1/uploads?field=" + bad + "&service=" + bad, bad, nil},
		{"POST", "/api/v1/uploads?service=surat-keterangan-domisili&field=ktp", bad, head{"Content-Type": bad, "Content-Disposition": `attachment; filename="` + bad + `"`}},
		{"PATCH", "/api/v1/uploads/" + bad, bad, head{"Upload-Offset": bad}},
		{"POST", "/draft", "code=" + bad + "&secret=" + bad, head{"Content-Type": "application/x-www-form-urlencoded"}},
		{"POST", "/verify/file", "--x\r\nContent-Disposition: form-data; name=\"" + bad + "\"; filename=\"" + bad + "\"\r\n\r\n" + bad, head{"Content-Type": "multipart/form-data; boundary=x"}},
		{"POST", "/verify/file", bad, head{"Content-Type": "multipart/form-data; boundary=" + bad}},
	} {
		res, err := d.send(r.method, r.path, r.body, r.head)
		d.must(err)
		if d.err == nil && res.status >= 500 {
			d.must(fmt.Errorf("%s %s answered %d", r.method, r.path, res.status))
		}
	}
}

// badAnswers hands in applications in which one thing is wrong.
func (d *day) badAnswers(bad string) {
	for field, value := range map[string]any{
		"name": strings.Repeat(bad, 40), "nik": bad + "336001", "birth_date": bad, "sex": bad, "phone": bad, "region": bad, "rt": bad, "purpose": bad,
		"surat_pengantar": []string{bad}, "ktp": bad, "declaration": bad, bad: bad, "lives_since": "1890-01-01" + bad, "street": map[string]any{bad: bad},
	} {
		a := answers()
		a[field] = value
		d.ask(422, nil, "POST", "/api/v1/services/surat-keterangan-domisili/cases", d.application(a, ""), nil)
	}
	for status, body := range map[int]string{
		400: `{"answers": {"` + bad + `": `,
		409: `{"definition":"` + bad + `","channel":"api","answers":{}}`,
		422: `{"channel":"` + bad + `","answers":{"` + bad + `":1},"` + bad + `":1}`,
		413: `{"answers":{"name":"` + strings.Repeat(bad, 40_000) + `"}}`,
	} {
		d.ask(status, nil, "POST", "/api/v1/services/surat-keterangan-domisili/cases", body, nil)
	}
	d.ask(400, nil, "POST", "/api/v1/services/surat-keterangan-domisili/cases", d.application(answers(), ""), head{"Idempotency-Key": bad})
}

// badForms sends pages with wrong secrets, log-ins, numbers and payloads.
func (d *day) badForms(bad, code string) {
	d.submit("/desk/login", "/desk/login", map[string]string{"login": bad, "password": bad})
	d.submit("/desk/login", "/desk/login", map[string]string{"login": "prabuwiryono", "password": bad})
	d.submit("/track/"+code+"/unlock", "/track/"+code+"/unlock", map[string]string{"secret": bad})
	d.submit("/track", "/track", map[string]string{"code": bad})
	d.submit("/draft", "/draft", map[string]string{"code": bad, "secret": bad})
	d.submit("/verify", "/verify", map[string]string{"number": bad})
	d.submit("/verify", "/verify", map[string]string{"payload": "http://localhost:8080/verify/x#" + url.QueryEscape(bad)})
}

// photo is a JPEG that says in its metadata whose camera it was.
func photo() string {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		panic(err) // memory takes everything
	}
	meta := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\xa4\x30\x00\x02\x00\x00\x00\x0e\x00\x00\x00\x1aKAMERAPEMILIK\x00"
	size := len(meta) + 2
	return string(b.Bytes()[:2]) + "\xff\xe1" + string([]byte{byte(size >> 8), byte(size)}) + meta + string(b.Bytes()[2:])
}
