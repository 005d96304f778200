package api_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pendopo/door/api"
)

// contract holds every answer that the tests of this package see to the
// description of the API, and remembers which problems occurred.
type contract struct {
	mu       sync.Mutex
	document map[string]any
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
	routes   *http.ServeMux
	answered map[string]bool // "operationId 404 urn:pendopo:…"
}

// common are problems that any operation may answer with; they stand under
// default.
func common() []string {
	return []string{"casework.too_many", "fault.unavailable", "fault.internal", "fault.timeout", "api.method"}
}

func newContract() *contract {
	c := &contract{schemas: map[string]*jsonschema.Schema{}, routes: http.NewServeMux(), answered: map[string]bool{}, compiler: jsonschema.NewCompiler()}
	raw, err := api.Description()
	if err != nil {
		panic(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(raw)))
	if err != nil {
		panic(err)
	}
	c.document = doc.(map[string]any)
	c.compiler.DefaultDraft(jsonschema.Draft2020)
	c.compiler.AssertFormat()
	if err := c.compiler.AddResource("api.json", doc); err != nil {
		panic(err)
	}
	for path, methods := range c.paths() {
		for method := range methods {
			c.routes.Handle(strings.ToUpper(method)+" "+strings.Replace(path, "{path}", "{path...}", 1), http.NotFoundHandler())
		}
	}
	return c
}

func (c *contract) paths() map[string]map[string]any {
	out := map[string]map[string]any{}
	for path, methods := range c.document["paths"].(map[string]any) {
		out[path] = methods.(map[string]any)
	}
	return out
}

// operation is the described operation of a request; "" when there is none.
func (c *contract) operation(method, target string) (path, verb string) {
	req, err := http.NewRequest(method, "http://x"+target, nil)
	if err != nil {
		return "", ""
	}
	_, pattern := c.routes.Handler(req)
	verb, path, _ = strings.Cut(pattern, " ")
	return strings.Replace(path, "{path...}", "{path}", 1), strings.ToLower(verb)
}

// judge says what of an answer the description does not allow.
func (c *contract) judge(method, target string, r reply) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	path, verb := c.operation(method, target)
	if path == "" || method == "HEAD" || method == "OPTIONS" || r.status == 405 || r.status == 304 {
		return nil
	}
	op := c.paths()[path][verb].(map[string]any)
	responses := op["responses"].(map[string]any)
	status := fmt.Sprint(r.status)
	if responses[status] == nil {
		status = "default"
	}
	response := responses[status].(map[string]any)
	kind := r.header.Get("Content-Type")
	media, described := response["content"].(map[string]any)
	if !described && r.body == "" {
		return nil
	}
	if media[kind] == nil {
		return fmt.Errorf("%s answers %d with %s, which is not described", op["operationId"], r.status, kind)
	}
	if kind == "application/problem+json" {
		return c.judgeProblem(op["operationId"].(string), r, c.pointer(path, verb, status, kind))
	}
	if status == "default" {
		return fmt.Errorf("%s answers %d, which is not described", op["operationId"], r.status)
	}
	if media[kind].(map[string]any)["schema"] == nil {
		return nil
	}
	return c.valid(c.pointer(path, verb, status, kind), r.body)
}

func (c *contract) pointer(path, verb, status, kind string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D", "+", "+").Replace
	return "api.json#/paths/" + escape(path) + "/" + verb + "/responses/" + status + "/content/" + escape(kind) + "/schema"
}

func (c *contract) judgeProblem(id string, r reply, pointer string) error {
	if err := c.valid(pointer, r.body); err != nil {
		return err
	}
	var p struct{ Type string }
	if err := json.Unmarshal([]byte(r.body), &p); err != nil {
		return err
	}
	seen := fmt.Sprintf("%s %d %s", id, r.status, p.Type)
	c.answered[seen] = true
	if !slices.Contains(common(), strings.TrimPrefix(p.Type, "urn:pendopo:")) && !slices.Contains(c.documented(), seen) {
		return fmt.Errorf("the description does not name the problem %s", seen)
	}
	return nil
}

func (c *contract) valid(pointer, body string) error {
	s := c.schemas[pointer]
	if s == nil {
		var err error
		if s, err = c.compiler.Compile(pointer); err != nil {
			return err
		}
		c.schemas[pointer] = s
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		return err
	}
	return s.Validate(v)
}

// documented are the problems that the description names, as answered has them.
func (c *contract) documented() []string {
	var out []string
	for _, methods := range c.paths() {
		for _, m := range methods {
			op := m.(map[string]any)
			for status, r := range op["responses"].(map[string]any) {
				content, _ := r.(map[string]any)["content"].(map[string]any)
				media, _ := content["application/problem+json"].(map[string]any)
				of, _ := media["schema"].(map[string]any)
				all, _ := of["allOf"].([]any)
				if len(all) < 2 {
					continue
				}
				kind := all[1].(map[string]any)["properties"].(map[string]any)["type"].(map[string]any)
				for _, e := range kind["examples"].([]any) {
					out = append(out, fmt.Sprintf("%s %s %s", op["operationId"], status, e))
				}
			}
		}
	}
	return out
}

// held is the contract of this run of the tests.
var held = newContract()

// TestMain runs the tests, and when all of them ran says which problems of the
// description none of them has seen: what cannot occur must not stand there.
func TestMain(m *testing.M) {
	flag.Parse()
	status := m.Run()
	if flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.fuzz").Value.String() == "" && status == 0 {
		for _, d := range held.documented() {
			if !held.answered[d] {
				fmt.Println("described, and never seen in the tests:", d)
				status = 1
			}
		}
	}
	os.Exit(status)
}

