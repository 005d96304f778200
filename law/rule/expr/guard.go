package expr

import (
	"maps"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/parser"
)

// sizes are how many items a list surely has, by the text of the list.
type sizes map[string]int64

// guards walks a rule and reports every item that is taken by its number where
// nothing says that it is there: an index needs a size guard.
type guards struct {
	tree   *ast.AST
	report func(e ast.Expr)
}

func (g *guards) walk(e ast.Expr, known sizes) {
	switch e.Kind() {
	case ast.CallKind:
		g.call(e, e.AsCall(), known)
	case ast.ListKind:
		for _, item := range e.AsList().Elements() {
			g.walk(item, known)
		}
	case ast.MapKind:
		for _, entry := range e.AsMap().Entries() {
			g.walk(entry.AsMapEntry().Key(), known)
			g.walk(entry.AsMapEntry().Value(), known)
		}
	case ast.StructKind:
		for _, field := range e.AsStruct().Fields() {
			g.walk(field.AsStructField().Value(), known)
		}
	case ast.SelectKind:
		g.walk(e.AsSelect().Operand(), known)
	case ast.ComprehensionKind:
		c := e.AsComprehension()
		for _, part := range []ast.Expr{c.IterRange(), c.AccuInit(), c.LoopCondition(), c.LoopStep(), c.Result()} {
			g.walk(part, known)
		}
	}
}

// call walks one call. In a && b each side is only asked for where the other
// holds; in a || b where the other does not.
func (g *guards) call(e ast.Expr, call ast.CallExpr, known sizes) {
	args := call.Args()
	switch name := call.FunctionName(); {
	case name == "_&&_" || name == "_||_":
		for i, arg := range args {
			inside := maps.Clone(known)
			for j, other := range args {
				if i != j {
					g.learn(inside, other, name == "_&&_")
				}
			}
			g.walk(arg, inside)
		}
		return
	case name == "_?_:_" && len(args) == 3:
		g.walk(args[0], known)
		for i, holds := range []bool{true, false} {
			inside := maps.Clone(known)
			g.learn(inside, args[0], holds)
			g.walk(args[1+i], inside)
		}
		return
	case name == "_[_]" && len(args) == 2:
		n, ok := number(args[1])
		if !ok || n < 0 || n >= known[g.text(args[0])] {
			g.report(e)
		}
	}
	if call.IsMemberFunction() {
		g.walk(call.Target(), known)
	}
	for _, arg := range args {
		g.walk(arg, known)
	}
}

// learn adds what a condition says about sizes when it holds, or when it does not.
func (g *guards) learn(known sizes, e ast.Expr, holds bool) {
	if e.Kind() != ast.CallKind {
		return
	}
	call := e.AsCall()
	name, args := call.FunctionName(), call.Args()
	switch {
	case name == "_&&_" && holds, name == "_||_" && !holds:
		for _, arg := range args {
			g.learn(known, arg, holds)
		}
		return
	case name == "!_" && len(args) == 1:
		g.learn(known, args[0], !holds)
		return
	case len(args) != 2:
		return
	}
	list, n, op := g.comparison(name, args)
	if list == "" {
		return
	}
	if !holds {
		op = map[string]string{"_>_": "_<=_", "_>=_": "_<_", "_<_": "_>=_", "_<=_": "_>_", "_==_": "_!=_", "_!=_": "_==_"}[op]
	}
	switch {
	case op == "_>_", op == "_!=_" && n == 0:
		n++
	case op != "_>=_" && op != "_==_":
		return
	}
	known[list] = max(known[list], n)
}

// comparison reads size(list) > n, in either order.
func (g *guards) comparison(op string, args []ast.Expr) (list string, n int64, same string) {
	if n, ok := number(args[1]); ok {
		return g.sized(args[0]), n, op
	}
	if n, ok := number(args[0]); ok {
		turned := map[string]string{"_>_": "_<_", "_>=_": "_<=_", "_<_": "_>_", "_<=_": "_>=_"}
		if t := turned[op]; t != "" {
			op = t
		}
		return g.sized(args[1]), n, op
	}
	return "", 0, ""
}

// sized is the text of the list whose size an expression asks.
func (g *guards) sized(e ast.Expr) string {
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != "size" {
		return ""
	}
	call := e.AsCall()
	if call.IsMemberFunction() {
		return g.text(call.Target())
	}
	if len(call.Args()) == 1 {
		return g.text(call.Args()[0])
	}
	return ""
}

// text is an expression as it would be written.
func (g *guards) text(e ast.Expr) string {
	s, err := parser.Unparse(e, g.tree.SourceInfo())
	if err != nil {
		return ""
	}
	return s
}

func number(e ast.Expr) (int64, bool) {
	if e.Kind() != ast.LiteralKind {
		return 0, false
	}
	n, ok := e.AsLiteral().(types.Int)
	return int64(n), ok
}
