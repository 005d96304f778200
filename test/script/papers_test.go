package script

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"

	"github.com/rogpeppe/go-internal/testscript"

	"pendopo/app"
	"pendopo/engine/document"
	"pendopo/kernel/conf"
	"pendopo/kernel/db"
)

// papers writes what a citizen of the script's town holds: letter.pdf, the text
// of its code as code.txt, the published keys as keys.json, and of its case the
// receipt as receipt.json and the code as case.txt:
//
//	papers
func papers(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: papers")
	}
	ctx := context.Background()
	in, err := app.Open(ctx, app.Options{
		Place: conf.Place{Data: ts.MkAbs("town"), Node: "script"}, Base: "http://localhost:8080",
	})
	ts.Check(err)
	defer in.Close()
	stream, err := issued(ctx, in)
	ts.Check(err)
	file, _, err := in.Docs.File(ctx, stream)
	ts.Check(err)
	pdf, err := io.ReadAll(file)
	ts.Check(errors.Join(err, file.Close()))
	link, ok := document.LinkIn(pdf)
	if !ok {
		ts.Fatalf("the letter has no code")
	}
	keys, err := in.Docs.PublishedKeys("demo")
	ts.Check(err)
	receipt, err := in.Cases.Receipt(ctx, stream)
	ts.Check(err)
	promise, err := json.Marshal(receipt)
	ts.Check(err)
	for name, data := range map[string][]byte{
		"letter.pdf": pdf, "code.txt": []byte(link), "keys.json": keys, "receipt.json": promise,
		"case.txt": []byte(in.Cases.Code(stream)),
	} {
		ts.Check(os.WriteFile(ts.MkAbs(name), data, 0o644))
	}
}

// issued is the oldest case that has a letter.
func issued(ctx context.Context, in *app.Instance) (stream string, err error) {
	err = in.DB.Read(ctx, func(tx db.Tx) error {
		return tx.Row(`SELECT stream FROM event WHERE kind = ? ORDER BY entered LIMIT 1`, "issued").Scan(&stream)
	})
	return stream, err
}
