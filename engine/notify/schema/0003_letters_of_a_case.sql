-- +goose Up
-- Every commit that moves a case asks whether letters of it wait.
CREATE INDEX notice_letter_case ON notice (subject, state) WHERE channel = 'letter';
