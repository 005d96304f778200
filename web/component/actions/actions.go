// Package actions is the bar of what may be done now, each with its key.
package actions

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed actions.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "actions", CSS: css}

// Action is one button.
type Action struct {
	Name, Value string // what the form sends
	Text        string
	Key         string // keyboard key, shown; empty = none
	Quiet       bool
	Grave       bool // hard to take back: reject, withdraw
	Off         bool
}

// class of the button.
func (a Action) class() string {
	switch {
	case a.Grave:
		return "btn grave"
	case a.Quiet:
		return "btn quiet"
	}
	return "btn"
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{{State: "usual", Show: Bar([]Action{{"action", "approve", "Setujui", "S", false, false, false}, {"action", "return", "Kembalikan dengan semua kekurangan", "K", true, false, false}, {"action", "reject", "Tolak", "T", false, true, false}})},
		{State: "disabled", Show: Bar([]Action{{"action", "approve", "Setujui", "S", false, false, true}})}}
}
