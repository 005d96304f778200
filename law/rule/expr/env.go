package expr

import (
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// Limits of one rule: a screenful of text, a thousandth of a second of work.
const (
	maxText  = 1000
	maxCost  = 10_000
	maxDepth = 30
	maxRegex = 500
)

// baseEnv is the language of rules over these variables: standard CEL with
// optional values, the functions years and days, and nothing that reads a clock.
func baseEnv(vars []Var) (*cel.Env, error) {
	options := []cel.EnvOption{
		cel.OptionalTypes(),
		cel.ParserExpressionSizeLimit(4 * maxText),
		cel.ParserRecursionLimit(maxDepth),
		cel.RegexProgramSizeLimit(maxRegex),
		cel.ASTValidators(
			cel.ValidateDurationLiterals(), cel.ValidateTimestampLiterals(),
			cel.ValidateRegexLiterals(), cel.ValidateHomogeneousAggregateLiterals(),
		),
		between("years", years), between("days", days),
		withObjects(vars),
	}
	for _, v := range vars {
		options = append(options, cel.Variable(v.Name, typeOf(v)))
	}
	return cel.NewEnv(options...)
}

// typeOf is the CEL type of a variable.
func typeOf(v Var) *cel.Type {
	t := cel.StringType
	switch v.Type {
	case Int:
		t = cel.IntType
	case Bool:
		t = cel.BoolType
	case Date:
		t = cel.TimestampType
	case List:
		t = cel.ListType(cel.StringType)
	case Group:
		t = cel.ListType(cel.ObjectType(item(v.Name)))
	}
	if v.Optional {
		return cel.OptionalType(t)
	}
	return t
}

// between declares a whole-number function of two dates.
func between(name string, count func(a, b time.Time) int) cel.EnvOption {
	return cel.Function(name, cel.Overload(name+"_timestamp_timestamp",
		[]*cel.Type{cel.TimestampType, cel.TimestampType}, cel.IntType,
		cel.BinaryBinding(func(a, b ref.Val) ref.Val {
			from, ok := a.(types.Timestamp)
			to, ok2 := b.(types.Timestamp)
			if !ok || !ok2 {
				return types.MaybeNoSuchOverloadErr(a)
			}
			return types.Int(count(from.UTC(), to.UTC()))
		})))
}

// years is the number of full years from a to b: an age on a day. Someone born
// on 29 February is a year older on 1 March of a common year.
func years(a, b time.Time) int {
	if b.Before(a) {
		return -years(b, a)
	}
	n := b.Year() - a.Year()
	if b.Month() < a.Month() || (b.Month() == a.Month() && b.Day() < a.Day()) {
		n--
	}
	return n
}

// days is the number of days from a to b.
func days(a, b time.Time) int {
	return int((b.Unix() - a.Unix()) / (24 * 60 * 60))
}

// Civil is the date of a moment in its own zone, as rules see it.
func Civil(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
