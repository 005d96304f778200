package admin

import "strings"

// up is a path without its last part.
func up(p string) string { return p[:max(0, strings.LastIndexAny(p, ".["))] }
