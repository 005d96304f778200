// Command withpostgres starts one throw-away PostgreSQL, runs a command with
// its address in PENDOPO_TEST_POSTGRES, stops it, and ends as the command did:
//
//	go run ./test/testkit/withpostgres go test ./...
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"

	"pendopo/test/testkit/pgserver"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres COMMAND [ARGUMENT…]")
		return 2
	}
	server, err := pgserver.Start()
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		return 2
	}
	defer server.Stop()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), "PENDOPO_TEST_POSTGRES="+server.URL)
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "withpostgres:", err)
		return 2
	}
	return 0
}
