package expr

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
)

// compiler compiles rules into a set and collects problems.
type compiler struct {
	set      *Set
	scope    map[string]Var            // what the present rule may use
	scopes   map[string]map[string]Var // by group and place
	envs     map[string]*cel.Env       // by group, place and the variable that is surely there
	problems []Problem
}

func (c *compiler) problem(r Rule, line, column int, code string, args ...string) {
	c.problems = append(c.problems, Problem{Path: r.Path, Line: line, Column: column, Code: code, Args: args})
}

// rule compiles one rule.
func (c *compiler) rule(r Rule) {
	if n := utf8.RuneCountInString(r.Text); n > maxText {
		c.problem(r, 1, 1, "rule_long", "most", "1000")
		return
	}
	env, err := c.envFor(r)
	if err != nil {
		c.problem(r, 1, 1, "rule_environment", "why", err.Error())
		return
	}
	checked, issues := env.Compile(r.Text)
	if issues.Err() != nil {
		c.issues(r, issues)
		return
	}
	before := len(c.problems)
	c.meaning(r, checked)
	if len(c.problems) > before {
		return
	}
	program, err := env.Program(checked, cel.CostLimit(maxCost), cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		c.problem(r, 1, 1, "rule_environment", "why", err.Error())
		return
	}
	c.set.rules[r.Path] = compiled{program: program, reads: c.reads(checked.NativeRep()), self: r.Self, scope: c.scope}
}

// envFor is the environment of a rule: all variables, those of the items of its
// group by their names, and the one that is surely there with its plain type.
func (c *compiler) envFor(r Rule) (*cel.Env, error) {
	c.scope = c.scopeOf(r)
	v, ok := c.scope[r.Self]
	sure := ok && v.Optional
	key := r.Item + "@" + r.Place
	if sure {
		key += "|" + r.Self
	}
	if env := c.envs[key]; env != nil {
		return env, nil
	}
	var vars []Var
	for _, other := range c.scope {
		if sure && other.Name == r.Self {
			other.Optional = false
		}
		vars = append(vars, other)
	}
	env, err := baseEnv(vars)
	c.envs[key] = env
	return env, err
}

// scopeOf is what a rule may use: all variables, the fields of its group's items,
// and what stands beside it.
func (c *compiler) scopeOf(r Rule) map[string]Var {
	if r.Item == "" && r.Place == "" {
		return c.set.vars
	}
	key := r.Item + "@" + r.Place
	if c.scopes[key] == nil {
		scope := maps.Clone(c.set.vars)
		for _, v := range slices.Concat(c.set.vars[r.Item].Fields, r.Beside) {
			scope[v.Name] = v
		}
		c.scopes[key] = scope
	}
	return c.scopes[key]
}

// issues turns what the compiler says into problems. One slip often makes
// several complaints; those at the same place are one.
func (c *compiler) issues(r Rule, issues *cel.Issues) {
	seen := map[[2]int]bool{}
	for _, e := range issues.Errors() {
		line, column := max(1, e.Location.Line()), e.Location.Column()+1
		if seen[[2]int{line, column}] {
			continue
		}
		seen[[2]int{line, column}] = true
		code, args := c.classify(e.Message)
		c.problem(r, line, max(1, column), code, args...)
		if code == "rule_syntax" {
			return // what follows a syntax error is noise
		}
	}
}

// classify names the class of a compiler's complaint.
func (c *compiler) classify(message string) (code string, args []string) {
	message, _, _ = strings.Cut(message, "\n")
	if name, ok := strings.CutPrefix(message, "undeclared reference to '"); ok {
		name, _, _ = strings.Cut(name, "'")
		return "rule_unknown_name", []string{"name", name, "known", c.names()}
	}
	overload, ranged := strings.HasPrefix(message, "found no matching overload for"), strings.HasPrefix(message, "expression of type")
	if (overload || ranged) && strings.Contains(message, "optional_type(") {
		return "rule_optional", []string{"why", message}
	}
	if overload || ranged {
		return "rule_types", []string{"why", message}
	}
	if strings.HasPrefix(message, "Syntax error") || strings.Contains(message, "token recognition") ||
		strings.Contains(message, "recursion limit") || strings.HasPrefix(message, "expression ") {
		return "rule_syntax", []string{"why", strings.TrimPrefix(message, "Syntax error: ")}
	}
	return "rule_types", []string{"why", message}
}

// names are the variables, for a hint.
func (c *compiler) names() string {
	var names []string
	for name := range c.scope {
		names = append(names, name)
	}
	slices.Sort(names)
	return strings.Join(names, ", ")
}

