package folder_test

import (
	"os"
	"path/filepath"
	"testing"

	"pendopo/kernel/folder"
)

func TestFoldersAreMadeOnceAndNeverInTheWayOfAFile(t *testing.T) {
	top := t.TempDir()
	deep := filepath.Join(top, "a", "b", "c")
	for range 2 {
		if err := folder.Make(deep, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(deep)
	if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 {
		t.Errorf("%v %v", info, err)
	}
	file := filepath.Join(top, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if folder.Make(file, 0o700) == nil || folder.Make(filepath.Join(file, "below"), 0o700) == nil {
		t.Error("a folder was made where a file is")
	}
	if folder.Sync(filepath.Join(top, "nowhere")) == nil {
		t.Error("a folder that is not there was synced")
	}
	t.Chdir(top)
	if err := folder.Make("relative", 0o700); err != nil {
		t.Error(err)
	}
}
