-- +goose Up
CREATE TABLE definition (
	hash      TEXT NOT NULL PRIMARY KEY, -- SHA-256 of body, hex
	kind      TEXT NOT NULL,             -- service, government or calendar
	id        TEXT NOT NULL,             -- service id; the kind itself for the others
	body      TEXT NOT NULL,             -- canonical JSON
	published BIGINT NOT NULL            -- µs UTC
);
{{append_only definition}}

-- What is live is the newest publication of each kind and id.
CREATE TABLE publication (
	seq  {{serial}},
	kind TEXT NOT NULL,
	id   TEXT NOT NULL,
	hash TEXT NOT NULL,
	at   BIGINT NOT NULL
);
{{append_only publication}}

CREATE TABLE track (
	mac    {{bytes}} NOT NULL PRIMARY KEY, -- HMAC of the code
	stream TEXT NOT NULL
) {{compact}};

CREATE TABLE draft (
	stream     TEXT NOT NULL PRIMARY KEY,
	service    TEXT NOT NULL,
	definition TEXT NOT NULL,
	channel    TEXT NOT NULL,
	lang       TEXT NOT NULL,
	body       {{bytes}} NOT NULL,        -- sealed under the stream's key
	updated    BIGINT NOT NULL,
	expires    BIGINT NOT NULL
);
CREATE INDEX draft_expires ON draft (expires);

CREATE TABLE once (
	scope   TEXT NOT NULL,
	mark    {{bytes}} NOT NULL,           -- SHA-256 of the key
	stream  TEXT NOT NULL,
	version BIGINT NOT NULL,
	mac     {{bytes}} NOT NULL,           -- of the canonical request, under the stream's data key
	at      BIGINT NOT NULL,
	PRIMARY KEY (scope, mark)
) {{compact}};

-- The fold of a case. Every column can be made again from clear parts.
CREATE TABLE cases (
	stream      TEXT NOT NULL PRIMARY KEY,
	service     TEXT NOT NULL,
	definition  TEXT NOT NULL,
	unit        TEXT NOT NULL,
	step        TEXT NOT NULL,
	outcome     TEXT NOT NULL,
	holder_who  TEXT NOT NULL,
	holder_role TEXT NOT NULL,
	holder_unit TEXT NOT NULL,
	escalated   TEXT NOT NULL,
	due         BIGINT NOT NULL,          -- earliest running deadline, µs UTC; far away when none
	received    BIGINT NOT NULL,
	changed     BIGINT NOT NULL,
	version     BIGINT NOT NULL,
	state       TEXT NOT NULL             -- fold.Case as JSON
);
CREATE INDEX cases_worklist ON cases (holder_unit, holder_role, due, stream) WHERE outcome = '';
CREATE INDEX cases_escalated ON cases (holder_unit, escalated, due, stream) WHERE escalated <> '';
CREATE INDEX cases_open ON cases (definition) WHERE outcome = '';
CREATE INDEX cases_unit ON cases (unit, stream) WHERE outcome = '';

CREATE TABLE deadline (
	stream TEXT NOT NULL,
	id     TEXT NOT NULL,
	due    BIGINT NOT NULL,               -- µs UTC; 0 while it stands
	state  TEXT NOT NULL,
	PRIMARY KEY (stream, id)
) {{compact}};
CREATE INDEX deadline_due ON deadline (due) WHERE state = 'running';

-- Gapless number registers: the counter, and what each number was used for.
CREATE TABLE series (
	id     TEXT NOT NULL,
	period TEXT NOT NULL,
	last   BIGINT NOT NULL,
	PRIMARY KEY (id, period)
);
CREATE TABLE number (
	series  TEXT NOT NULL,
	period  TEXT NOT NULL,
	n       BIGINT NOT NULL,
	stream  TEXT NOT NULL,
	printed TEXT NOT NULL,
	PRIMARY KEY (series, period, n)
);
{{append_only number}}

-- One row for each officer, case, purpose and hour: the fold of access streams.
CREATE TABLE access (
	stream  TEXT NOT NULL,
	actor   TEXT NOT NULL,
	purpose TEXT NOT NULL,
	hour    BIGINT NOT NULL,
	PRIMARY KEY (stream, actor, purpose, hour)
);
