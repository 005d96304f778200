-- +goose Up
-- Who told a case, apart from the case: the fold of the clear parts of vaults.
CREATE TABLE vault (
	stream    TEXT NOT NULL PRIMARY KEY, -- of the vault: its events and its key
	about     TEXT NOT NULL,             -- the case
	anonymous BIGINT NOT NULL            -- 1: whoever handles the case may not know who told it
);
CREATE INDEX vault_about ON vault (about);

-- Lateness may call somebody in at another unit: the column says role@unit, and
-- the lists of those who were called in are found by it.
UPDATE cases SET escalated = escalated || '@' || holder_unit WHERE escalated <> '';
UPDATE branch SET escalated = escalated || '@' || holder_unit WHERE escalated <> '';
DROP INDEX cases_escalated;
DROP INDEX cases_escalated_service;
DROP INDEX branch_escalated;
DROP INDEX branch_escalated_service;
CREATE INDEX cases_escalated ON cases (escalated, due, stream) WHERE escalated <> '';
CREATE INDEX cases_escalated_service ON cases (escalated, service, due, stream) WHERE escalated <> '';
CREATE INDEX branch_escalated ON branch (escalated, due, stream) WHERE escalated <> '';
CREATE INDEX branch_escalated_service ON branch (escalated, service, due, stream) WHERE escalated <> '';
