package app

import "runtime/debug"

// Build is what was built, and from what.
type Build struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
}

// release is the version of this source.
const release = "0.1.0"

// Version tells what this binary is.
func Version() Build {
	b := Build{Version: release}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	b.Go = info.GoVersion
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Revision = s.Value
		}
	}
	return b
}
