package georeport

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// Bounds of what another server may answer.
const (
	MostAnswer  = 16 << 20 // bytes
	mostRecords = 20_000
	deepest     = 24
)

// ErrAnswer says that another server's answer cannot be read.
var ErrAnswer = errors.New("the answer is neither JSON nor XML of the specification")

// Record is one thing of an answer as it was written: field → text. What is
// nested, null or missing is not in it.
type Record map[string]string

// Records reads an answer: its items of that name (service, request,
// request_update, error), wherever a server has wrapped them.
func Records(f Format, body []byte, item string) ([]Record, error) {
	if len(body) > MostAnswer {
		return nil, ErrAnswer
	}
	if f == JSON {
		return jsonRecords(body, item)
	}
	return xmlRecords(body, item)
}

func jsonRecords(body []byte, item string) ([]Record, error) {
	if nested(body) > deepest {
		return nil, ErrAnswer
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var tree any
	if err := d.Decode(&tree); err != nil {
		return nil, ErrAnswer
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, ErrAnswer
	}
	var out []Record
	gather(tree, item, &out)
	if len(out) > mostRecords {
		return nil, ErrAnswer
	}
	return out, nil
}

// nested is how deep the brackets of a JSON text go, those in strings left out.
func nested(body []byte) int {
	depth, most, quoted := 0, 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[', c == '{':
			depth++
			most = max(most, depth)
		case c == ']', c == '}':
			depth--
		}
	}
	return most
}

// gather finds the objects: in a list, under the item's name, or under the name
// of its list. An object that wraps nothing is the item itself.
func gather(tree any, item string, out *[]Record) {
	switch v := tree.(type) {
	case []any:
		for _, each := range v {
			gather(each, item, out)
		}
	case map[string]any:
		for _, name := range []string{item, item + "s", "service_" + item + "s", "service_requests", "service_request_updates", "services", "errors"} {
			switch inner := v[name].(type) {
			case []any, map[string]any:
				gather(inner, item, out)
				return
			}
		}
		*out = append(*out, flat(v))
	}
}

func flat(v map[string]any) Record {
	r := Record{}
	for name, value := range v {
		if s, ok := plain(value); ok {
			r[name] = s
		}
	}
	return r
}

// plain is a value as text. A list of one, as some servers write every field, is
// its only value.
func plain(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	case []any:
		if len(v) == 1 {
			if _, list := v[0].([]any); !list {
				return plain(v[0])
			}
		}
	}
	return "", false
}

// xmlRecords reads elements of that name and the text of their children.
func xmlRecords(body []byte, item string) ([]Record, error) {
	d := xml.NewDecoder(bytes.NewReader(body))
	var out []Record
	depth, seen := 0, false
	for {
		t, err := d.Token()
		if err == io.EOF && seen && depth == 0 {
			return out, nil
		}
		if err != nil {
			return nil, ErrAnswer
		}
		switch t := t.(type) {
		case xml.StartElement:
			seen = true
			if t.Name.Local != item || depth == 0 {
				if depth++; depth > deepest {
					return nil, ErrAnswer
				}
				continue
			}
			r, err := xmlRecord(d)
			if err != nil || len(out) == mostRecords {
				return nil, ErrAnswer
			}
			out = append(out, r)
		case xml.EndElement:
			depth--
		}
	}
}

// xmlRecord reads the children of an element that has begun.
func xmlRecord(d *xml.Decoder) (Record, error) {
	r := Record{}
	var path []string
	var text strings.Builder
	nests := false
	for {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if path = append(path, t.Name.Local); len(path) > deepest {
				return nil, ErrAnswer
			}
			nests = len(path) > 1
			text.Reset()
		case xml.CharData:
			text.Write(t)
		case xml.EndElement:
			if len(path) == 0 {
				return r, nil
			}
			if s := strings.TrimSpace(text.String()); len(path) == 1 && !nests && s != "" {
				r[path[0]] = s
			}
			path = path[:len(path)-1]
		}
	}
}

// degrees reads a coordinate, as a number or a text.
func degrees(s string) Degrees {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || v != v || v < -180 || v > 180 {
		return Degrees{}
	}
	return At(v)
}

// Request is a record of an answer of GET requests.
func (r Record) Request() Request {
	return Request{
		ID: r["service_request_id"], Status: strings.ToLower(r["status"]), Notes: Text(r["status_notes"]),
		ServiceName: Text(r["service_name"]), ServiceCode: Text(r["service_code"]), Description: Text(r["description"]),
		Agency: Text(r["agency_responsible"]), Notice: Text(r["service_notice"]),
		Requested: guessMoment(r["requested_datetime"]), Updated: guessMoment(r["updated_datetime"]), Expected: guessMoment(r["expected_datetime"]),
		Address: Text(r["address"]), AddressID: Text(r["address_id"]), Zipcode: Text(r["zipcode"]),
		Lat: degrees(r["lat"]), Long: degrees(r["long"]), Media: Text(r["media_url"]),
	}
}

// Receipt is a record of an answer of POST requests.
func (r Record) Receipt() Receipt {
	return Receipt{ID: r["service_request_id"], Token: r["token"], Notice: Text(r["service_notice"]), Account: Text(r["account_id"])}
}

// Update is a record of an answer of GET servicerequestupdates. States of the
// extension are told as the two of the specification.
func (r Record) Update() Update {
	return Update{ID: r["update_id"], Request: r["service_request_id"], Status: TwoStates(r["status"]),
		Updated: guessMoment(r["updated_datetime"]), Description: Text(r["description"]), Media: Text(r["media_url"])}
}

// Failure is a record of an error answer. Its code is 0 where it is no number.
func (r Record) Failure() Failure {
	code, err := strconv.Atoi(r["code"])
	if err != nil {
		code = 0
	}
	return Failure{Code: code, Description: r["description"]}
}

// TwoStates makes one of the specification's two states of any state in use: its
// extensions (fixed, duplicate, …) are kinds of closed or of open.
func TwoStates(status string) string {
	switch strings.ToLower(strings.TrimSpace(status)) {
	case "closed", "fixed", "duplicate", "no_further_action", "not_councils_responsibility":
		return Closed
	}
	return Open
}
