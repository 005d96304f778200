package app

import (
	"io/fs"

	"pendopo/engine/administration"
	"pendopo/engine/casework"
	"pendopo/engine/document"
	"pendopo/engine/identity"
	"pendopo/engine/notify"
	"pendopo/feature/complaint"
	"pendopo/feature/complaint/archive"
	"pendopo/feature/complaint/exchange"
	"pendopo/feature/complaint/follow"
	"pendopo/feature/complaint/intake"
	"pendopo/feature/complaint/open311"
	"pendopo/kernel/event"
	"pendopo/kernel/job"
	"pendopo/kernel/pace"
)

// schema is the tables of one module.
type schema struct {
	name  string
	files fs.FS
}

// schemas is every module that has tables in the record's database, in the
// order they are made. Keys and files have databases of their own.
func schemas() []schema {
	return []schema{
		{"record", event.Schema()},
		{"job", job.Schema()},
		{"casework", casework.Schema()},
		{"document", document.Schema()},
		{"identity", identity.Schema()},
		{"pace", pace.Schema()},
		{"notify", notify.Schema()},
		{"administration", administration.Schema()},
		{"complaint", complaint.Schema()}, // feature/complaint
		{"follow", follow.Schema()},       // feature/complaint
		{"archive", archive.Schema()},     // feature/complaint
		{"exchange", exchange.Schema()},   // feature/complaint
		{"open311", open311.Schema()},     // feature/complaint
		{"intake", intake.Schema()},       // feature/complaint
	}
}