// meaning refuses rules that are typed and still wrong: no yes or no, a value
// taken without asking whether it is there, a literal that is no choice.
func (c *compiler) meaning(r Rule, checked *cel.Ast) {
	tree := checked.NativeRep()
	want, code := types.BoolType, "rule_not_bool"
	if r.Int {
		want, code = types.IntType, "rule_not_int"
	}
	if !checked.OutputType().IsExactType(want) {
		at := location(tree, tree.Expr())
		c.problem(r, at.Line, at.Column, code, "type", typeName(checked.OutputType()))
	}
	root := ast.NavigateAST(tree)
	for _, e := range ast.MatchDescendants(root, ast.KindMatcher(ast.CallKind)) {
		c.call(r, tree, e)
	}
	for _, e := range ast.MatchDescendants(root, ast.KindMatcher(ast.StructKind)) {
		at := location(tree, e)
		c.problem(r, at.Line, at.Column, "rule_function", "name", e.AsStruct().TypeName())
	}
	(&guards{tree, func(e ast.Expr) {
		at := location(tree, e)
		c.problem(r, at.Line, at.Column, "rule_index")
	}}).walk(tree.Expr(), sizes{})
}

// call looks at one function call of a rule.
func (c *compiler) call(r Rule, tree *ast.AST, e ast.Expr) {
	call := e.AsCall()
	at := location(tree, e)
	switch name := call.FunctionName(); name {
	case "value":
		if written(r.Text, at, "value") { // optMap is made of it too, and safe
			c.problem(r, at.Line, at.Column, "rule_value")
		}
	case "dyn", "type":
		c.problem(r, at.Line, at.Column, "rule_function", "name", name)
	case "_==_", "_!=_", "@in":
		args := call.Args()
		if len(args) == 2 {
			c.choices(r, tree, args[0], args[1])
			c.choices(r, tree, args[1], args[0])
		}
	}
}

// written reports whether a function's name stands in the text right before its
// parenthesis, rather than coming from a macro.
func written(text string, at Read, name string) bool {
	lines := strings.Split(text, "\n")
	if at.Line > len(lines) {
		return false
	}
	before := []rune(lines[at.Line-1])
	before = before[:min(len(before), at.Column-1)]
	return strings.HasSuffix(strings.TrimSpace(string(before)), name)
}

// choices compares the literals of one side with the choices of the other.
func (c *compiler) choices(r Rule, tree *ast.AST, side, literals ast.Expr) {
	v, ok := c.variable(tree, side)
	if !ok || len(v.Choices) == 0 {
		return
	}
	for _, l := range stringLiterals(literals) {
		word := string(l.AsLiteral().(types.String))
		if !slices.Contains(v.Choices, word) {
			at := location(tree, l)
			c.problem(r, at.Line, at.Column, "rule_no_choice", "word", word, "name", v.Name, "known", strings.Join(v.Choices, ", "))
		}
	}
}

// variable is what stands behind an expression: a variable by its name alone, a
// field of a group's item, or either with orValue.
func (c *compiler) variable(tree *ast.AST, e ast.Expr) (Var, bool) {
	switch e.Kind() {
	case ast.IdentKind:
		v, ok := c.scope[e.AsIdent()]
		return v, ok
	case ast.CallKind:
		if call := e.AsCall(); call.IsMemberFunction() && call.FunctionName() == "orValue" {
			return c.variable(tree, call.Target())
		}
	case ast.SelectKind:
		group, ok := strings.CutPrefix(tree.GetType(e.AsSelect().Operand().ID()).TypeName(), item(""))
		if !ok {
			break
		}
		for _, f := range c.set.vars[group].Fields {
			if f.Name == e.AsSelect().FieldName() {
				return f, true
			}
		}
	}
	return Var{}, false
}

// stringLiterals are the literal words of an expression: one, a list of them,
// or one inside optional.of.
func stringLiterals(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.LiteralKind:
		if _, ok := e.AsLiteral().(types.String); ok {
			return []ast.Expr{e}
		}
	case ast.ListKind:
		var out []ast.Expr
		for _, item := range e.AsList().Elements() {
			out = append(out, stringLiterals(item)...)
		}
		return out
	case ast.CallKind:
		if call := e.AsCall(); call.FunctionName() == "optional.of" && len(call.Args()) == 1 {
			return stringLiterals(call.Args()[0])
		}
	}
	return nil
}

// reads collects the variables that a rule uses.
func (c *compiler) reads(tree *ast.AST) []Read {
	var out []Read
	for _, e := range ast.MatchDescendants(ast.NavigateAST(tree), ast.KindMatcher(ast.IdentKind)) {
		if _, ok := c.scope[e.AsIdent()]; ok {
			at := location(tree, e)
			out = append(out, Read{Name: e.AsIdent(), Line: at.Line, Column: at.Column})
		}
	}
	return sortReads(out)
}

// location is where an expression stands in its text, from 1.
func location(tree *ast.AST, e ast.Expr) Read {
	var l common.Location = tree.SourceInfo().GetStartLocation(e.ID())
	return Read{Line: max(1, l.Line()), Column: max(1, l.Column()+1)}
}

func typeName(t *cel.Type) string { return strings.TrimPrefix(t.String(), "google.protobuf.") }
