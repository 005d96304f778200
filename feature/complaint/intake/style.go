package intake

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed page.css
var css string

// pageSheet is the style of the page for telling something, and its script.
var pageSheet = scope.Sheet{Name: "report", CSS: css, Script: "report.js"}

// outboxSheet brings the script that keeps reports until they went out; it stands
// before the page's own.
var outboxSheet = scope.Sheet{Name: "outbox", Script: scriptOutbox}
