-- +goose Up
-- What reports are compared by to find those of the same thing: a sketch of the
-- text under a key of the instance, and bits of the pictures. No fold: made by
-- opening the report, gone with it, and not kept longer than it is of use.
CREATE TABLE report_sketch (
	stream   TEXT NOT NULL PRIMARY KEY,
	received BIGINT NOT NULL,      -- that of the report, µs UTC
	text     {{bytes}} NOT NULL,   -- law/near.Sketch
	pictures {{bytes}} NOT NULL    -- 8 bytes for each
) {{compact}};
CREATE INDEX report_sketch_received ON report_sketch (received);
