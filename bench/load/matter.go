package load

import "fmt"

// Service is what a load applies for: the demo's shortest way through every
// part, from the form to a clock in minutes.
const Service = "surat-keterangan-domisili"

// Answers is the n-th application of an invented person, as a client sends it:
// region 33.60 was given to no regency, numbers from 0812 000 to nobody.
func Answers(n int64) []byte {
	return fmt.Appendf(nil, `{"name":"Sekar Wulandari","nik":"336001570495%04d","birth_place":"Kawungraya","birth_date":"1995-04-17",`+
		`"sex":"perempuan","phone":"+62812000%05d","region":"33.60.01.1001","street":"Jalan Melati 4","rt":2,"rw":5,`+
		`"lives_since":"2020-01-01","occupation":"bekerja","purpose":"bank","surat_pengantar":["counter"],"ktp":["counter"],`+
		`"declaration":true}`, n%9999+1, n%100000)
}

// Get is a request of a browser that keeps its connection.
func Get(path, lang string, packed bool) string {
	encoding := ""
	if packed {
		encoding = "Accept-Encoding: gzip, deflate, br\r\n"
	}
	return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nAccept-Language: " + lang + "\r\n" + encoding + "\r\n"
}

// Apply appends the n-th application to Pendopo's API, under a key of its own.
func Apply(b []byte, definition string, n int64) []byte {
	body := fmt.Appendf(nil, `{"definition":"%s","channel":"api","answers":%s}`, definition, Answers(n))
	return Post(b, "/api/v1/services/"+Service+"/cases", fmt.Sprintf("Idempotency-Key: bench-%026d\r\n", n), body)
}

// Post appends a request with a JSON body; header is further lines, each with
// its end.
func Post(b []byte, path, header string, body []byte) []byte {
	b = fmt.Appendf(b, "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n%s\r\n", path, len(body), header)
	return append(b, body...)
}
