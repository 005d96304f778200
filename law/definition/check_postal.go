package definition

import (
	"fmt"
	"slices"
)

// mostPostal is how many lines an address has below the name at most: more do not
// fit the window of an envelope.
const mostPostal = 5

// postal checks the lines of the address on a letter: that they name answers which
// may be read on an envelope, and that there is a name to stand above them. A part
// of the reporter's identity may stand there: whoever is anonymous gets no letter.
func (c *checks) postal() {
	lines := c.service.Postal
	if !c.has("postal") || !c.clean("postal") {
		return
	}
	named := false
	for i, line := range lines {
		for _, m := range placeholder.FindAllStringSubmatch(line, -1) {
			named = true
			c.postalField(fmt.Sprintf("postal[%d]", i), m[0], m[1])
		}
	}
	if !named || len(lines) > mostPostal {
		c.at("postal", "postal_lines")
	}
	if c.service.NameField() == nil && c.clean("form") {
		c.at("postal", "postal_without_name")
	}
}

// postalField checks one answer that an address names.
func (c *checks) postalField(at, part, id string) {
	switch f := c.service.Field(id); {
	case f == nil:
		c.inText(at, part, "template_field", "field", id, "service", c.service.ID)
	case f.Kind != "" && !slices.Contains([]Kind{KindText, KindNumber, KindChoice, KindRegion}, f.Kind):
		c.inText(at, part, "postal_kind", "field", id)
	}
}
