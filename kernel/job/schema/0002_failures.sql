-- Failures of the work itself. attempt numbers the claims, and a claim may also
-- end because the server was killed or the store was away.
ALTER TABLE job ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
