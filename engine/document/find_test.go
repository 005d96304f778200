package document

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestTheIdentityIsFoundAndSurvivesRewriting(t *testing.T) {
	tpl, in := domicile(t)
	pdf := rendered(t, tpl, in)
	if id, ok := DocumentID(pdf); !ok || id != in.ID {
		t.Fatalf("%v %v", id, ok)
	}
	path := saved(t, pdf)
	for name, args := range map[string][]string{"rewritten": nil, "linearized": {"--linearize"}, "packed": {"--object-streams=generate"}, "plain": {"--qdf"}} {
		out := filepath.Join(t.TempDir(), "out.pdf")
		run(t, "qpdf", append(args, path, out)...)
		other, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if id, ok := DocumentID(other); !ok || id != in.ID {
			t.Errorf("%s: the identity is lost: %v %v", name, id, ok)
		}
	}
}

func TestTheCodeStandsInTheFileAsALink(t *testing.T) {
	tpl, in := domicile(t)
	pdf := rendered(t, tpl, in)
	if link, ok := LinkIn(pdf); !ok || link != in.Link {
		t.Errorf("%q %v", link, ok)
	}
	in.ID[0]++ // a code of another document pasted into this file
	if link, ok := LinkIn(rendered(t, tpl, in)); ok {
		t.Errorf("%q is taken for this file's", link)
	}
}

func TestIdentitiesAreReadInBothForms(t *testing.T) {
	want := ID([]byte("0123456789abcde("))
	for _, form := range []string{
		"/ID[<30313233343536373839616263646528><00>]", "/ID [ <30313233343536373839616263646528> <> ]",
		`/ID [(0123456789abcde\()()]`, `/ID [(\0601\62\063456789abcde\050)(x)]`,
	} {
		if id, ok := DocumentID([]byte("%PDF-1.7\n" + form)); !ok || id != want {
			t.Errorf("%s: %x %v", form, id, ok)
		}
	}
	for _, form := range []string{"/ID", "/ID [", "/ID [<3031>]", "/ID [(short)]", "/ID [<zz>]", `/ID [(0123456789abcdef\`, "/IDS [<30313233343536373839616263646528>]", ""} {
		if id, ok := DocumentID([]byte("%PDF-1.7\n" + form)); ok {
			t.Errorf("%s: %x", form, id)
		}
	}
	if _, ok := DocumentID([]byte("/ID[<30313233343536373839616263646528>]")); ok {
		t.Error("what is no PDF has an identity")
	}
}

func TestAFileFullOfFalseIdentitiesIsReadInOneScan(t *testing.T) {
	bad := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("/ID[("), MaxPDF/5-100)...)
	if _, ok := DocumentID(bad); ok {
		t.Error("an identity out of nothing")
	}
}

func FuzzUploadedPDF(f *testing.F) {
	tpl, in := domicile(f)
	f.Add(rendered(f, tpl, in))
	f.Add([]byte("%PDF-1.7 /ID[<00000000000000000000000000000000>]"))
	f.Add([]byte(`%PDF-/ID [(\777\)\()`))
	f.Fuzz(func(t *testing.T, pdf []byte) {
		if link, ok := LinkIn(pdf); ok && link != in.Link {
			if _, _, err := ReadLink(link); err != nil {
				t.Errorf("a link that cannot be read: %q", link)
			}
		}
		id, ok := DocumentID(pdf)
		if !ok && id != (ID{}) {
			t.Error(fmt.Sprint("half an answer ", id))
		}
		if _, err := addSignatureField(pdf, field{Page: 1}); err == nil && !bytes.HasSuffix(pdf, []byte("%%EOF\n")) {
			t.Error("an update behind a file without end")
		}
	})
}
