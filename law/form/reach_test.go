package form

import (
	"testing"

	"pendopo/law/definition"
)

func TestPlacesOnTheMap(t *testing.T) {
	for typed, want := range map[string]string{
		"-7.05123,110.91234": "-7.05123,110.91234", " -7.1, 110.9 ": "-7.10000,110.90000", "-7.051234567;110.9": "-7.05123,110.90000",
		"-0.000001,0.0": "0.00000,0.00000", "90.0,180.0": "90.00000,180.00000",
		"90.1,110.0": "", "-7.0,180.00001": "", "-7,110": "", "-7.05": "", "": "", "a,b": "", "-7.05,110.91,3.0": "", "1e1,2.0": "", "NaN,1.0": "",
	} {
		got, f := asPoint(one(definition.KindPoint), typed)
		if (want == "") != (f != nil) || f == nil && got != want {
			t.Errorf("%q: %v, %s", typed, got, key(f))
		}
		if f == nil {
			if _, _, ok := Point(got.(string)); !ok {
				t.Errorf("%q: %v cannot be read again", typed, got)
			}
			if again, _ := asPoint(one(definition.KindPoint), got); again != got {
				t.Errorf("%q: %v becomes %v", typed, got, again)
			}
		}
	}
	if _, f := asPoint(one(definition.KindPoint), 7.5); key(f) != "wrong_type" {
		t.Errorf("a number: %s", key(f))
	}
}

func TestEmailAddresses(t *testing.T) {
	long := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = 'a'
		}
		return string(b)
	}
	for typed, want := range map[string]string{
		"Siti.Aminah@Contoh.ID": "Siti.Aminah@contoh.id", " a+b@mail.example.co.id ": "a+b@mail.example.co.id", "o'neil@xn--bcher-kva.example": "o'neil@xn--bcher-kva.example",
		"siti": "", "siti@contoh": "", "@contoh.id": "", "siti@@contoh.id": "", "siti@.id": "", "siti@contoh..id": "", "siti@-contoh.id": "", "siti@contoh.i": "",
		".siti@contoh.id": "", "siti.@contoh.id": "", "si..ti@contoh.id": "", "si ti@contoh.id": "", "siti@contoh.id\nBcc: x@y.zz": "",
		long(64) + "@contoh.id": long(64) + "@contoh.id", long(65) + "@contoh.id": "",
		"a@" + long(60) + "." + long(60) + "." + long(60) + "." + long(60) + "." + long(20) + ".id": "",
	} {
		got, f := asEmail(one(definition.KindEmail), typed)
		if (want == "") != (f != nil) || f == nil && got != want {
			t.Errorf("%q: %v, %s", typed, got, key(f))
		}
	}
}