func TestTheDescriptionAndTheRoutesAreTheSame(t *testing.T) {
	w := newTown(t, sqlite)
	described := map[string]bool{}
	for path, methods := range held.paths() {
		for method := range methods {
			described[strings.ToUpper(method)+" "+strings.Replace(path, "/{path}", "/", 1)] = true
		}
	}
	routed := map[string]bool{}
	for _, r := range w.door.Routes() {
		if strings.Contains(r.Pattern, " ") && r.Pattern != "GET /api" {
			routed[r.Pattern] = true
		}
	}
	for p := range described {
		if !routed[p] {
			t.Errorf("%s is described and is no route", p)
		}
	}
	for p := range routed {
		if !described[p] {
			t.Errorf("%s is a route and is not described", p)
		}
	}
	if got := w.ask("GET", "/api/openapi.json", "", nil); got.status != 200 || got.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("the description: %d %v", got.status, got.header)
	} else if again := w.ask("GET", "/api/openapi.json", "", head{"If-None-Match": got.header.Get("ETag")}); again.status != 304 {
		t.Errorf("again: %d", again.status)
	}
}

// The description is read by people too: each operation has an id of its own, a
// line and a sentence; each parameter and each member of a request says what it
// is; each example is valid.
func TestTheDescriptionIsPlain(t *testing.T) {
	ids := map[string]bool{}
	sentence := regexp.MustCompile(`^[A-Z][^\n]{10,}[.?]$`)
	for path, methods := range held.paths() {
		for method, m := range methods {
			op := m.(map[string]any)
			id, _ := op["operationId"].(string)
			if ids[id] || !regexp.MustCompile(`^[a-z][A-Za-z]+$`).MatchString(id) {
				t.Errorf("%s %s: operationId %q", method, path, id)
			}
			ids[id] = true
			if s, _ := op["summary"].(string); s == "" || len(s) > 60 || strings.HasSuffix(s, ".") {
				t.Errorf("%s: summary %q", id, s)
			}
			if s, _ := op["description"].(string); !sentence.MatchString(s) {
				t.Errorf("%s: description %q", id, s)
			}
			if tags, _ := op["tags"].([]any); len(tags) != 1 {
				t.Errorf("%s: tags %v", id, tags)
			}
			checkInputs(t, id, path, op)
			checkExample(t, id, path, method, op)
		}
	}
	for name, s := range held.document["components"].(map[string]any)["schemas"].(map[string]any) {
		if !strings.HasSuffix(name, "Request") {
			continue
		}
		for member, m := range s.(map[string]any)["properties"].(map[string]any) {
			if d, _ := m.(map[string]any)["description"].(string); !sentence.MatchString(d) {
				t.Errorf("%s.%s: description %q", name, member, d)
			}
		}
	}
	if len(ids) < 20 {
		t.Errorf("only %d operations", len(ids))
	}
}

func checkInputs(t *testing.T, id, path string, op map[string]any) {
	t.Helper()
	inPath := map[string]bool{}
	list, _ := op["parameters"].([]any)
	for _, x := range list {
		p := x.(map[string]any)
		name := p["name"].(string)
		if d, _ := p["description"].(string); len(d) < 8 || p["schema"] == nil {
			t.Errorf("%s: parameter %s: %q", id, name, d)
		}
		if inPath[name] = p["in"] == "path"; inPath[name] && p["required"] != true {
			t.Errorf("%s: parameter %s is not required", id, name)
		}
	}
	for _, m := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
		if !inPath[m[1]] {
			t.Errorf("%s: no parameter for %s", id, m[1])
		}
	}
}

func checkExample(t *testing.T, id, path, method string, op map[string]any) {
	t.Helper()
	body, _ := op["requestBody"].(map[string]any)
	if body == nil {
		return
	}
	for kind, m := range body["content"].(map[string]any) {
		media := m.(map[string]any)
		if kind != "application/json" {
			continue
		}
		if media["example"] == nil {
			t.Errorf("%s: a body without an example", id)
			continue
		}
		escape := strings.NewReplacer("/", "~1", "{", "%7B", "}", "%7D").Replace
		s, err := held.compiler.Compile("api.json#/paths/" + escape(path) + "/" + method + "/requestBody/content/application~1json/schema")
		if err == nil {
			err = s.Validate(media["example"])
		}
		if err != nil {
			t.Errorf("%s: the example: %v", id, err)
		}
	}
}

// The check finds what is not described: an answer with another member, of
// another type, with a status or problem that nobody named.
func TestTheContractFindsWhatIsNotDescribed(t *testing.T) {
	c := newContract()
	header := http.Header{"Content-Type": {"application/json"}}
	for name, r := range map[string]reply{
		"another member": {200, header, `{"services":[],"more":1}`}, "another type": {200, header, `{"services":{}}`},
		"a member missing": {200, header, `{}`}, "another status": {201, header, `{"services":[]}`},
		"another kind":    {200, http.Header{"Content-Type": {"text/html"}}, ``},
		"another problem": {422, http.Header{"Content-Type": {"application/problem+json"}}, `{"type":"urn:pendopo:x.y","title":"","status":422,"detail":"","instance":""}`},
	} {
		if c.judge("GET", "/api/v1/services", r) == nil {
			t.Errorf("%s is taken for what is described", name)
		}
	}
	if err := c.judge("GET", "/api/v1/services", reply{200, header, `{"services":[]}`}); err != nil {
		t.Error(err)
	}
}
