package script

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// sheets writes what somebody types who holds two of the sheets that `keys
// shares --json` printed, with a slip in the second line of the first:
//
//	sheets FILE FIRST SECOND TO
func sheets(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: sheets FILE FIRST SECOND TO")
	}
	var printed struct{ Sheets []struct{ Lines []string } }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &printed))
	var typed []string
	for i, which := range args[1:3] {
		n, err := strconv.Atoi(which)
		ts.Check(err)
		lines := printed.Sheets[n-1].Lines
		if i == 0 {
			typed = append(typed, lines[0], lines[1][1:2]+lines[1][:1]+lines[1][2:]+"0")
		} else {
			typed = append(typed, lines[0])
		}
		typed = append(typed, strings.ToLower(strings.ReplaceAll(lines[1], " ", "")), lines[2], lines[3])
	}
	// The first slip above is one of length; this is one of a single character.
	slip := []byte(typed[2])
	slip[0] = map[bool]byte{true: '1', false: '0'}[slip[0] == '0']
	typed[1] = string(slip)
	ts.Check(os.WriteFile(ts.MkAbs(args[3]), []byte(strings.Join(typed, "\n")+"\n"), 0o600))
}
