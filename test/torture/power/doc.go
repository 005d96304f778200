// Command power cuts the power. It runs the real program under load and strace,
// which writes down in order everything the program does to its data and key
// folders, and when each client was answered. From that record it builds the
// disks that a power cut at a chosen moment could have left: only what was
// synced; that, and some of the rest in any order and torn; everything. On each
// it starts the program's own code and demands everything that had been
// acknowledged before the cut.
//
// Nouns: a call is a system call; a session is one recording; a disk is the
// model that knows what is certain; a cut is a moment; a lot draws what of the
// uncertain reached the disk; an exam looks at one disk; an effect is what a
// client was told; a plant is a fault that is put into the program to show that
// the rig finds it.
//
// Invariants of the model: a file's bytes are certain once a sync of that file
// ended that began after the write had returned; a name (made, moved, removed)
// once a sync of its folder did. Everything else may be there or not, sector by
// sector. A call that the model does not know ends the run: it is never passed over.
package main
