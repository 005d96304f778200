-- +goose Up
-- Tries, by HMAC of what they are counted by: when all that was tried will have
-- been made good at its pace. A row whose time has passed says nothing.
CREATE TABLE pace (
  key   {{bytes}} NOT NULL PRIMARY KEY,
  until BIGINT    NOT NULL
) {{compact}};
CREATE INDEX pace_until ON pace (until);
