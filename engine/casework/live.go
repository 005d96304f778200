package casework

import (
	"context"
	"strings"

	"pendopo/kernel/db"
)

// mostVersions is how many cases one statement asks for.
const mostVersions = 200

// Versions gives the version of each of some cases, for whoever waits for them to
// change. It opens nothing.
func (e *Engine) Versions(ctx context.Context, streams []string) (map[string]int64, error) {
	out := make(map[string]int64, len(streams))
	for len(streams) > 0 {
		some := streams[:min(len(streams), mostVersions)]
		streams = streams[len(some):]
		err := e.db.Read(ctx, func(tx db.Tx) error { return versions(tx, some, out) })
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func versions(tx db.Tx, streams []string, into map[string]int64) error {
	args := make([]any, len(streams))
	for i, s := range streams {
		args[i] = s
	}
	rows, err := tx.Query(`SELECT stream, version FROM cases WHERE stream IN (?`+strings.Repeat(", ?", len(streams)-1)+`)`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var stream string
		var version int64
		if err := rows.Scan(&stream, &version); err != nil {
			return err
		}
		into[stream] = version
	}
	return rows.Err()
}
