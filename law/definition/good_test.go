package definition

import (
	"os"
	"testing"
)

func TestCheckFindsNothingInTheSmallGovernment(t *testing.T) {
	for _, f := range Check(os.DirFS("testdata/good")) {
		t.Error(f)
	}
}
