// Package operate tests what whoever runs the machine relies on: that the
// program says whether it lives and accepts, that its figures name nobody, that
// it stops without dropping what has begun, and that the systemd unit is sound.
package operate
