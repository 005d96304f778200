// Package load makes load and looks at what it does to a server: a lean HTTP
// client in a closed loop (Load), the servers under it as processes with their
// children (Process), and their time to start, processor time and memory.
//
// What one figure is compared with must have been measured by the same client,
// on the same machine, in the same minutes; this package is that client.
package load
