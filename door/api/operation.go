package api

import (
	"maps"
	"slices"

	"pendopo/engine/attachment"
	"pendopo/engine/document"
	"pendopo/kernel/page"
)

// operation is one address of this door, and what a program must know to use
// it. The table of operations is the table of routes and the source of
// /api/openapi.json: neither can say more than the other.
type operation struct {
	page.Route
	id      string // operationId
	group   string // heading under which it stands
	summary string // one line
	text    string // what it does, in whole sentences
	inputs  []input
	body    *content
	results []result
	secret  need
	key     bool  // wants Idempotency-Key
	trouble []bad // problems beside those of every operation
}

// need is whether an operation wants the secret.
type need int

const (
	never need = iota
	may        // shows more with it
	must
)

// input is a parameter of an operation.
type input struct {
	in, name, text string // in: query, path, header
	required       bool
	schema         schema
	example        any
}

// content is a body: its media types and the Go value it is, nil for bytes.
type content struct {
	kinds   []string
	of      any
	example any
}

// result is an answer that is no problem.
type result struct {
	status  int
	text    string
	content *content
	headers []string
}

// bad is a problem that an operation may answer with.
type bad struct {
	status int
	key    string // of the locale files: type is urn:pendopo: and this
}

func jsonOf(v any) *content { return &content{kinds: []string{"application/json"}, of: v} }

func ok(text string, v any, headers ...string) result { return result{200, text, jsonOf(v), headers} }

func query(name, text string, s schema, example any) input {
	return input{"query", name, text, false, s, example}
}

func inPath(name, text string, example any) input {
	return input{"path", name, text, true, schema{"type": "string"}, example}
}

func inHeader(name, text string, required bool, s schema, example any) input {
	return input{"header", name, text, required, s, example}
}

func words() schema { return schema{"type": "string"} }

func wholes(least, most int) schema {
	return schema{"type": "integer", "minimum": least, "maximum": most}
}

// Media types of bytes.
func fileKinds() []string {
	return append([]string{"application/octet-stream", "application/pdf", "image/jpeg", "image/png", "image/webp", "multipart/form-data"},
		slices.Sorted(maps.Keys(attachment.Sounds()))...)
}

// keptKinds are those that files are handed out as.
func keptKinds() []string {
	return append([]string{"application/pdf", "image/jpeg"}, slices.Sorted(maps.Keys(attachment.Sounds()))...)
}

// Problems that several operations share.
func noService() bad { return bad{404, "casework.unknown_service"} }
func noCase() bad    { return bad{404, "api.unknown_case"} }
func noSecret() bad  { return bad{401, "api.secret_missing"} }
func noKey() bad     { return bad{400, "api.key_missing"} }
func shortKey() bad  { return bad{400, "casework.key_length"} }
func noGroup() bad   { return bad{404, "api.unknown_group"} }

// readable are the problems of a JSON body.
func readable() []bad {
	return []bad{{400, "api.not_json"}, {415, "api.content_type"}, {422, "api.not_object"}}
}

func troubles(lists ...[]bad) []bad {
	var out []bad
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// What requests send, as types.
type (
	submissionBody struct {
		Definition string         `json:"definition" doc:"Hash of the definition that the answers were given for; 409 when it is no longer live."`
		Channel    string         `json:"channel" doc:"How it came: always api."`
		Uploads    string         `json:"uploads,omitempty" doc:"Upload group of the files that the answers name, or of the draft."`
		Answers    map[string]any `json:"answers" doc:"Answers by field id, as the schema of the service says."`
	}
	actionBody struct {
		Version int64          `json:"version" doc:"The version of the case that you saw; 409 when somebody acted since."`
		Answers map[string]any `json:"answers,omitempty" doc:"All answers anew, when the action is of kind submit."`
		Note    string         `json:"note,omitempty" doc:"Words for the office, where the action takes any."`
		Given   map[string]any `json:"given,omitempty" doc:"What the action asks, by field id, as its schema in next says."`
	}
	messageBody struct {
		Text  string   `json:"text,omitempty" doc:"At most 2,000 characters."`
		Files []string `json:"files,omitempty" doc:"At most three uploads, handed in for the field message in the group of this case."`
	}
	draftBody struct {
		Version int64          `json:"version" doc:"The version of the draft that you saw; 409 when it was saved since."`
		Answers map[string]any `json:"answers" doc:"All answers given so far."`
	}
	questionBody struct {
		Number  string `json:"number,omitempty" doc:"Number of a document."`
		Payload string `json:"payload,omitempty" doc:"Text of its QR code."`
	}
)

// mostPDF is the longest document that is verified.
const mostPDF = document.MaxPDF + 64<<10
