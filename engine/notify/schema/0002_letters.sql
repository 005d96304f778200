-- +goose Up
-- The letters of a unit: those that wait for somebody to print and post them, the
-- oldest first, and those that are under way.
CREATE INDEX notice_letter ON notice (unit, state, changed, id) WHERE channel = 'letter';
