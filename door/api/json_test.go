package api

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"testing"
	"unicode/utf8"

	"pendopo/kernel/fault"
)

// FuzzJSON holds our reader to encoding/json: what both take is the same value,
// and ours refuses only what that refuses, double members, and too much.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{
		`{"a":[1,-0.5e+7,"\u00e9\ud83d\ude00\ud800",true,false,null],"b":{}}`, ` [ ] `, `{"a":1,"a":2}`, `{"a":1,}`, `[1,]`, `[,1]`, `01`, `-`, `1.`,
		`1e`, `.5`, `"\x"`, "\"\t\"", `"a`, `nul`, `{"a" 1}`, `{1:2}`, `[1 2]`, `1 2`, "\x00", "1\x00", `{"\u0061":1,"a":2}`, `"\\\""`, "\"\u2028\"", `[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got, err := readJSON(raw)
		var want any
		dec := json.NewDecoder(bytes.NewReader(raw))
		dec.UseNumber()
		theirs := dec.Decode(&want)
		if _, more := dec.Token(); theirs == nil && more != io.EOF || !utf8.Valid(raw) {
			theirs = io.ErrUnexpectedEOF
		}
		switch {
		case fault.Is(err, fault.Malformed) && theirs == nil:
			t.Fatalf("%q is refused", raw)
		case err == nil && theirs != nil:
			t.Fatalf("%q is taken", raw)
		case err == nil && !reflect.DeepEqual(got, want):
			t.Fatalf("%q: got %#v, want %#v", raw, got, want)
		}
	})
}

// BenchmarkRequest reads an application and writes its canonical form.
func BenchmarkRequest(b *testing.B) {
	raw := []byte(`{"definition":"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae","channel":"api","answers":{"name":"Sekar Wulandari",` +
		`"nik":"3360015704950001","birth_place":"Kawungraya","birth_date":"1995-04-17","sex":"perempuan","phone":"+6281200000001",` +
		`"region":"33.60.01.1001","street":"Jalan Melati 4","rt":2,"rw":5,"purpose":"bank","ktp":["counter"],"declaration":true}}`)
	b.ReportAllocs()
	for b.Loop() {
		v, err := readJSON(raw)
		if err != nil {
			b.Fatal(err)
		}
		request("POST", "/api/v1/services/surat-keterangan-domisili/cases", v)
	}
}
