-- +goose Up
-- What a large instance asks for: see docs/performance.md, Growth.

-- The worklist of one service at a post.
CREATE INDEX cases_service ON cases (holder_unit, holder_role, service, due, stream) WHERE outcome = '';
CREATE INDEX cases_escalated_service ON cases (holder_unit, escalated, service, due, stream) WHERE escalated <> '';

-- Which definitions open cases are bound to, and the counts of open work, from
-- this index alone.
DROP INDEX cases_open;
CREATE INDEX cases_open ON cases (definition, unit, service, due) WHERE outcome = '';

-- Which number a case has.
CREATE INDEX number_stream ON number (stream);

-- The newest answers, for how long they took.
CREATE INDEX event_answer ON event (entered) WHERE kind IN ('issued', 'rejected');
