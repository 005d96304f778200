package document

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"time"
)

// The Cryptographic Message Syntax (RFC 5652) as far as a signed PDF has it: one
// or more signers over detached content. Only DER is read.

type contentInfo struct {
	Type    asn1.ObjectIdentifier
	Content asn1.RawValue `asn1:"explicit,tag:0"`
}

type signedData struct {
	Version int
	Digests []pkix.AlgorithmIdentifier `asn1:"set"`
	Content struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue `asn1:"explicit,optional,tag:0"`
	}
	Certificates asn1.RawValue `asn1:"optional,tag:0"`
	Lists        asn1.RawValue `asn1:"optional,tag:1"`
	Signers      []signerInfo  `asn1:"set"`
}

type signerInfo struct {
	Version    int
	ID         asn1.RawValue // issuer and serial number, or a key's identifier
	Digest     pkix.AlgorithmIdentifier
	Attributes asn1.RawValue `asn1:"optional,tag:0"`
	Algorithm  pkix.AlgorithmIdentifier
	Signature  []byte
	Unsigned   asn1.RawValue `asn1:"optional,tag:1"`
}

type attribute struct {
	Type   asn1.ObjectIdentifier
	Values asn1.RawValue `asn1:"set"`
}

var (
	oidSignedData    = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	oidMessageDigest = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 4}
	oidSigningTime   = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 5}
	oidPSS           = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 10}
)

// verdict on one signature.
type verdict int

const (
	cmsHolds verdict = iota
	cmsBroken
	cmsUnknown
)

// checkCMS checks a signature over content. Of several signers each must hold.
func checkCMS(der []byte, c content) (by SignedBy, v verdict) {
	var info contentInfo
	var data signedData
	if _, err := asn1.Unmarshal(der, &info); err != nil || !info.Type.Equal(oidSignedData) {
		return by, cmsUnknown
	}
	if _, err := asn1.Unmarshal(info.Content.Bytes, &data); err != nil || len(data.Content.Content.Bytes) > 0 || len(data.Signers) == 0 {
		return by, cmsUnknown
	}
	known := certificates(data.Certificates.Bytes)
	for _, s := range data.Signers {
		cert := s.certificate(known)
		if cert == nil {
			return by, cmsUnknown
		}
		if by = (SignedBy{Name: cert.Subject.CommonName, Issuer: issuerOf(cert)}); len(by.Name) > 200 {
			by.Name = ""
		}
		at, v := s.check(cert, c)
		if by.At = at; v != cmsHolds {
			return by, v
		}
	}
	return by, cmsHolds
}

func issuerOf(cert *x509.Certificate) string {
	name := cert.Issuer.CommonName
	if name == "" && len(cert.Issuer.Organization) > 0 {
		name = cert.Issuer.Organization[0]
	}
	return name[:min(len(name), 200)]
}

// certificates reads those that came along; one that cannot be read is passed over.
func certificates(der []byte) (out []*x509.Certificate) {
	for len(der) > 0 && len(out) < 20 {
		var one asn1.RawValue
		rest, err := asn1.Unmarshal(der, &one)
		if err != nil {
			return out
		}
		if cert, err := x509.ParseCertificate(one.FullBytes); err == nil {
			out = append(out, cert)
		}
		der = rest
	}
	return out
}

// certificate finds the signer's own.
func (s signerInfo) certificate(known []*x509.Certificate) *x509.Certificate {
	var name struct {
		Issuer asn1.RawValue
		Serial *big.Int
	}
	_, err := asn1.Unmarshal(s.ID.FullBytes, &name)
	for _, c := range known {
		byName := err == nil && bytes.Equal(c.RawIssuer, name.Issuer.FullBytes) && c.SerialNumber.Cmp(name.Serial) == 0
		byKey := s.ID.Class == asn1.ClassContextSpecific && s.ID.Tag == 0 && bytes.Equal(c.SubjectKeyId, s.ID.Bytes)
		if byName || byKey && len(c.SubjectKeyId) > 0 {
			return c
		}
	}
	return nil
}

// check holds the digest of the content, then the signature over it.
func (s signerInfo) check(cert *x509.Certificate, c content) (at time.Time, v verdict) {
	bits := bitsOf(s.Digest.Algorithm)
	fresh := newHash(bits)
	if fresh == nil {
		return at, cmsUnknown
	}
	digest := c.digest(fresh())
	signed := digest
	if len(s.Attributes.FullBytes) > 0 {
		var claimed []byte
		var ok bool
		if claimed, at, ok = s.attributes(); !ok {
			return at, cmsUnknown
		}
		if !bytes.Equal(claimed, digest) {
			return at, cmsBroken
		}
		h := fresh()
		h.Write(append([]byte{0x31}, s.Attributes.FullBytes[1:]...)) // signed as a SET, whatever tag it travels under
		signed = h.Sum(nil)
	}
	return at, s.verify(cert.PublicKey, shaOf(bits), signed)
}

// attributes gives the digest and the time that the signer signed.
func (s signerInfo) attributes() (digest []byte, at time.Time, ok bool) {
	for rest := s.Attributes.Bytes; len(rest) > 0; {
		var a attribute
		var err error
		if rest, err = asn1.Unmarshal(rest, &a); err != nil {
			return nil, at, false
		}
		switch {
		case a.Type.Equal(oidMessageDigest):
			if _, err = asn1.Unmarshal(a.Values.Bytes, &digest); err != nil {
				return nil, at, false
			}
		case a.Type.Equal(oidSigningTime):
			if _, err = asn1.Unmarshal(a.Values.Bytes, &at); err != nil {
				at = time.Time{}
			}
		}
	}
	return digest, at.UTC(), digest != nil
}

// verify checks the signature over a digest with the signer's key.
func (s signerInfo) verify(key any, kind crypto.Hash, digest []byte) verdict {
	holds := false
	switch k := key.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < 2048 {
			return cmsUnknown
		}
		if s.Algorithm.Algorithm.Equal(oidPSS) {
			holds = rsa.VerifyPSS(k, kind, digest, s.Signature, nil) == nil
		} else {
			holds = rsa.VerifyPKCS1v15(k, kind, digest, s.Signature) == nil
		}
	case *ecdsa.PublicKey:
		holds = ecdsa.VerifyASN1(k, digest, s.Signature)
	default:
		return cmsUnknown
	}
	if !holds {
		return cmsBroken
	}
	return cmsHolds
}

// bitsOf is the length of a SHA-2 digest, 0 for any other algorithm.
func bitsOf(oid asn1.ObjectIdentifier) int {
	sha2 := asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 2}
	if len(oid) != len(sha2)+1 || !oid[:len(sha2)].Equal(sha2) {
		return 0
	}
	return map[int]int{1: 256, 2: 384, 3: 512}[oid[len(sha2)]]
}

func shaOf(bits int) crypto.Hash {
	return map[int]crypto.Hash{256: crypto.SHA256, 384: crypto.SHA384, 512: crypto.SHA512}[bits]
}
