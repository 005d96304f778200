-- +goose Up
-- A talk is what was asked back of a telephone that told something by text message:
-- the number only as an HMAC, what it told sealed in its draft.
CREATE TABLE intake_talk (
	mac     {{bytes}} NOT NULL PRIMARY KEY,
	stream  TEXT NOT NULL,
	asked   TEXT NOT NULL,
	lang    TEXT NOT NULL,
	updated BIGINT NOT NULL
);
CREATE UNIQUE INDEX intake_talk_stream ON intake_talk (stream);

-- Text messages that were dealt with: a gateway sends one again when it is not sure.
CREATE TABLE intake_seen (
	mac {{bytes}} NOT NULL PRIMARY KEY,
	at  BIGINT NOT NULL
);
CREATE INDEX intake_seen_at ON intake_seen (at);
