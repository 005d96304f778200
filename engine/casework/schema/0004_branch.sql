-- +goose Up
-- The branches that are under way of cases that go several ways at once: the fold
-- of their events, like deadline. Few cases have any.
CREATE TABLE branch (
	stream      TEXT NOT NULL,
	id          TEXT NOT NULL,            -- the step that the branch began with
	step        TEXT NOT NULL,
	holder_role TEXT NOT NULL,
	holder_unit TEXT NOT NULL,
	escalated   TEXT NOT NULL,
	due         BIGINT NOT NULL,          -- earliest deadline, µs UTC; far away when none
	service     TEXT NOT NULL,
	unit        TEXT NOT NULL,            -- of the case
	PRIMARY KEY (stream, id)
);
CREATE INDEX branch_worklist ON branch (holder_unit, holder_role, due, stream);
CREATE INDEX branch_service ON branch (holder_unit, holder_role, service, due, stream);
CREATE INDEX branch_escalated ON branch (holder_unit, escalated, due, stream) WHERE escalated <> '';
CREATE INDEX branch_escalated_service ON branch (holder_unit, escalated, service, due, stream) WHERE escalated <> '';
CREATE INDEX branch_open ON branch (holder_unit, service, unit, due);
