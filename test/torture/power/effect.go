package main

// effect is something a client was told has happened. From the moment it was
// told, no power cut may undo it.
type effect struct {
	check  string
	at     answer // the answer that told it,
	moment int    // and its line; for a command, the line after its last
	hold   func(x *exam) error
}

// The checks, by what has gone wrong when one of them is red.
const (
	checkOpen      = "open"      // the instance does not open, or cannot be made anew
	checkFolders   = "folders"   // the name of a folder or file that was acknowledged to is gone
	checkSign      = "sign on"   // the log was signed beyond what the database holds
	checkVerify    = "verify"    // pendopo verify finds a difference
	checkCases     = "cases"     // an acknowledged case or action is lost, or there twice
	checkReceipts  = "receipts"  // the promise of a receipt is broken
	checkKeys      = "keys"      // sealed answers cannot be opened, or are others
	checkFiles     = "files"     // an acknowledged piece or file is lost or not whole
	checkDrafts    = "drafts"    // an acknowledged draft, or what was saved in it, is lost
	checkDestroyed = "destroyed" // what was destroyed can be opened again
	checkHeads     = "heads"     // a head that was shown is not continued, or not kept in heads/
	checkOfficers  = "officers"  // an officer who was added is lost
)
