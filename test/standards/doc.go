// Package standards holds twelve published standards of twelve places as the
// files of one invented government. Each extends a service or a template of the
// demo and says only what that place does otherwise. The tests prove that they
// may go live, that they say what was published, and that no Go line knows them.
package standards
