package backup

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"sort"
	"strings"
	"time"
)

// bucket is a store of objects in an S3-compatible service, addressed by path.
// It needs four requests, put, get, list and delete, signed by AWS Signature
// Version 4.
type bucket struct {
	client *http.Client
	base   url.URL // scheme and host
	name   string  // of the bucket
	prefix string  // of every object; empty or ends with a slash
	signer signer
	now    func() time.Time
}

// requestLimit bounds one request; objects are some megabytes.
const requestLimit = 2 * time.Minute

// longestAnswer bounds what is read of one answer.
const longestAnswer = 64 << 20

// openS3 reads an address. What it complains of never repeats the secret.
func openS3(address string) (*bucket, string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, "", errors.New("s3: the address cannot be read; it is s3://ID:SECRET@HOST/BUCKET/PREFIX")
	}
	secret, given := u.User.Password()
	name, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if u.Host == "" || name == "" || !given {
		return nil, "", errors.New("s3: the address is s3://ID:SECRET@HOST/BUCKET/PREFIX, best in a variable and not in an argument")
	}
	if prefix != "" {
		prefix += "/"
	}
	b := &bucket{
		client: &http.Client{Timeout: requestLimit}, base: url.URL{Scheme: "https", Host: u.Host}, name: name, prefix: prefix,
		signer: signer{id: u.User.Username(), secret: secret, region: "us-east-1"}, now: time.Now,
	}
	if r := u.Query().Get("region"); r != "" {
		b.signer.region = r
	}
	if u.Query().Get("plain") == "1" {
		b.base.Scheme = "http"
	}
	return b, "s3://" + u.Host + "/" + name + "/" + strings.TrimSuffix(prefix, "/"), nil
}

func (b *bucket) put(ctx context.Context, name string, content []byte) error {
	method, want := http.MethodPut, http.StatusOK
	if content == nil {
		method, want = http.MethodDelete, http.StatusNoContent
	}
	_, err := b.do(ctx, request{method: method, object: name, body: content, want: want})
	if content == nil && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (b *bucket) get(ctx context.Context, name string) ([]byte, error) {
	return b.do(ctx, request{method: http.MethodGet, object: name, want: http.StatusOK})
}

// listed is the answer to a list request.
type listed struct {
	IsTruncated           bool
	NextContinuationToken string
	Contents              []struct {
		Key  string
		Size int64
	}
}

func (b *bucket) list(ctx context.Context, prefix string) (all []object, err error) {
	query := url.Values{"list-type": {"2"}, "prefix": {b.prefix + prefix}}
	for {
		raw, err := b.do(ctx, request{method: http.MethodGet, query: query, want: http.StatusOK})
		if err != nil {
			return nil, err
		}
		var l listed
		if err := xml.Unmarshal(raw, &l); err != nil {
			return nil, fmt.Errorf("s3: the list cannot be read: %w", err)
		}
		for _, c := range l.Contents {
			all = append(all, object{strings.TrimPrefix(c.Key, b.prefix), c.Size})
		}
		if !l.IsTruncated || l.NextContinuationToken == "" {
			return all, nil
		}
		query.Set("continuation-token", l.NextContinuationToken)
	}
}

// request is one request to the bucket, or to an object in it.
type request struct {
	method, object string
	query          url.Values
	body           []byte
	want           int // the status that means success
}

func (b *bucket) do(ctx context.Context, r request) ([]byte, error) {
	u := b.base
	u.Path = "/" + b.name
	if r.object != "" {
		u.Path += "/" + b.prefix + r.object
	}
	u.RawPath, u.RawQuery = escape(u.Path, true), canonicalQuery(r.query)
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	b.signer.sign(req, r.body, b.now().UTC())
	res, err := b.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	content, err := io.ReadAll(io.LimitReader(res.Body, longestAnswer))
	switch {
	case err != nil:
		return nil, err
	case res.StatusCode == http.StatusNotFound && r.object != "":
		return nil, fmt.Errorf("s3: %s: %w", r.object, fs.ErrNotExist)
	case res.StatusCode != r.want && !(r.method == http.MethodDelete && res.StatusCode == http.StatusOK):
		return nil, fmt.Errorf("s3: %s %s: %s %s", r.method, r.object, res.Status, reason(content))
	}
	return content, nil
}

// reason is the code in an error answer.
func reason(content []byte) string {
	var e struct{ Code string }
	if xml.Unmarshal(content, &e) != nil {
		return ""
	}
	return e.Code
}

// signer signs requests by AWS Signature Version 4.
type signer struct{ id, secret, region string }

// sign adds the headers that prove who asks. It signs every header that is set
// before, and the host.
func (s signer) sign(req *http.Request, body []byte, at time.Time) {
	sum := sha256.Sum256(body)
	hash, stamp := hex.EncodeToString(sum[:]), at.Format("20060102T150405Z")
	req.Header.Set("x-amz-content-sha256", hash)
	req.Header.Set("x-amz-date", stamp)
	names, lines := headers(req)
	canonical := strings.Join([]string{req.Method, escape(req.URL.Path, true), req.URL.RawQuery, lines, names, hash}, "\n")
	digest := sha256.Sum256([]byte(canonical))
	scope := stamp[:8] + "/" + s.region + "/s3/aws4_request"
	text := "AWS4-HMAC-SHA256\n" + stamp + "\n" + scope + "\n" + hex.EncodeToString(digest[:])
	key := []byte("AWS4" + s.secret)
	for _, part := range []string{stamp[:8], s.region, "s3", "aws4_request", text} {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(part))
		key = h.Sum(nil)
	}
	req.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%x", s.id, scope, names, key))
}

// headers are the names and the lines that are signed.
func headers(req *http.Request) (names, lines string) {
	values := map[string]string{"host": req.URL.Host}
	for name, value := range req.Header {
		values[strings.ToLower(name)] = strings.TrimSpace(strings.Join(value, ","))
	}
	var list []string
	for name := range values {
		list = append(list, name)
	}
	sort.Strings(list)
	for _, name := range list {
		lines += name + ":" + values[name] + "\n"
	}
	return strings.Join(list, ";"), lines
}

// canonicalQuery is a query in the order and the form that is signed.
func canonicalQuery(q url.Values) string {
	var parts []string
	for name, values := range q {
		for _, v := range values {
			parts = append(parts, escape(name, false)+"="+escape(v, false))
		}
	}
	sort.Strings(parts)
	return strings.Join(parts, "&")
}

// escape encodes all but unreserved characters, and slashes when they separate.
func escape(s string, slashes bool) string {
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		plain := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
		if plain || slashes && c == '/' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
