-- +goose Up
-- Who wants to hear of a report: the contact, and the code that was sent to it,
-- sealed under a key of its own.
CREATE TABLE report_follower (
	id        TEXT NOT NULL PRIMARY KEY, -- as it stands in addresses
	stream    TEXT NOT NULL,             -- whose key seals it
	report    TEXT NOT NULL,             -- stream of the case
	made      BIGINT NOT NULL,           -- µs UTC
	tries     BIGINT NOT NULL,           -- wrong codes
	confirmed BIGINT NOT NULL,           -- 1: the code was typed
	mac       {{bytes}},                 -- HMAC of report and contact, once confirmed
	sealed    {{bytes}} NOT NULL
);
CREATE UNIQUE INDEX report_follower_once ON report_follower (report, mac) WHERE mac IS NOT NULL;
CREATE INDEX report_follower_report ON report_follower (report, confirmed, id);
