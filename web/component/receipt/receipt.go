// Package receipt is the proof that something was received: its code, and once its secret.
package receipt

import (
	_ "embed"

	"pendopo/web/scope"
)

//go:embed receipt.css
var css string

// Sheet is its style.
var Sheet = scope.Sheet{Name: "receipt", CSS: css}

// View is a receipt. Secret is empty when it was shown before.
type View struct {
	Title  string
	Text   string
	Code   string // already grouped: 7K3M-9QWX-T2C
	Secret string
}

// Examples are its states.
func Examples() []scope.Example {
	return []scope.Example{
		{State: "with secret", Show: Receipt(View{"Permohonan Anda sudah kami terima", "Selasa, 17 Maret 2026 pukul 09.00 WIB", "7K3M-9QWX-T2C", "H4NP-2ZRD"})},
		{State: "without", Show: Receipt(View{"Permohonan Anda sudah kami terima", "Selasa, 17 Maret 2026 pukul 09.00 WIB", "7K3M-9QWX-T2C", ""})},
	}
}
