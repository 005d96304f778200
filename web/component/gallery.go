// Package component gathers the examples of every component, for the page
// that shows them all and for the tests that look at each.
package component

import (
	"pendopo/web/component/actions"
	"pendopo/web/component/breadcrumb"
	"pendopo/web/component/checklist"
	"pendopo/web/component/choice"
	"pendopo/web/component/date"
	"pendopo/web/component/daystrip"
	"pendopo/web/component/document"
	"pendopo/web/component/errorsummary"
	"pendopo/web/component/eventlist"
	"pendopo/web/component/field"
	"pendopo/web/component/filters"
	"pendopo/web/component/fold"
	"pendopo/web/component/group"
	"pendopo/web/component/letter"
	"pendopo/web/component/money"
	"pendopo/web/component/needtile"
	"pendopo/web/component/notice"
	"pendopo/web/component/pager"
	"pendopo/web/component/papers"
	"pendopo/web/component/place"
	"pendopo/web/component/progress"
	"pendopo/web/component/qr"
	"pendopo/web/component/receipt"
	"pendopo/web/component/region"
	"pendopo/web/component/requirements"
	"pendopo/web/component/review"
	"pendopo/web/component/search"
	"pendopo/web/component/servicecard"
	"pendopo/web/component/slip"
	"pendopo/web/component/substitute"
	"pendopo/web/component/summary"
	"pendopo/web/component/table"
	"pendopo/web/component/tag"
	"pendopo/web/component/thread"
	"pendopo/web/component/timeline"
	"pendopo/web/component/upload"
	"pendopo/web/scope"
)

// Set is one component with its states.
type Set struct {
	Name     string
	Examples []scope.Example
}

// All is every component, by name.
func All() []Set {
	return []Set{
		{"actions", actions.Examples()}, {"breadcrumb", breadcrumb.Examples()}, {"checklist", checklist.Examples()},
		{"choice", choice.Examples()}, {"date", date.Examples()}, {"daystrip", daystrip.Examples()},
		{"document", document.Examples()}, {"errorsummary", errorsummary.Examples()}, {"eventlist", eventlist.Examples()}, {"field", field.Examples()},
		{"filters", filters.Examples()}, {"fold", fold.Examples()}, {"group", group.Examples()}, {"letter", letter.Examples()}, {"money", money.Examples()},
		{"needtile", needtile.Examples()}, {"notice", notice.Examples()}, {"pager", pager.Examples()}, {"papers", papers.Examples()}, {"place", place.Examples()},
		{"progress", progress.Examples()}, {"qr", qr.Examples()}, {"receipt", receipt.Examples()},
		{"region", region.Examples()}, {"requirements", requirements.Examples()}, {"review", review.Examples()}, {"search", search.Examples()},
		{"servicecard", servicecard.Examples()}, {"slip", slip.Examples()}, {"substitute", substitute.Examples()}, {"summary", summary.Examples()},
		{"table", table.Examples()}, {"tag", tag.Examples()}, {"thread", thread.Examples()}, {"timeline", timeline.Examples()}, {"upload", upload.Examples()},
	}
}
