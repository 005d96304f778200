// Package definition is the language in which a government writes itself down:
// services, units, roles, calendars, templates. It reads the YAML files of a
// government folder, reports every fault with its place, and yields the
// resolved structures that the rest of law and the engine work on.
//
// Nouns: government, service, standard, form, page, field, flow, step, action,
// limit, stop, product, template, unit, role; in files also person and proxy
// (macro.go), and files that extend others (merge.go).
//
// Invariants: a definition that check passes has every rule compiled against
// its form, every step reachable, an end on every path, an owner for every
// lateness, and every text in every language of the government. A published
// definition is canonical JSON under its SHA-256 and never changes.
package definition
