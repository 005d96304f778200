package app_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// Limits of a function and of a file, in lines.
const (
	longestFunction = 80
	longestFile     = 700
)

// mutable are the package variables that may hold state, each with its reason.
func mutable() map[string]string {
	return map[string]string{
		"law/region.national":         "the embedded list, whose index is made when it is first asked",
		"test/testkit.Update":         "a flag of the test program",
		"test/testkit.server":         "the one PostgreSQL of a test process",
		"test/testkit/served.program": "the program that a test process builds once",
	}
}

// shape is everything in which a tree departs from the house's rules of form.
func shape(files []source) []string {
	var out []string
	packages := map[string][]source{}
	for _, f := range files {
		if !f.generated() {
			out = append(out, long(f)...)
		}
		if !f.test {
			packages[f.dir] = append(packages[f.dir], f)
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(packages)) {
		out = append(out, comment(dir, packages[dir])...)
		out = append(out, state(dir, packages[dir])...)
	}
	return out
}

// long names files and functions over their limits, and every init.
func long(f source) []string {
	var out []string
	if f.lines > longestFile {
		out = append(out, fmt.Sprintf("%s has %d lines: %d is the most", f.path, f.lines, longestFile))
	}
	for _, d := range f.ast.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		if n := f.length(fn); n > longestFunction {
			out = append(out, fmt.Sprintf("%s: %s has %d lines: %d is the most", f.at(fn), fn.Name.Name, n, longestFunction))
		}
		if fn.Recv == nil && fn.Name.Name == "init" {
			out = append(out, f.at(fn)+": init runs before anybody asked; call it from app")
		}
	}
	return out
}

// comment asks for one comment on each package, in the words Go expects.
func comment(dir string, files []source) []string {
	for _, f := range files {
		if f.ast.Doc == nil {
			continue
		}
		want := "Package " + f.ast.Name.Name + " "
		if f.ast.Name.Name == "main" {
			want = "Command "
		}
		if strings.HasPrefix(f.ast.Doc.Text(), want) {
			return nil
		}
	}
	return []string{dir + ": no package comment says what it is"}
}

// state names package variables that are, or may become, state: those that
// something assigns to, and those of a kind that changes inside.
func state(dir string, files []source) []string {
	vars := map[string]string{} // name → why it is state, empty while it is none
	where := map[string]string{}
	named := map[string]bool{} // pages name a style sheet by its address; nothing writes there
	for _, f := range files {
		for _, d := range f.ast.Decls {
			decl, ok := d.(*ast.GenDecl)
			if !ok || decl.Tok != token.VAR {
				continue
			}
			for _, s := range decl.Specs {
				spec := s.(*ast.ValueSpec)
				why := changing(decl, spec)
				for _, name := range spec.Names {
					vars[name.Name], where[name.Name], named[name.Name] = why, f.at(name), sheet(spec)
				}
			}
		}
	}
	delete(vars, "_")
	for _, f := range files {
		for name, at := range writes(f, vars, named) {
			vars[name] = "is written to at " + at
		}
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if why := vars[name]; why != "" && mutable()[dir+"."+name] == "" {
			out = append(out, fmt.Sprintf("%s: package variable %s %s; hand it in, or give its reason in this test", where[name], name, why))
		}
	}
	return out
}

// changing says why a declaration is no constant table, or is empty.
func changing(decl *ast.GenDecl, spec *ast.ValueSpec) string {
	if embedded(decl.Doc) || embedded(spec.Doc) {
		return ""
	}
	if len(spec.Values) == 0 {
		return "has no value yet"
	}
	for _, v := range spec.Values {
		if !constant(v) {
			return "is made by a call"
		}
	}
	return ""
}

// sheet reports whether a variable is a component's style sheet.
func sheet(spec *ast.ValueSpec) bool {
	if len(spec.Values) != 1 {
		return false
	}
	made, ok := spec.Values[0].(*ast.CompositeLit)
	if !ok {
		return false
	}
	sel, ok := made.Type.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Sheet"
}

func embedded(doc *ast.CommentGroup) bool {
	if doc == nil {
		return false
	}
	return slices.ContainsFunc(doc.List, func(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "//go:embed ") })
}

// constant reports whether a value is a literal, or one of the calls whose
// result nobody can change.
func constant(v ast.Expr) bool {
	switch v := v.(type) {
	case *ast.BasicLit, *ast.Ident, *ast.SelectorExpr:
		return true
	case *ast.CompositeLit:
		return !guards(v.Type)
	case *ast.UnaryExpr:
		return v.Op != token.AND && constant(v.X)
	case *ast.BinaryExpr:
		return constant(v.X) && constant(v.Y)
	case *ast.CallExpr:
		fn, ok := v.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		pkg, ok := fn.X.(*ast.Ident)
		return ok && slices.Contains([]string{
			"errors.New", "regexp.MustCompile", "fault.New", "big.NewInt", "time.FixedZone", "language.MustParse", "fmt.Errorf",
		}, pkg.Name+"."+fn.Sel.Name)
	}
	return false
}

// guards reports whether a type is one of those made for changing together.
func guards(t ast.Expr) bool {
	sel, ok := t.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, ok := sel.X.(*ast.Ident)
	return ok && (pkg.Name == "sync" || pkg.Name == "atomic")
}

