package backup_test

import (
	"errors"
	"testing"
	"time"

	"pendopo/kernel/backup"
)

func TestAReportIsKeptAndItsFindingsAreBounded(t *testing.T) {
	dir := t.TempDir()
	if _, err := backup.Last(dir); !errors.Is(err, backup.ErrNever) {
		t.Fatalf("before the first: %v", err)
	}
	r := backup.Report{At: time.Date(2026, 3, 17, 2, 0, 0, 0, time.UTC), Events: 7}
	for range backup.MaxFindings + 3 {
		r.Find("something")
	}
	if err := r.Keep(dir); err != nil {
		t.Fatal(err)
	}
	got, err := backup.Last(dir)
	if err != nil || !got.At.Equal(r.At) || got.Events != 7 || len(got.Findings) != backup.MaxFindings || got.MoreFound != 3 {
		t.Errorf("%+v, %v", got, err)
	}
}
