// Package folder makes names durable. A file that was written and synced can
// still be gone after a power cut: its name stands in a folder, and the folder
// was not synced.
//
// Nouns: a name is what a folder holds: of a file, or of another folder. Invariant:
// when Make or Sync returned nil, the names it is about survive a power cut.
package folder
