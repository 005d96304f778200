// Command growth makes an instance of many cases and measures it beside a small
// one: what grows with the record, and how fast.
//
//	go run ./bench/growth -cases 1000000 -data DIR          makes a past of a million cases
//	go run ./bench/growth -small DIR -large DIR [-write]    measures two of them side by side
//	go run ./bench/growth -small DIR -large DIR -whole      verify and rebuild too, which take long
//
// The past is made by the engine itself: forms are checked, law decides, events
// are sealed and hashed, deadlines fire at their moments, numbers are taken in
// order, the ledger signs. Only the way to the disk is another one: thousands of
// commands share a commit, and codes, keys of requests and index entries, which
// fall at random places of their tables, are written in their order every
// 200,000 cases. Until the end the folder says "making" in growth.json and is not
// to be used. SIGINT and SIGTERM bring it to a whole state ("paused"), from which
// the same command goes on; a folder that was cut off otherwise is to be deleted.
//
// People, papers and offices are invented as the demo's are. Every so-manieth
// document is drawn by the real engine (-drawn); the others are stand-ins of some
// 300 bytes, signed and sealed like a letter. Papers are shown at the counter: no
// photos are stored. So blob.db is far smaller than in life, and nothing else is.
package main
