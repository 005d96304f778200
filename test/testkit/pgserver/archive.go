package pgserver

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// StartArchiving is Start for a server that copies its log away as operators
// have it do; WAL says where to.
func StartArchiving() (*Server, error) {
	return start("", append([]string{
		"wal_level=replica", "max_wal_senders=4", "archive_mode=on", `archive_command=mkdir -p ../archive && cp "%p" "../archive/%f"`,
	}, settings...))
}

// WAL is the folder of the archived log.
func (s *Server) WAL() string { return filepath.Join(s.dir, "archive") }

// BaseBackup makes one in a folder beside the server's data and gives it.
func (s *Server) BaseBackup() (string, error) {
	to := filepath.Join(s.dir, "backup")
	out, err := s.command(filepath.Join(s.bin, "pg_basebackup"), "-D", to, "-X", "stream", "-c", "fast", "-h", s.dir, "-U", "postgres", "--no-sync").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("pg_basebackup: %w: %s", err, out)
	}
	return to, nil
}

// Archived ends the present piece of log and waits until it lies in the archive.
func (s *Server) Archived(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	var piece, last string
	if err := conn.QueryRow(ctx, "SELECT pg_walfile_name(pg_switch_wal())").Scan(&piece); err != nil {
		return err
	}
	for last < piece {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
		if err := conn.QueryRow(ctx, "SELECT COALESCE(last_archived_wal, '') FROM pg_stat_archiver").Scan(&last); err != nil {
			return err
		}
	}
	return nil
}
