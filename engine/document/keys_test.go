package document

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPublishedKeysAreReadBack(t *testing.T) {
	_, _, keys := sampleKey()
	data, err := EncodeKeys("Pemerintah Kabupaten Tirtanegara", keys)
	if err != nil {
		t.Fatal(err)
	}
	got, err := DecodeKeys(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(keys, got); diff != "" {
		t.Error(diff)
	}
}

func TestKeyFilesOfAnotherShapeAreRefused(t *testing.T) {
	_, _, keys := sampleKey()
	good, _ := EncodeKeys("x", keys)
	for name, data := range map[string]string{
		"empty": "", "no keys": `{"version":1,"issuer":"x","keys":[]}`, "another version": `{"version":2,"issuer":"x","keys":[]}`,
		"unknown member": `{"version":1,"kunci":[]}`, "a list": `[]`, "trailing": string(good) + "{}",
		"a short key":       `{"version":1,"issuer":"x","keys":[{"id":"a","algorithm":"EdDSA-Ed25519","public":"AAAA"}]}`,
		"another algorithm": `{"version":1,"issuer":"x","keys":[{"id":"a","algorithm":"none","public":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}]}`,
	} {
		if _, err := DecodeKeys([]byte(data)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}
