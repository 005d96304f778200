-- +goose Up
-- What was taken back before taking back meant hiding.
DELETE FROM report_word WHERE stream IN (SELECT stream FROM report WHERE state = 'withdrawn' AND shown = 1 AND source <> 'archive');
UPDATE report SET shown = 0, sha256 = '', title = '', text = '', photos = 'null' WHERE state = 'withdrawn' AND shown = 1 AND source <> 'archive';
