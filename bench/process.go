package main

import (
	"os"

	"pendopo/bench/load"
	"pendopo/test/testkit/port"
)

// startLimit begins this program as the limit.
func startLimit(dir string) (*load.Process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	addr, err := port.Free()
	if err != nil {
		return nil, err
	}
	return load.Start(load.Program{Dir: dir, Args: []string{self, "-limit", dir, "-addr", addr}, Addr: addr, Ready: load.Get("/", "id", false)})
}

// startPendopo serves a data folder until its home page is answered.
func startPendopo(dir, binary, data string) (*load.Process, error) {
	addr, err := port.Free()
	if err != nil {
		return nil, err
	}
	return load.Start(load.Program{
		Dir: dir, Args: []string{binary, "serve", "--data", data, "--addr", addr, "--base", "http://" + addr},
		Addr: addr, Ready: load.Get("/", "id", false),
	})
}
