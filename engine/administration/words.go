package administration

import (
	"pendopo/kernel/page"
	"pendopo/law/definition"
)

// InWords puts a finding of check into a language; a text that is missing stays
// English.
func InWords(f definition.Finding, words *page.Printer) definition.Finding {
	args := make(map[string]any, len(f.Args))
	for name, value := range f.Args {
		args[name] = value
		if name == "want" || name == "got" {
			args[name] = words.T("definition.kind_" + value)
		}
	}
	if words.Has(f.Key()) {
		f.Message = words.TMap(f.Key(), args)
	}
	if f.Hint != "" && words.Has(f.Key()+".hint") {
		f.Hint = words.TMap(f.Key()+".hint", args)
	}
	return f
}
