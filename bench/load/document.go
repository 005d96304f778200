package load

import (
	"fmt"
	"os"
	"strings"
)

// WriteBetween puts text between two lines of a file, in place of what stands
// there, and leaves the rest alone.
func WriteBetween(file, from, to, text string) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, rest, ok := strings.Cut(string(raw), from)
	_, tail, ended := strings.Cut(rest, to)
	if !ok || !ended {
		return fmt.Errorf("%s has no place for figures", file)
	}
	return os.WriteFile(file, []byte(head+from+text+to+tail), 0o644)
}
