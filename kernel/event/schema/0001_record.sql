-- The record. Times are microseconds UTC. clear is JSON kept byte for byte.
CREATE TABLE event (
    id         TEXT PRIMARY KEY,
    stream     TEXT NOT NULL,
    version    BIGINT NOT NULL CHECK (version > 0),
    kind       TEXT NOT NULL,
    schema     BIGINT NOT NULL,
    entered    BIGINT NOT NULL,
    received   BIGINT NOT NULL CHECK (received <= entered),
    evidence   TEXT NOT NULL,
    node       TEXT NOT NULL,
    actor      TEXT NOT NULL,
    definition TEXT NOT NULL,
    clear      TEXT NOT NULL,
    sealed     {{bytes}},
    salt       {{bytes}} NOT NULL,
    leaf       {{bytes}} NOT NULL,
    UNIQUE (stream, version)
);
{{append_only event}}

-- Ids of events that the ledger has not sequenced yet.
CREATE TABLE unsequenced (
    id TEXT PRIMARY KEY
) {{compact}};

-- The log: log counts the origins (1, and one more after every continuation of
-- a lost log). A leaf without an event is a statement of the log itself.
CREATE TABLE leaf (
    log   BIGINT NOT NULL,
    idx   BIGINT NOT NULL,
    event TEXT UNIQUE,
    hash  {{bytes}} NOT NULL,
    PRIMARY KEY (log, idx)
);
{{append_only leaf}}

CREATE TABLE head (
    log  BIGINT NOT NULL,
    size BIGINT NOT NULL,
    root {{bytes}} NOT NULL,
    note TEXT NOT NULL,
    at   BIGINT NOT NULL,
    PRIMARY KEY (log, size)
);
{{append_only head}}

-- Tiles of hashes; the edge tiles grow, so these rows are rewritten.
CREATE TABLE tile (
    log    BIGINT NOT NULL,
    level  BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hashes {{bytes}} NOT NULL,
    PRIMARY KEY (log, level, number)
);
