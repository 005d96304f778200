-- +goose Up
-- What figures are made of: the reports of this instance, without those of an archive.
CREATE INDEX report_own ON report (shown, received) WHERE source <> 'archive';
-- Lists of one category that are open, or closed, in the order of the answer.
CREATE INDEX report_category_active ON report (shown, category, active, received, stream);
