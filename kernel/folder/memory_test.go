package folder_test

import (
	"testing"
	"testing/fstest"

	"pendopo/kernel/folder"
)

func TestAFolderInMemoryReadsAsOneOnDisk(t *testing.T) {
	f := folder.Files{"government.yaml": "a: 1\n", "services/one.yaml": "id: one\n", "services/two.yaml": ""}
	list, err := f.ReadDir("services")
	if err != nil || len(list) != 2 || list[0].Name() != "one.yaml" || list[0].IsDir() {
		t.Errorf("services holds %v: %v", list, err)
	}
	if all, err := f.ReadDir("."); err != nil || len(all) != 2 || !all[1].IsDir() {
		t.Errorf("the folder holds %v: %v", all, err)
	}
	for _, gone := range []string{"services/three.yaml", "documents"} {
		if _, err := f.Stat(gone); err == nil {
			t.Errorf("%s is there", gone)
		}
	}
	same := fstest.MapFS{}
	for name, text := range f {
		same[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name := range f {
		got, err := f.ReadFile(name)
		want, _ := same.ReadFile(name)
		if err != nil || string(got) != string(want) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
