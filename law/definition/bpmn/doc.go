// Package bpmn writes the flow of a service as BPMN 2.0 with its diagram, for
// tools that draw, teach or compare processes. It is an export: nothing here is
// ever run. BPMN knows no legal time, so limits stand in words beside timers
// that are only near.
//
// Nouns: node (a task, an event, a gateway), flow (what leads from one to
// another), pool and lanes (one for each actor, as on the chart).
//
// Invariants: each step is one task, or one pair of gateways where ways run at
// once; a gateway has two ways or more; every node stands in exactly one lane
// and has a shape, every flow has an edge whose ends lie on its nodes.
package bpmn
