-- +goose Up

-- A fold of the clear parts of an officer's events; rebuilt without any key.
CREATE TABLE officer (
  id             TEXT   NOT NULL PRIMARY KEY,
  version        BIGINT NOT NULL,
  created        BIGINT NOT NULL,
  disabled       BIGINT NOT NULL,
  temporary      BIGINT NOT NULL,
  epoch          BIGINT NOT NULL,
  login_check    TEXT   NOT NULL,
  password_check TEXT   NOT NULL
);

-- Likewise: a role at a unit, with its days.
CREATE TABLE officer_post (
  id        TEXT   NOT NULL PRIMARY KEY,
  officer   TEXT   NOT NULL,
  unit      TEXT   NOT NULL,
  role      TEXT   NOT NULL,
  kind      TEXT   NOT NULL,
  from_day  TEXT   NOT NULL,
  until_day TEXT   NOT NULL,
  ended     BIGINT
);
CREATE INDEX officer_post_officer ON officer_post (officer);
CREATE INDEX officer_post_unit ON officer_post (unit, role);

-- No folds: these die with the officer's key. Their hashes are in officer.
CREATE TABLE officer_login (
  token   {{bytes}} NOT NULL PRIMARY KEY,
  officer TEXT      NOT NULL UNIQUE
);
CREATE TABLE officer_password (
  officer TEXT NOT NULL PRIMARY KEY,
  hash    TEXT NOT NULL
);

-- A session that ended stays as an empty row until its time is over, so that a
-- request still under way cannot bring it back.
CREATE TABLE officer_session (
  token   {{bytes}} NOT NULL PRIMARY KEY,
  officer TEXT      NOT NULL,
  data    TEXT      NOT NULL,
  begun   BIGINT    NOT NULL,
  seen    BIGINT    NOT NULL,
  ended   BIGINT
);
CREATE INDEX officer_session_officer ON officer_session (officer);

-- Failed log-ins, by HMAC of the login name and of the address.
CREATE TABLE login_failure (
  token    {{bytes}} NOT NULL PRIMARY KEY,
  failures BIGINT    NOT NULL,
  last     BIGINT    NOT NULL
);
