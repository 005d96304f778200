package definition

// message is the words of one class of fault.
type message struct {
	text, hint string
	warning    bool
}

// messages are the words of every code, in English; the locale files hold the
// same in every language.
var messages = map[string]message{}
