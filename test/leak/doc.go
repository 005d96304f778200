// Package leak looks for what must not be found: values of people, in whatever
// form, in everything that an instance leaves behind. The test lives a day of
// an instance with planted values, good input and bad, and searches its data,
// its keys, its output and its log. The same day is lived by a program in which
// sealing does nothing: there the search must find every value, in every table
// and file that holds something sealed, or it would prove nothing.
package leak
