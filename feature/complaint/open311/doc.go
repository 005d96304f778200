// Package open311 speaks Open311 GeoReport v2 to other programs: it answers
// what may be reported, takes reports, and tells how they stand.
package open311
