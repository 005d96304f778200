-- +goose Up
-- What officers made of it, as the record of the case says: the row follows the event.
ALTER TABLE exchange_update ADD COLUMN handled BIGINT;                  -- when an officer looked at it
ALTER TABLE exchange_update ADD COLUMN became TEXT NOT NULL DEFAULT ''; -- message, public, both, aside
CREATE INDEX exchange_update_unread ON exchange_update (taken) WHERE handled IS NULL;