// writes are the package variables that a file assigns to, changes an element
// of, or takes the address of. The parser has tied every local name to its
// declaration, so a shadowing local is not taken for the variable. What is
// named by its address may be pointed at.
func writes(f source, vars map[string]string, named map[string]bool) map[string]string {
	out := map[string]string{}
	note := func(e ast.Expr) {
		if id := root(e); id != nil && global(f, id) {
			if _, ours := vars[id.Name]; ours {
				out[id.Name] = f.at(id)
			}
		}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				note(e)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.UnaryExpr:
			if id, ok := n.X.(*ast.Ident); n.Op == token.AND && (!ok || !named[id.Name]) {
				note(n.X)
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && (id.Name == "delete" || id.Name == "clear" || id.Name == "copy") && len(n.Args) > 0 {
				note(n.Args[0])
			}
		}
		return true
	})
	return out
}

// root is the name at the bottom of x, x.f, x[i], x[:], *x and (x).
func root(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return root(e.X)
	case *ast.IndexExpr:
		return root(e.X)
	case *ast.SliceExpr:
		return root(e.X)
	case *ast.StarExpr:
		return root(e.X)
	case *ast.ParenExpr:
		return root(e.X)
	}
	return nil
}

// global reports whether a name is declared at the top of its package: in this
// file, or, unresolved, in another.
func global(f source, id *ast.Ident) bool {
	return id.Obj == nil || f.ast.Scope.Lookup(id.Name) == id.Obj
}

func TestTheHouseKeepsItsForm(t *testing.T) {
	for _, fault := range shape(read(t, os.DirFS(".."))) {
		t.Error(fault)
	}
}

// TestTheFormRuleFindsPlantedFaults plants one fault per file and wants exactly
// its complaint, and none about the many ways in which a variable is no state.
func TestTheFormRuleFindsPlantedFaults(t *testing.T) {
	const head = "// Package x is planted.\npackage x\n"
	lines := strings.Repeat("\n", longestFunction-1)
	for _, c := range []struct{ name, text, want string }{
		{"no comment", "package x\n", "no package comment"},
		{"a comment about something else", "// Some words.\npackage x\n", "no package comment"},
		{"a program's comment", "// Command x is planted.\npackage main\n", ""},
		{"init", head + "func init() {}\n", "init runs before"},
		{"a method called init", head + "type y int\nfunc (y) init() {}\n", ""},
		{"a long function", head + "func f() {" + lines + "\n}\n", "f has 81 lines"},
		{"a function as long as may be", head + "func f() {" + lines + "}\n", ""},
		{"a generated function", "// Code generated by x. DO NOT EDIT.\n\n" + head + "func f() {" + lines + "\n}\n", ""},
		{"a long file", head + strings.Repeat("\n", longestFile), "the most"},
		{"a counter", head + "var n int\n", "n has no value yet"},
		{"a lock", head + "var mu = sync.Mutex{}\n", "mu is made by a call"},
		{"a map that is made", head + "var m = make(map[string]int)\n", "m is made by a call"},
		{"a pointer", head + "var p = &T{}\n", "p is made by a call"},
		{"an assignment", head + "var n = 1\nfunc f() { n = 2 }\n", "n is written to"},
		{"a count", head + "var n = 1\nfunc f() { n++ }\n", "n is written to"},
		{"an element", head + "var m = map[int]T{}\nfunc f() { m[1].x = 2 }\n", "m is written to"},
		{"an address", head + "var n = 1\nfunc f() *int { return &n }\n", "n is written to"},
		{"a sheet's address", head + "var s = scope.Sheet{}\nfunc f() { use(&s) }\n", ""},
		{"a sheet changed", head + "var s = scope.Sheet{}\nfunc f() { s.CSS = `x` }\n", "s is written to"},
		{"a removal", head + "var m = map[int]int{}\nfunc f() { delete(m, 1) }\n", "m is written to"},
		{"an overwriting", head + "var b = []byte{1}\nfunc f() { copy(b[:], x) }\n", "b is written to"},
		{"a shadowing local", head + "var n = 1\nfunc f() { n := 2; n = 3; var m = n; m++ }\n", ""},
		{"a shadowing parameter", head + "var n = 1\nfunc f(n int) { n++ }\n", ""},
		{"tables", head + "var a, b = errors.New(`x`), map[string]int{}\nvar r = regexp.MustCompile(`x`)\nvar _ I = (*T)(nil)\n", ""},
		{"a file that is embedded", head + "//go:embed x\nvar s string\n", ""},
	} {
		got := shape(read(t, fstest.MapFS{"kernel/x/x.go": {Data: []byte(c.text)}}))
		if c.want == "" && len(got) != 0 || c.want != "" && (len(got) != 1 || !strings.Contains(got[0], c.want)) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestStateIsFoundAcrossFiles: a variable of one file, written to in another.
func TestStateIsFoundAcrossFiles(t *testing.T) {
	got := shape(read(t, fstest.MapFS{
		"kernel/x/a.go": {Data: []byte("// Package x is planted.\npackage x\nvar n = 1\n")},
		"kernel/x/b.go": {Data: []byte("package x\nfunc f() { n = 2 }\n")},
	}))
	if len(got) != 1 || !strings.Contains(got[0], "n is written to at kernel/x/b.go:2") {
		t.Errorf("%q", got)
	}
}
