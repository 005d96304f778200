-- +goose Up
CREATE TABLE proposal (
	id       TEXT NOT NULL PRIMARY KEY,
	title    TEXT NOT NULL,
	state    TEXT NOT NULL,          -- draft, proposed, published, dropped
	author   TEXT NOT NULL,          -- who began it
	proposer TEXT NOT NULL,          -- who brought it forward; empty while a draft
	approver TEXT NOT NULL,          -- who agreed
	version  BIGINT NOT NULL,        -- of the row: one more with every change
	created  BIGINT NOT NULL,
	changed  BIGINT NOT NULL
);
CREATE INDEX proposal_changed ON proposal (changed);

CREATE TABLE proposal_file (
	proposal TEXT NOT NULL,
	path     TEXT NOT NULL,
	base     TEXT NOT NULL,          -- SHA-256 of the live file it was made from; empty: there was none
	gone     BIGINT NOT NULL,        -- the file is to be taken away
	body     TEXT NOT NULL,
	PRIMARY KEY (proposal, path)
);

-- A role that a second administrator must agree to.
CREATE TABLE waiting_assignment (
	id        TEXT NOT NULL PRIMARY KEY,
	officer   TEXT NOT NULL,
	unit      TEXT NOT NULL,
	role      TEXT NOT NULL,
	kind      TEXT NOT NULL,
	from_day  TEXT NOT NULL,
	until_day TEXT NOT NULL,
	by_whom   TEXT NOT NULL,
	at        BIGINT NOT NULL
);
