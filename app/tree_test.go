package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"testing"
)

// source is one Go file of the tree, parsed and not built: what the rules of
// the house say holds for files of every build tag, and no test cache can
// answer for them.
type source struct {
	path  string // from the top of the tree, with slashes
	dir   string
	test  bool
	ast   *ast.File
	set   *token.FileSet
	lines int
}

// read parses every Go file below the top of a tree.
func read(t *testing.T, tree fs.FS) []source {
	t.Helper()
	var all []source
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && elsewhere(d.Name()) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		s, err := parse(tree, name)
		if err == nil {
			all = append(all, s)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// elsewhere reports whether a folder holds no code of this module.
func elsewhere(name string) bool {
	return name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".")
}

func parse(tree fs.FS, name string) (source, error) {
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return source{}, err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments)
	return source{
		path: name, dir: path.Dir(name), test: strings.HasSuffix(name, "_test.go"),
		ast: file, set: set, lines: strings.Count(string(text), "\n"),
	}, err
}

// imports are the paths a file imports.
func (s source) imports() []string {
	var out []string
	for _, spec := range s.ast.Imports {
		if p, err := strconv.Unquote(spec.Path.Value); err == nil {
			out = append(out, p)
		}
	}
	return out
}

// generated reports whether a program wrote the file.
func (s source) generated() bool { return ast.IsGenerated(s.ast) }

// at says where a node stands.
func (s source) at(n ast.Node) string {
	return s.path + ":" + strconv.Itoa(s.set.Position(n.Pos()).Line)
}

// length is how many lines a node takes.
func (s source) length(n ast.Node) int {
	return s.set.Position(n.End()).Line - s.set.Position(n.Pos()).Line + 1
}
