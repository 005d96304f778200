package policy

import (
	"regexp"
	"strings"
)

// The closed lists as Go has them.
var (
	Purposes = purposes()
	Deeds    = deeds()
)

// Listed is a closed list as the schema has it.
func Listed(kind string) []string {
	m := regexp.MustCompile(`entity ` + kind + ` enum \[(.*)\];`).FindStringSubmatch(Schema)
	var out []string
	for _, word := range strings.Split(m[1], ", ") {
		out = append(out, strings.Trim(word, `"`))
	}
	return out
}

// Conforms asks the schema whether the entities of a request have its types.
func Conforms(r Request) error {
	v, err := validator()
	if err != nil {
		return err
	}
	_, entities := r.cedar()
	return v.Entities(entities)
}
