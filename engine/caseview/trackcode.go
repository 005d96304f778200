package caseview

import (
	"fmt"

	barcode "github.com/boombuler/barcode/qr"

	"pendopo/web/component/qr"
)

// TrackCode is the address of a case's page as a QR code for its slip, and in
// words. It holds the code, which may be spoken, and never the secret. Without a
// base there is none.
func (w Words) TrackCode(base, code string) (v qr.View, words string, err error) {
	if base == "" {
		return v, "", nil
	}
	address := base + "/track/" + code
	matrix, err := barcode.Encode(address, barcode.M, barcode.Unicode)
	if err != nil {
		return v, "", fmt.Errorf("caseview: QR code of an address: %w", err)
	}
	size := matrix.Bounds().Dx()
	dark := func(x, y int) bool {
		r, _, _, _ := matrix.At(x, y).RGBA()
		return r < 0x8000
	}
	v = qr.View{Size: size, Path: qr.Path(size, dark), Alt: w.Printer.T("caseview.qr_track", "code", code)}
	return v, w.Printer.T("caseview.qr_words", "address", address), nil
}
