package backup_test

import (
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"

	"pendopo/kernel/backup"
)

// bucketAddress starts an S3-compatible server that checks signatures, with two
// buckets of different owners, and gives their addresses.
func bucketAddress(t *testing.T) func(t *testing.T, part string) string {
	backend := s3mem.New()
	for _, name := range []string{"data", "keys"} {
		if err := backend.CreateBucket(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	fake := gofakes3.New(backend, gofakes3.WithV4Auth(map[string]string{"PENDOPO": "a/secret+with=signs"}), gofakes3.WithLogger(gofakes3.DiscardLog()))
	server := httptest.NewServer(fake.Server())
	t.Cleanup(server.Close)
	var n atomic.Int64
	return func(t *testing.T, part string) string {
		host := strings.TrimPrefix(server.URL, "http://")
		return "s3://PENDOPO:a%2Fsecret+with=signs@" + host + "/" + part + "/town " + strings.Repeat("x", int(n.Add(1))) + "?plain=1"
	}
}

func TestABucketRefusesAWrongSecretAndTheSecretIsNeverSaid(t *testing.T) {
	good := bucketAddress(t)(t, "data")
	bad := strings.Replace(good, "a%2Fsecret", "guessed", 1)
	data, err := backup.OpenPlace(bad)
	if err != nil {
		t.Fatal(err)
	}
	_, keys := folders(t)
	_, err = backup.Restore(t.Context(), backup.Wanted{Data: data, Keys: keys})
	if err == nil || strings.Contains(err.Error(), "guessed") || strings.Contains(data.String(), "guessed") {
		t.Errorf("%s: %v", data, err)
	}
	for _, address := range []string{"s3://host/bucket", "s3://ID:topsecret@/b", "ftp://ID:topsecret@h/b", "s3://ID:topsecret@h"} {
		if _, err := backup.OpenPlace(address); err == nil || strings.Contains(err.Error(), "topsecret") {
			t.Errorf("%s: %v", address, err)
		}
	}
}
