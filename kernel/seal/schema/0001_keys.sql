-- +goose Up
-- Wrapped stream keys. "wrap" names the wrap key, so that a rotation which was
-- cut off leaves nothing unreadable.
CREATE TABLE stream_key (
    stream  TEXT PRIMARY KEY,
    wrap    TEXT NOT NULL,
    wrapped {{bytes}} NOT NULL
);

-- The blind index: keyed tokens by which people are found over sealed data.
CREATE TABLE blind (
    token  {{bytes}} NOT NULL,
    stream TEXT NOT NULL,
    PRIMARY KEY (token, stream)
) {{compact}};
CREATE INDEX blind_stream ON blind (stream);

-- What shredded.list also says, so that either can be rebuilt from the other.
CREATE TABLE shredded (
    stream TEXT PRIMARY KEY
);

-- The wrap key in use: one row, and the lock that keeps a rotation and the
-- making of new keys apart.
CREATE TABLE wrap (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id  TEXT NOT NULL
);
