// Package place knows where things are: points, the boundaries of villages and
// districts, and what lies in which.
//
// Nouns: point (latitude and longitude in degrees, WGS84), ring (a closed line),
// area (a region's code and the polygons that are its land), box (the smallest
// frame of parallels and meridians around something), frame (a box drawn at so
// many pixels), cell (a field of the grid by which near things are found).
//
// A government draws its areas in regions.geojson (RFC 7946). Parse reads it with
// limits and says of each fault where it stands. A point on the border of two
// areas that share it lies in exactly one of them: what is counted by area is
// counted once. Borders that areas share stay shared when they are simplified.
//
// It is pure: areas are read once, never changed, and may be asked by many
// goroutines.
package place
