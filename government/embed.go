// Package government holds the demo government as files: an invented kabupaten
// with a real structure. `pendopo init` writes it out and `pendopo demo` runs it.
package government

import "embed"

// FS is the government folder, with government.yaml at its root.
//
//go:embed *.yaml *.svg *.geojson services templates documents calendars policy
var FS embed.FS
