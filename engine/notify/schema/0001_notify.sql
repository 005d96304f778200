-- +goose Up
-- One notice to one person. Address and words are sealed under the key of its
-- stream and die with it; the rest names nobody.
CREATE TABLE notice (
	id       TEXT NOT NULL PRIMARY KEY,
	stream   TEXT NOT NULL,            -- whose key seals it: a case, or a follower's own
	subject  TEXT NOT NULL,            -- the case that it tells of; '' when of none
	kind     TEXT NOT NULL,
	version  BIGINT NOT NULL,          -- of the case, by the event that it tells of
	step     TEXT NOT NULL,            -- at which the case stood then
	service  TEXT NOT NULL,
	unit     TEXT NOT NULL,
	state    TEXT NOT NULL,
	channels TEXT NOT NULL,            -- ways that lead to this person, in order
	channel  TEXT NOT NULL,            -- the present one
	reason   TEXT NOT NULL,            -- why the last attempt failed: a code
	told     BIGINT NOT NULL,          -- 0 not wanted in the record, 1 wanted, 2 there
	urgent   BIGINT NOT NULL,          -- 1: the person acts at this moment, whatever the hour
	made     BIGINT NOT NULL,          -- µs UTC
	changed  BIGINT NOT NULL,
	sealed   {{bytes}} NOT NULL
);
CREATE INDEX notice_state ON notice (state, changed);
CREATE INDEX notice_made ON notice (made);
CREATE INDEX notice_stream ON notice (stream);
CREATE INDEX notice_subject ON notice (subject, made) WHERE subject <> '';

-- One try to send it. ref is the gateway's own name for the message.
CREATE TABLE notice_attempt (
	notice  TEXT NOT NULL,
	n       BIGINT NOT NULL,           -- from 1
	channel TEXT NOT NULL,
	state   TEXT NOT NULL,             -- begun, sent, delivered, failed
	reason  TEXT NOT NULL,
	ref     TEXT NOT NULL,
	cost    BIGINT NOT NULL,           -- whole rupiah
	begun   BIGINT NOT NULL,
	ended   BIGINT NOT NULL,           -- 0 while nothing is known
	PRIMARY KEY (notice, n)
);
CREATE INDEX notice_attempt_ref ON notice_attempt (channel, ref) WHERE ref <> '';
CREATE INDEX notice_attempt_begun ON notice_attempt (begun);

-- Who wants no more of a channel: HMAC of channel and address under the index key.
CREATE TABLE notice_stop (
	mac {{bytes}} NOT NULL PRIMARY KEY,
	at  BIGINT NOT NULL
) {{compact}};

-- Browsers that asked to be told: sealed under the key of the case.
CREATE TABLE notice_browser (
	id     TEXT NOT NULL PRIMARY KEY,
	stream TEXT NOT NULL,
	at     BIGINT NOT NULL,
	sealed {{bytes}} NOT NULL
);
CREATE INDEX notice_browser_stream ON notice_browser (stream);

-- The mornings on which an officer was told.
CREATE TABLE notice_digest (
	officer TEXT NOT NULL,
	day     TEXT NOT NULL,
	PRIMARY KEY (officer, day)
) {{compact}};
