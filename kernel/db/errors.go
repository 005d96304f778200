package db

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Extended result codes of SQLite, and SQLSTATEs, that say what was refused.
const (
	codePrimaryKey = 1555
	codeTrigger    = 1811
	codeUnique     = 2067
	codeRowID      = 2579

	stateUnique   = "23505"
	stateRestrict = "23001"
	stateLocked   = "55P03"
)

// IsConflict reports whether err says that a row with that key is there already.
func IsConflict(err error) bool {
	switch liteCode(err) {
	case codePrimaryKey, codeUnique, codeRowID:
		return true
	case codeTrigger:
		return strings.Contains(err.Error(), "append_only: ") && strings.Contains(err.Error(), " has such a row")
	}
	return pgState(err) == stateUnique
}

// IsRefused reports whether err is the database's own refusal to change or
// remove a row of an append-only table.
func IsRefused(err error) bool {
	if err == nil || !strings.Contains(err.Error(), "append_only: rows of ") {
		return false
	}
	return liteCode(err) == codeTrigger || pgState(err) == stateRestrict
}

func pgState(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// pgLost reports whether err says that the server, the way to it or its disk
// failed, or that it gave up a lock: trying again later is right.
func pgLost(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	if state := pgState(err); state != "" {
		switch state[:2] {
		case "08", "53", "57", "58", "40", "XX":
			return true
		}
		return state == stateLocked || state == "25006" || state == "25P03" // lock wait, standby, idle in transaction
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "conn closed") || strings.Contains(err.Error(), "closed pool")
}
