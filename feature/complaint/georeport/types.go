package georeport

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strconv"
	"time"
)

// Limits of the specification.
const (
	MostDescription = 4000                // runes of a description
	MostRequests    = 1000                // requests of one answer
	MostSpan        = 90 * 24 * time.Hour // between start_date and end_date
)

// The two states of a request.
const (
	Open   = "open"
	Closed = "closed"
)

// Text is a text that may be missing: null in JSON, an empty element in XML.
type Text string

// MarshalJSON writes null for a missing text.
func (t Text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(string(t))
	return b.Bytes(), err
}

// Degrees is a coordinate, WGS84. The zero Degrees is unknown.
type Degrees struct {
	Value float64
	Known bool
}

// At is a known coordinate.
func At(v float64) Degrees { return Degrees{v, true} }

// String is the number in decimal notation, "" when it is unknown.
func (d Degrees) String() string {
	if !d.Known {
		return ""
	}
	return strconv.FormatFloat(d.Value, 'f', -1, 64)
}

// MarshalJSON writes a number, or null.
func (d Degrees) MarshalJSON() ([]byte, error) {
	if !d.Known {
		return []byte("null"), nil
	}
	return []byte(d.String()), nil
}

// MarshalText is for XML.
func (d Degrees) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Service is a kind of thing that one may report.
type Service struct {
	Code        string `json:"service_code" xml:"service_code"`
	Name        string `json:"service_name" xml:"service_name"`
	Description Text   `json:"description" xml:"description"`
	Metadata    bool   `json:"metadata" xml:"metadata"` // there are further questions: see Definition
	Type        string `json:"type" xml:"type"`         // Realtime, Batch or Blackbox
	Keywords    Text   `json:"keywords" xml:"keywords"` // divided by commas
	Group       Text   `json:"group" xml:"group"`
}

// What a server gives at once when a request was accepted.
const (
	Realtime = "realtime" // its id
	Batch    = "batch"    // a token that becomes an id
	Blackbox = "blackbox" // nothing
)

// Services is the answer of GET services.
type Services []Service

// Definition is the further questions of a service.
type Definition struct {
	XMLName    xml.Name    `json:"-" xml:"service_definition"`
	Code       string      `json:"service_code" xml:"service_code"`
	Attributes []Attribute `json:"attributes" xml:"attributes>attribute"`
}

// Attribute is one further question.
type Attribute struct {
	Variable            bool    `json:"variable" xml:"variable"` // false: words to be read, no question
	Code                string  `json:"code" xml:"code"`
	Datatype            string  `json:"datatype" xml:"datatype"`
	Required            bool    `json:"required" xml:"required"`
	DatatypeDescription Text    `json:"datatype_description" xml:"datatype_description"`
	Order               int     `json:"order" xml:"order"` // from 1 on
	Description         string  `json:"description" xml:"description"`
	Values              []Value `json:"values,omitempty" xml:"values>value"`
}

// The datatypes of an attribute.
const (
	String          = "string"
	Number          = "number"
	Datetime        = "datetime"
	LongText        = "text"
	SingleValueList = "singlevaluelist"
	MultiValueList  = "multivaluelist"
)

// Value is one answer to choose.
type Value struct {
	Key  string `json:"key" xml:"key"`
	Name string `json:"name" xml:"name"`
}

// Request is a report as everybody may read it.
type Request struct {
	ID          string    `json:"service_request_id" xml:"service_request_id"`
	Status      string    `json:"status" xml:"status"` // Open or Closed
	Notes       Text      `json:"status_notes" xml:"status_notes"`
	ServiceName Text      `json:"service_name" xml:"service_name"`
	ServiceCode Text      `json:"service_code" xml:"service_code"`
	Description Text      `json:"description" xml:"description"`
	Agency      Text      `json:"agency_responsible" xml:"agency_responsible"`
	Notice      Text      `json:"service_notice" xml:"service_notice"`
	Requested   Moment    `json:"requested_datetime" xml:"requested_datetime"`
	Updated     Moment    `json:"updated_datetime" xml:"updated_datetime"`
	Expected    Moment    `json:"expected_datetime" xml:"expected_datetime"`
	Address     Text      `json:"address" xml:"address"`
	AddressID   Text      `json:"address_id" xml:"address_id"`
	Zipcode     Text      `json:"zipcode" xml:"zipcode"`
	Lat         Degrees   `json:"lat" xml:"lat"`
	Long        Degrees   `json:"long" xml:"long"`
	Media       Text      `json:"media_url" xml:"media_url"`
	Extended    *Extended `json:"extended_attributes,omitempty" xml:"extended_attributes,omitempty"`
}

