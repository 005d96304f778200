-- +goose Up
-- Whom lateness has called in: everybody who may act for it, not only the last.
-- The fold of a case and of its branches, like branch.
CREATE TABLE called (
	stream  TEXT NOT NULL,
	branch  TEXT NOT NULL,                -- id of the branch; empty: the case as a whole
	post    TEXT NOT NULL,                -- role@unit
	due     BIGINT NOT NULL,              -- earliest deadline there, µs UTC
	service TEXT NOT NULL,
	PRIMARY KEY (stream, branch, post)
);
CREATE INDEX called_post ON called (post, due, stream);
CREATE INDEX called_service ON called (post, service, due, stream);

{{only sqlite}}
INSERT INTO called (stream, branch, post, due, service)
SELECT DISTINCT c.stream, '', CASE WHEN instr(p.value, '@') > 0 THEN p.value ELSE p.value || '@' || c.holder_unit END, c.due, c.service
FROM cases c, json_each(json_insert(coalesce(json_extract(c.state, '$.called'), json('[]')), '$[#]', json_extract(c.state, '$.escalated'))) p
WHERE c.escalated <> '';

INSERT INTO called (stream, branch, post, due, service)
SELECT DISTINCT b.stream, b.id, CASE WHEN instr(p.value, '@') > 0 THEN p.value ELSE p.value || '@' || b.holder_unit END, b.due, b.service
FROM branch b JOIN cases c ON c.stream = b.stream, json_each(c.state, '$.branches') x,
	json_each(json_insert(coalesce(json_extract(x.value, '$.called'), json('[]')), '$[#]', json_extract(x.value, '$.escalated'))) p
WHERE b.escalated <> '' AND json_extract(x.value, '$.id') = b.id;
{{end}}
{{only postgres}}
INSERT INTO called (stream, branch, post, due, service)
SELECT DISTINCT c.stream, '', CASE WHEN position('@' IN p.value) > 0 THEN p.value ELSE p.value || '@' || c.holder_unit END, c.due, c.service
FROM cases c CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(c.state::jsonb -> 'called', '[]'::jsonb) || (c.state::jsonb -> 'escalated')) AS p(value)
WHERE c.escalated <> '';

INSERT INTO called (stream, branch, post, due, service)
SELECT DISTINCT b.stream, b.id, CASE WHEN position('@' IN p.value) > 0 THEN p.value ELSE p.value || '@' || b.holder_unit END, b.due, b.service
FROM branch b JOIN cases c ON c.stream = b.stream CROSS JOIN LATERAL jsonb_array_elements(c.state::jsonb -> 'branches') AS x(value)
	CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(x.value -> 'called', '[]'::jsonb) || (x.value -> 'escalated')) AS p(value)
WHERE b.escalated <> '' AND x.value ->> 'id' = b.id;
{{end}}

DROP INDEX cases_escalated;
DROP INDEX cases_escalated_service;
DROP INDEX branch_escalated;
DROP INDEX branch_escalated_service;
