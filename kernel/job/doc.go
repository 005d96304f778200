// Package job is work to be done after a commit: rows written in the same
// transaction as the change that wants them, so that neither is without the other.
//
// States of a job: waiting (run_at says from when), claimed (run_at is the end
// of its lease), done (the row is gone), dead (failed ten times; an
// administrator sees it and may revive it).
//
// Invariants:
//   - A handler may run more than once for one job (a node can die between the
//     work and the deletion), so the work itself is made safe to repeat.
//   - One attempt at a time: a claim is one UPDATE … RETURNING, and only the
//     claim's own attempt number may delete or put off the row.
//   - A claim is short and renewed while its handler works: what a killed node
//     had claimed is done by another a quarter of a minute later.
//   - A failed attempt waits 1 s, 2 s, 4 s, … up to an hour, plus up to half of
//     that at random, so that what failed together does not return together.
//   - Only the work itself can fail for good. A claim that a killed node left, work
//     that a node which stops broke off, or a store that was away
//     (fault.Unavailable), brings no job nearer to its death.
//   - Payloads and causes carry no personal value in the clear.
package job