// Extended is what the parameter extensions=true adds to a request.
type Extended struct {
	Title    Text     `json:"title" xml:"title"`
	State    string   `json:"state" xml:"state"` // in our own words, finer than open and closed
	Kind     Text     `json:"kind" xml:"kind"`
	Supports int      `json:"supports" xml:"supports"` // people who said that they have this too
	Reopened int      `json:"reopened" xml:"reopened"`
	URL      Text     `json:"html_url" xml:"html_url"` // its public page
	Into     Text     `json:"duplicate_of" xml:"duplicate_of"`
	Photos   []string `json:"photos" xml:"photos>media_url"`
}

// Requests is the answer of GET requests and of GET requests/{id}.
type Requests []Request

// Receipt is the answer to a request that was accepted: an id or a token.
type Receipt struct {
	ID      string `json:"service_request_id,omitempty" xml:"service_request_id,omitempty"`
	Token   string `json:"token,omitempty" xml:"token,omitempty"`
	Notice  Text   `json:"service_notice" xml:"service_notice"`
	Account Text   `json:"account_id" xml:"account_id"`
}

// Receipts is the answer of POST requests.
type Receipts []Receipt

// Ticket is the id that a token has become.
type Ticket struct {
	ID    string `json:"service_request_id" xml:"service_request_id"`
	Token string `json:"token" xml:"token"`
}

// Tickets is the answer of GET tokens/{id}.
type Tickets []Ticket

// Update is a change of a request's state.
type Update struct {
	ID          string `json:"update_id" xml:"update_id"`
	Request     string `json:"service_request_id" xml:"service_request_id"`
	Status      string `json:"status" xml:"status"` // Open or Closed
	Updated     Moment `json:"updated_datetime" xml:"updated_datetime"`
	Description Text   `json:"description" xml:"description"`
	Media       Text   `json:"media_url" xml:"media_url"`
}

// Updates is the answer of GET servicerequestupdates.
type Updates []Update

// Noted is the answer to an update that was accepted.
type Noted struct {
	ID string `json:"update_id" xml:"update_id"`
}

// NotedUpdates is the answer of POST servicerequestupdates.
type NotedUpdates []Noted

// Failure is one thing that is wrong with a request.
type Failure struct {
	Code        int    `json:"code" xml:"code"`
	Description string `json:"description" xml:"description"`
}

// Failures is an answer that is no success.
type Failures []Failure

// Discovery says which addresses there are.
type Discovery struct {
	XMLName    xml.Name   `json:"-" xml:"discovery"`
	Changeset  string     `json:"changeset" xml:"changeset"` // sortable; another when anything below has changed
	Contact    string     `json:"contact" xml:"contact"`
	KeyService string     `json:"key_service" xml:"key_service"` // how to get a key
	Endpoints  []Endpoint `json:"endpoints" xml:"endpoints>endpoint"`
}

// Endpoint is one address of a server.
type Endpoint struct {
	Specification string   `json:"specification" xml:"specification"`
	URL           string   `json:"url" xml:"url"`
	Changeset     string   `json:"changeset" xml:"changeset"`
	Type          string   `json:"type" xml:"type"` // production or test
	Formats       []string `json:"formats" xml:"formats>format"`
}

// Specification is the token of the specification that this package is of.
const Specification = "http://wiki.open311.org/GeoReport_v2"
