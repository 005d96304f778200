package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// about is what the description says of the API as a whole.
const about = "Everything the portal does for a person, a program can do for them, with the same rules, clock and record.\n\n" +
	"Dates are 2026-03-17, money is whole rupiah, codes are strings. Words are in the language of Accept-Language. Members that are not known are refused. " +
	"Every request that makes something carries an Idempotency-Key: the same key and request have one effect and one answer. " +
	"The secret goes into the header Authorization: Bearer, never into an address; an unknown code and a wrong secret are the same 404.\n\n" +
	"A problem is application/problem+json (RFC 9457). It names each place by a JSON pointer and never repeats a value.\n\n" +
	"Places are from idn-area-data, which is made available under the Open Database License (ODbL) 1.0."

// problemView is a problem as every operation may answer with one (RFC 9457).
type problemView struct {
	Type     string        `json:"type" doc:"urn:pendopo: and the key of the words in detail."`
	Title    string        `json:"title"`
	Status   int           `json:"status"`
	Detail   string        `json:"detail" doc:"What happened and what to do, in the caller's language."`
	Instance string        `json:"instance" doc:"Id of the request, which the log shows too."`
	Errors   []problemPart `json:"errors,omitempty" doc:"All that needs correcting, each at its place."`
}

type problemPart struct {
	Pointer string `json:"pointer" doc:"JSON pointer into the request; empty for the whole."`
	Key     string `json:"key"`
	Message string `json:"message"`
}

// describe makes the description of operations: OpenAPI 3.1.
func describe(ops []operation) schema {
	s := schemas{schema{}}
	problem := s.of(reflect.TypeFor[problemView]())
	paths, groups := schema{}, []any{}
	for _, op := range ops {
		method, path := methodAndPath(op.Pattern)
		if paths[path] == nil {
			paths[path] = schema{}
		}
		paths[path].(schema)[method] = op.describe(s, problem)
		if !slices.ContainsFunc(groups, func(g any) bool { return g.(schema)["name"] == op.group }) {
			groups = append(groups, schema{"name": op.group})
		}
	}
	return schema{
		"openapi":           "3.1.1",
		"jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
		"info":              schema{"title": "Pendopo", "version": "1", "summary": "Public services of a local government", "description": about},
		"servers":           []any{schema{"url": "/", "description": "This instance."}},
		"tags":              groups,
		"paths":             paths,
		"components": schema{"schemas": s.components, "securitySchemes": schema{
			"secret": schema{"type": "http", "scheme": "bearer", "description": "The secret of the case or draft in the address."}}},
	}
}

var wildcard = regexp.MustCompile(`\{(\w+)\.\.\.\}`)

// methodAndPath is where a pattern of net/http stands in the description.
func methodAndPath(pattern string) (method, path string) {
	method, path, _ = strings.Cut(pattern, " ")
	if strings.HasSuffix(path, "/") {
		path += "{path}"
	}
	return strings.ToLower(method), wildcard.ReplaceAllString(path, "{$1}")
}

func (op operation) describe(s schemas, problem schema) schema {
	out := schema{"operationId": op.id, "tags": []any{op.group}, "summary": op.summary, "description": op.text, "responses": op.responses(s, problem)}
	if list := op.parameters(); len(list) > 0 {
		out["parameters"] = list
	}
	if op.body != nil {
		out["requestBody"] = schema{"required": true, "content": op.body.describe(s)}
	}
	switch op.secret {
	case must:
		out["security"] = []any{schema{"secret": []any{}}}
	case may:
		out["security"] = []any{schema{}, schema{"secret": []any{}}}
	}
	return out
}

func (op operation) parameters() []any {
	inputs := op.inputs
	if op.key {
		inputs = append(slices.Clip(inputs), inHeader("Idempotency-Key", "At least 22 characters, drawn anew for each thing to be done, the same when it is repeated.",
			true, schema{"type": "string", "minLength": 22, "maxLength": 200}, "b8c3f1d2a4e5960718293a4b5c6d7e8f"))
	}
	var out []any
	for _, in := range inputs {
		p := schema{"in": in.in, "name": in.name, "description": in.text, "schema": in.schema}
		if in.required {
			p["required"] = true
		}
		if in.example != nil {
			p["example"] = in.example
		}
		out = append(out, p)
	}
	return out
}

// describe is the media types of a body; JSON has a schema, bytes have none.
func (c content) describe(s schemas) schema {
	out := schema{}
	for _, kind := range c.kinds {
		media := schema{}
		if c.of != nil && kind == "application/json" {
			media["schema"] = s.of(reflect.TypeOf(c.of))
			if c.example != nil {
				media["example"] = c.example
			}
		}
		if kind == "multipart/form-data" {
			media["schema"] = schema{"type": "object", "properties": schema{"file": schema{"type": "string", "contentMediaType": "application/octet-stream"}}, "required": []any{"file"}}
		}
		out[kind] = media
	}
	return out
}

// responses are what an operation answers with: its results, its problems by
// status, and any other problem as default.
func (op operation) responses(s schemas, problem schema) schema {
	out := schema{}
	for _, r := range op.results {
		one := schema{"description": r.text}
		if r.content != nil {
			one["content"] = r.content.describe(s)
		}
		headers := schema{}
		for _, h := range r.headers {
			headers[h] = schema{"schema": words()}
		}
		if len(headers) > 0 {
			one["headers"] = headers
		}
		out[strconv.Itoa(r.status)] = one
	}
	keys := map[int][]any{}
	for _, b := range op.trouble {
		keys[b.status] = append(keys[b.status], "urn:pendopo:"+b.key)
	}
	for status, types := range keys {
		out[strconv.Itoa(status)] = problemResponse(problem, schema{"properties": schema{"type": schema{"examples": types}}}, types)
	}
	out["default"] = problemResponse(problem, nil, nil)
	return out
}

func problemResponse(problem, more schema, types []any) schema {
	text := "Any other problem: too many requests, or the service is away for a while. Retry-After says how long to wait."
	s := problem
	if len(types) > 0 {
		text = "Refused."
		s = schema{"allOf": []any{problem, more}}
	}
	return schema{"description": text, "content": schema{"application/problem+json": schema{"schema": s}}}
}

// openAPI answers with the description of this API.
func (d *Door) openAPI(w http.ResponseWriter, r *http.Request) error {
	raw, err := Description()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	if keep(w, r, "public, max-age=3600", raw) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	_, _ = w.Write(raw) // a caller that has gone needs no answer
	return nil
}

// Description is the text of /api/openapi.json. It follows from the program
// alone, and is made when somebody asks.
func Description() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	err := enc.Encode(describe(new(Door).operations()))
	return b.Bytes(), err
}
