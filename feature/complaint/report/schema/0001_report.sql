-- +goose Up
-- One row for each case whose service has a public side: a fold of its clear
-- parts, but for title and text, which are the words that were published. They
-- are checked by their hash, and gone while the report is not shown.
CREATE TABLE report (
	stream   TEXT NOT NULL PRIMARY KEY,
	code     TEXT NOT NULL,
	service  TEXT NOT NULL,
	unit     TEXT NOT NULL,          -- that handles it now
	source   TEXT NOT NULL,          -- the channel it came by
	kind     TEXT NOT NULL,
	category TEXT NOT NULL,
	region   TEXT NOT NULL,
	district TEXT NOT NULL,          -- the first three parts of region
	lat      BIGINT,                 -- 1/100000 degree; NULL without a place
	lon      BIGINT,
	cell1    BIGINT NOT NULL,        -- squares of 0.1, 0.025 and 0.005 degrees; 0 without a place
	cell2    BIGINT NOT NULL,
	cell3    BIGINT NOT NULL,
	state    TEXT NOT NULL,          -- waiting, sent, handled, answered, solved, silence, rejected, merged, withdrawn
	active   BIGINT NOT NULL,        -- 1 while it has not ended
	received BIGINT NOT NULL,        -- this and all moments: µs UTC
	verified BIGINT,
	answered BIGINT,
	finished BIGINT,
	ended    BIGINT,
	due      BIGINT,                 -- of the promise
	late     BIGINT NOT NULL,        -- 1 when the promise was missed
	reopened BIGINT NOT NULL,
	joined   BIGINT NOT NULL,        -- reports that were merged into this one
	merged   TEXT NOT NULL,          -- stream of the one that it was merged into
	flags    TEXT NOT NULL,          -- JSON: why an officer should look twice
	shown    BIGINT NOT NULL,        -- 1 while everybody may read it
	sha256   TEXT NOT NULL,          -- of title, two line feeds, text, while it is shown
	title    TEXT NOT NULL,
	text     TEXT NOT NULL,
	photos   TEXT NOT NULL,          -- JSON: ids of the files that are shown
	supports BIGINT NOT NULL,        -- rows of report_support
	updated  BIGINT NOT NULL,
	version  BIGINT NOT NULL         -- of the case
);
CREATE UNIQUE INDEX report_code ON report (code);
CREATE INDEX report_received ON report (shown, received, stream);
CREATE INDEX report_category ON report (shown, category, received, stream);
CREATE INDEX report_unit ON report (shown, unit, received, stream);
CREATE INDEX report_district ON report (shown, district, received, stream);
CREATE INDEX report_region ON report (shown, region, received, stream);
CREATE INDEX report_state ON report (shown, state, received, stream);
CREATE INDEX report_active ON report (shown, active, received, stream);
CREATE INDEX report_updated ON report (shown, updated, stream);
CREATE INDEX report_cell1 ON report (shown, cell1, received, stream);
CREATE INDEX report_cell2 ON report (shown, cell2, received, stream);
CREATE INDEX report_cell3 ON report (shown, cell3, received, stream);
CREATE INDEX report_merged ON report (merged) WHERE merged <> '';

-- The words of shown reports, for finding them.
CREATE TABLE report_word (
	word     TEXT NOT NULL,
	received BIGINT NOT NULL,
	stream   TEXT NOT NULL,
	PRIMARY KEY (word, received, stream)
) {{compact}};
CREATE INDEX report_word_stream ON report_word (stream);

-- Who has this too: one line for each browser, which the database knows by an
-- HMAC of the cookie and the report together, so that no two lines tell that
-- they are of one person.
CREATE TABLE report_support (
	stream TEXT NOT NULL,
	mac    {{bytes}} NOT NULL,
	at     BIGINT NOT NULL,
	PRIMARY KEY (stream, mac)
) {{compact}};
