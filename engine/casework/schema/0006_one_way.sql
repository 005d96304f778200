-- +goose Up
-- How long services took is told by the journeys of cases_answered alone.
DROP INDEX event_answer;
