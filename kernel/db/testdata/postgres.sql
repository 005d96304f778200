-- +goose Up

CREATE TABLE thing (
    id   BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    n    BIGINT,
    raw  BYTEA,
    at   BIGINT,
    yes  BIGINT,
    f    DOUBLE PRECISION
);
CREATE TABLE fixed (
    id   TEXT PRIMARY KEY,
    a    TEXT NOT NULL, -- half of a key, with a comma in the comment
    b    BIGINT NOT NULL CHECK (b IN (1, 2, 3)),
    UNIQUE (a, b)
);
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN RAISE EXCEPTION 'append_only: rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $refuse$;
-- +goose StatementEnd
CREATE TRIGGER append_only_fixed_row BEFORE UPDATE OR DELETE ON fixed FOR EACH ROW EXECUTE FUNCTION append_only_refuse();
CREATE TRIGGER append_only_fixed_all BEFORE TRUNCATE ON fixed FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse();

CREATE TABLE small (k TEXT PRIMARY KEY, v TEXT) ;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION append_only_refuse() RETURNS trigger LANGUAGE plpgsql AS $refuse$
BEGIN RAISE EXCEPTION 'append_only: rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $refuse$;
-- +goose StatementEnd
CREATE TRIGGER append_only_small_row BEFORE UPDATE OR DELETE ON small FOR EACH ROW EXECUTE FUNCTION append_only_refuse();
CREATE TRIGGER append_only_small_all BEFORE TRUNCATE ON small FOR EACH STATEMENT EXECUTE FUNCTION append_only_refuse();


CREATE TABLE only_pg (x BIGINT);
