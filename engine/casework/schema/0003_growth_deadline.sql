-- +goose Up
-- The deadlines in the order in which they are taken. SQLite's index has these
-- columns by itself: the table's key stands in every index of it.
{{only postgres}}
DROP INDEX deadline_due;
CREATE INDEX deadline_due ON deadline (due, stream, id) WHERE state = 'running';
{{end}}
SELECT 1;
