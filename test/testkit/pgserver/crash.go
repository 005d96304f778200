package pgserver

import (
	"fmt"
	"io"
	"path/filepath"
)

// StartLasting is Start for a server that keeps what it has confirmed when its
// processes die, at whatever moment. It does not sync: what the kernel holds
// survives Crash. It also listens at the addresses of listen, a list with
// commas, for whoever is on the same network; on none when it is empty.
func StartLasting(listen string) (*Server, error) {
	return start(listen, []string{"fsync=off", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=64MB", "max_connections=100", "logging_collector=off"})
}

// Port is where a server listens at all its addresses.
const Port = 5432

// Crash stops the server at once: no goodbye, no checkpoint. Its data stay for Again.
func (s *Server) Crash() error { return s.down("immediate") }

// Down stops the server as an operator does: it throws everybody out and leaves
// nothing to recover.
func (s *Server) Down() error { return s.down("fast") }

// down is `pg_ctl stop -m` of a mode.
func (s *Server) down(mode string) error {
	stop := s.command(filepath.Join(s.bin, "pg_ctl"), "stop", "-m", mode, "-D", filepath.Join(s.dir, "data"))
	out, err := stop.CombinedOutput()
	if err != nil {
		return fmt.Errorf("pg_ctl: %w: %s", err, out)
	}
	if _, err := io.WriteString(s.life, "keep\n"); err != nil {
		return err
	}
	s.life.Close()
	_ = s.cmd.Wait() // tells how the server ended: badly, as it was meant to
	return nil
}

// Again starts a server that is down. It answers when it has recovered.
func (s *Server) Again() error {
	if err := s.launch(filepath.Join(s.dir, "data")); err != nil {
		return err
	}
	return s.wait()
}
