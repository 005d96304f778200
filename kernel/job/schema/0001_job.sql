-- Work that is still to be done; a row is deleted when it is. Times are
-- microseconds UTC. run_at is also the end of the lease of a claimed job.
CREATE TABLE job (
    id      {{serial}},
    kind    TEXT NOT NULL,
    key     TEXT,
    payload {{bytes}} NOT NULL,
    run_at  BIGINT NOT NULL,
    attempt BIGINT NOT NULL DEFAULT 0,
    dead    BIGINT NOT NULL DEFAULT 0,
    cause   TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX job_key ON job (key) WHERE key IS NOT NULL;
CREATE INDEX job_due ON job (dead, kind, run_at);
