-- +goose Up
-- The newest answers of a service, for how long they really took. No open case
-- stands in it, so taking an application in costs nothing more.
CREATE INDEX cases_answered ON cases (service, changed) WHERE outcome IN ('granted', 'rejected');
