-- +goose Up
-- Files from which ended reports were taken into the archive, each once.
CREATE TABLE archive_file (
  sha256 TEXT   NOT NULL PRIMARY KEY,
  source TEXT   NOT NULL,
  lines  BIGINT NOT NULL,
  at     BIGINT NOT NULL
);
