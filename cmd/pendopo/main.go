// Command pendopo is the digital public-service platform of a local government
// in one program: see `pendopo --help`.
package main

import (
	"os"

	"pendopo/app/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:])) }
