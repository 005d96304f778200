package complaint

import (
	"io/fs"

	"pendopo/feature/complaint/report"
)

// Schema is the migrations of the table of reports; the module's name for
// db.Migrate is "complaint". The parts of the feature have tables of their own.
func Schema() fs.FS { return report.Schema() }
