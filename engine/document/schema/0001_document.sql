-- +goose Up
-- Public facts. Nothing here is personal, so the row outlives its case:
-- verification goes on after shredding. sha256 is of the file as handed out; it
-- cannot be guessed at, for the file holds a signature.
CREATE TABLE document (
    id          TEXT PRIMARY KEY,          -- 32 hexadecimal digits
    kind        TEXT NOT NULL,             -- id of the template
    number      TEXT NOT NULL,             -- as printed
    number_key  TEXT NOT NULL,             -- as people may type it
    day         BIGINT NOT NULL,           -- date of the document, days since 1970-01-01
    until_day   BIGINT NOT NULL DEFAULT 0, -- last day of validity; 0 = no end
    sha256      {{bytes}},
    state       TEXT NOT NULL,             -- numbered, stored, issued, revoked, void
    reason      TEXT NOT NULL DEFAULT '',  -- code of why it was revoked or is void
    changed     BIGINT NOT NULL            -- when it came to this state
);
CREATE INDEX document_number ON document (number_key);
CREATE INDEX document_sha256 ON document (sha256);

-- What making it needs: dies with the case.
CREATE TABLE document_work (
    stream      TEXT PRIMARY KEY,
    id          TEXT NOT NULL,
    template    TEXT NOT NULL,             -- hash of the template it was drawn from
    blob        TEXT NOT NULL DEFAULT '',
    sealed_hash TEXT NOT NULL DEFAULT '',  -- hexadecimal SHA-256 of the stored sealed bytes
    statement   {{bytes}}                  -- signed statement, sealed under the stream's key
);
