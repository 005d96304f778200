-- +goose Up

CREATE TABLE thing (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    n    BIGINT,
    raw  BLOB,
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
CREATE TRIGGER append_only_fixed_update BEFORE UPDATE ON fixed BEGIN SELECT RAISE(ABORT, 'append_only: rows of fixed are never changed or removed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER append_only_fixed_delete BEFORE DELETE ON fixed BEGIN SELECT RAISE(ABORT, 'append_only: rows of fixed are never changed or removed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER append_only_fixed_insert BEFORE INSERT ON fixed BEGIN
SELECT RAISE(ABORT, 'append_only: fixed has such a row') WHERE EXISTS (SELECT 1 FROM fixed WHERE rowid = NEW.rowid);
SELECT RAISE(ABORT, 'append_only: fixed has such a row') WHERE EXISTS (SELECT 1 FROM fixed WHERE id = NEW.id);
SELECT RAISE(ABORT, 'append_only: fixed has such a row') WHERE EXISTS (SELECT 1 FROM fixed WHERE a = NEW.a AND b = NEW.b);
END;
-- +goose StatementEnd

CREATE TABLE small (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID;
-- +goose StatementBegin
CREATE TRIGGER append_only_small_update BEFORE UPDATE ON small BEGIN SELECT RAISE(ABORT, 'append_only: rows of small are never changed or removed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER append_only_small_delete BEFORE DELETE ON small BEGIN SELECT RAISE(ABORT, 'append_only: rows of small are never changed or removed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER append_only_small_insert BEFORE INSERT ON small BEGIN
SELECT RAISE(ABORT, 'append_only: small has such a row') WHERE EXISTS (SELECT 1 FROM small WHERE k = NEW.k);
END;
-- +goose StatementEnd

CREATE TABLE only_lite (x BIGINT);

