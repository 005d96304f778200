// Package docs holds tests of the documentation: what a page claims to be shown
// by a test must be.
package docs
