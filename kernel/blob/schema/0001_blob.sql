-- +goose Up
CREATE TABLE blob (
    id          TEXT PRIMARY KEY,
    stream      TEXT NOT NULL,
    info        {{bytes}} NOT NULL,  -- sealed: name, type, declared size, draft
    received    BIGINT NOT NULL,     -- plain bytes stored so far
    chunks      BIGINT NOT NULL,     -- chunks stored so far, the unfilled one included
    sealed_hash {{bytes}} NOT NULL,  -- empty until finished
    claimed     BIGINT NOT NULL,     -- 0 or 1
    touched     BIGINT NOT NULL      -- µs UTC of the last piece
);
CREATE INDEX blob_stream ON blob (stream);
CREATE INDEX blob_orphan ON blob (touched) WHERE claimed = 0;

CREATE TABLE blob_chunk (
    blob TEXT NOT NULL,
    n    BIGINT NOT NULL,            -- from 0
    data {{bytes}} NOT NULL,         -- sealed
    UNIQUE (blob, n)
);
