-- +goose Up
-- Keys of other programs. What was filed under a key is found in the table of
-- requests that were made once, whose scope names the key.
CREATE TABLE open311_key (
  id      TEXT      NOT NULL PRIMARY KEY,
  mac     {{bytes}} NOT NULL,
  label   TEXT      NOT NULL,           -- whose it is, as an administrator wrote it
  peer    TEXT      NOT NULL,           -- name of the server in the exchange that it belongs to, or empty
  pace    BIGINT    NOT NULL,           -- reports in a minute; 0 = as many as come
  created BIGINT    NOT NULL,
  revoked BIGINT
);
CREATE UNIQUE INDEX open311_key_mac ON open311_key (mac);
