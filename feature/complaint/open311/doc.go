// Package open311 speaks Open311 GeoReport v2 to other programs, with mySociety's
// servicerequestupdates: it answers what may be reported, takes reports, and
// tells how they stand.
//
// Nouns: key (an api_key that an administrator made for another program; the
// database knows it by an HMAC), filer (the program that holds a key), offer (one
// category of a service with a public side, under its service_code), window (the
// time that a list is asked for), stage (a moment of a report from which an
// update is made).
//
// Invariants: a report that is not shown is answered for by its id alone, and
// then only with its state and times, never with a word, a place or a category;
// nothing of who reported is ever answered, to anybody; media_url is kept as text
// and never fetched; every fault of a request is named at once, by its field and
// never by its value; the same report sent twice is one.
package open311
