-- +goose Up
-- Reports that are sent on to other servers, one row for each report and peer.
CREATE TABLE exchange_row (
  peer     TEXT   NOT NULL,
  stream   TEXT   NOT NULL,
  code     TEXT   NOT NULL,
  state    TEXT   NOT NULL,  -- waiting, unsure, token, sent, confirmed, failed
  remote   TEXT   NOT NULL,  -- its id over there, '' while it is not known
  token    TEXT   NOT NULL,
  status   TEXT   NOT NULL,  -- open or closed over there, '' while it is not known
  reason   TEXT   NOT NULL,  -- why the last try failed
  attempts BIGINT NOT NULL,
  begun    BIGINT,           -- when it was first sent without our knowing what became of it
  due      BIGINT NOT NULL,  -- when there is something to do again
  made     BIGINT NOT NULL,
  told     TEXT   NOT NULL,  -- our state, as the peer was last told
  PRIMARY KEY (peer, stream)
);
CREATE INDEX exchange_row_due ON exchange_row (state, due);
CREATE INDEX exchange_row_code ON exchange_row (code);
CREATE INDEX exchange_row_remote ON exchange_row (peer, remote);

-- What peers say of reports that they have, in words that were masked.
CREATE TABLE exchange_update (
  peer   TEXT   NOT NULL,
  id     TEXT   NOT NULL,    -- of the update, as the peer gives it
  stream TEXT   NOT NULL,
  status TEXT   NOT NULL,
  words  TEXT   NOT NULL,
  at     BIGINT NOT NULL,    -- as the peer says
  taken  BIGINT NOT NULL,    -- when we had it
  PRIMARY KEY (peer, id)
);
CREATE INDEX exchange_update_stream ON exchange_update (stream, at);

-- Until when the updates of a peer have been read.
CREATE TABLE exchange_read (
  peer  TEXT   NOT NULL PRIMARY KEY,
  until BIGINT NOT NULL
);
