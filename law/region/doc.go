// Package region is the nation's list of places: every province, kabupaten and
// kota, kecamatan, and desa and kelurahan of Indonesia with its code, and the
// codes that places had before.
//
// Nouns: place (a code and its name), level (province, regency, district,
// village: codes of 2, 4, 6 and 10 digits, written 33.74.01.1001), former (a
// code that no place has any more, and the place that took it over).
//
// The list is one file of 650 kB, embedded as it is read: a name is a row of
// 16-bit word numbers, and the words stand once, in order of their letters. So
// nothing is unpacked: the first question makes an index of half a megabyte in
// two milliseconds, a lookup takes less than a microsecond, and a search by the
// beginnings of words compares numbers. pack.go says how the file is laid out;
// `make regions` makes it anew (test/regions).
//
// The data is from the package idn-area-data; see LICENSE-DATA and
// docs/decisions/1091.
package region
