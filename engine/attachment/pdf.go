package attachment

import (
	"bytes"
	"errors"
)

// tailOfPDF is how far from its end a PDF must say that it ends; scanners add
// some padding after the mark.
const tailOfPDF = 2048

var errPDF = errors.New("attachment: the PDF has no proper beginning or end")

// wholePDF says whether data begins as a PDF and was not cut off. It reads no
// further: what it holds is never run here, and the officer's viewer is the
// browser's own.
func wholePDF(data []byte) error {
	tail := data[max(0, len(data)-tailOfPDF):]
	versioned := len(data) > 8 && (bytes.HasPrefix(data, []byte("%PDF-1.")) || bytes.HasPrefix(data, []byte("%PDF-2.")))
	if !versioned || !bytes.Contains(tail, []byte("%%EOF")) || !bytes.Contains(tail, []byte("startxref")) {
		return errPDF
	}
	return nil
}
