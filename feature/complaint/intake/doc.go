// Package intake takes reports in: the page where a citizen tells, photo first,
// also without signal; text messages; and what is done against floods.
package intake
