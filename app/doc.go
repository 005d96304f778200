// Package app joins the parts: app.go is the table of every module, open.go
// makes an instance of them, and adapt.go passes engines to their neighbours,
// which never import each other.
package app
