// Command reports measures reports at 1,000 and at 50,000: lists, map, what is
// near, Open311 questions, as ratios of pairs in one run; and how many reports
// per second Open311 takes and tells, as ratios to the bare limit beside it. The
// reports are made by a generator, in the shape of a city's public file, and
// taken in as `pendopo report import` takes them in.
package main
