package job

import "pendopo/kernel/db"

// Queue is how much work of one kind there is.
type Queue struct {
	Kind    string
	Waiting int64 // to be done, or being done
	Dead    int64 // failed ten times
}

// Queues counts the work there is, by kind.
func Queues(tx db.Tx) (list []Queue, err error) {
	rows, err := tx.Query("SELECT kind, SUM(CASE WHEN dead = 0 THEN 1 ELSE 0 END), SUM(CASE WHEN dead = 0 THEN 0 ELSE 1 END) FROM job GROUP BY kind ORDER BY kind")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var q Queue
		if err := rows.Scan(&q.Kind, &q.Waiting, &q.Dead); err != nil {
			return nil, err
		}
		list = append(list, q)
	}
	return list, rows.Err()
}
