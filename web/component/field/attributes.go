package field

import "github.com/a-h/templ"

// Described points an input to its hint and error, and says that it needs
// correcting.
func Described(v View) templ.Attributes {
	a := templ.Attributes{}
	if d := v.Described(); d != "" {
		a["aria-describedby"] = d
	}
	if v.Error != "" {
		a["aria-invalid"] = "true"
	}
	return a
}

// more are the attributes an input has only sometimes.
func more(v View) templ.Attributes {
	a := templ.Attributes{}
	if v.Mode != "" {
		a["inputmode"] = v.Mode
	}
	if v.Complete != "" {
		a["autocomplete"] = v.Complete
	}
	return a
}
