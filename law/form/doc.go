// Package form reads, checks and shows the answers to a service's form.
//
// Nouns: answers (values by field id, in canonical form), form (the fields of
// one definition with its compiled rules), page, group (the same questions for
// each of several items), substitute (papers that count in the place of a file),
// fault (what is wrong, at which field), node (one question as every door walks
// it).
//
// Invariants. The server decides: which pages and fields are asked, what is
// required, what is valid, all from the definition and the answers alone. The
// answer of a field that is not asked is dropped, never kept. Text is NFC
// without control characters. A fault names a field and never a value.
package form
