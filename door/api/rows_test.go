package api_test

import (
	"context"

	"pendopo/kernel/db"
)

func countRows(d *db.DB, table string) (n int, err error) {
	err = d.Read(context.Background(), func(tx db.Tx) error {
		return tx.Row(`SELECT count(*) FROM ` + table).Scan(&n)
	})
	return n, err
}
