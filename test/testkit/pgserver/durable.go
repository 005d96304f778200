package pgserver

// StartDurable is Start for a server whose speed is measured: PostgreSQL's own
// settings, which sync every commit.
func StartDurable() (*Server, error) {
	return start("", []string{"shared_buffers=128MB", "max_connections=100", "logging_collector=off"})
}
