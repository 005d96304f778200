// Package script holds the story of every command, as a user types it: one
// .txtar file per command, run by testscript against the real program. The
// commands that only these stories have are in commands_test.go.
package script
