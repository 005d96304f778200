package identity_test

import (
	"context"
	"testing"

	"pendopo/kernel/fault"
)

// An address is sealed in the officer's stream, and opened as it was last given.
func TestAnOfficersAddressIsSealed(t *testing.T) {
	onBoth(t, func(w *world) {
		ctx, id := context.Background(), w.officer()
		is := func(want string) {
			t.Helper()
			if got, err := w.Email(ctx, id); err != nil || got != want {
				t.Errorf("the address is %q, %v", got, err)
			}
		}
		is("")
		must(t, w.SetEmail(ctx, id, " sri@Contoh.EXAMPLE ", actor))
		is("sri@contoh.example")
		before, err := w.Officer(ctx, id)
		must(t, err)
		must(t, w.SetEmail(ctx, id, "sri@contoh.example", actor))
		if after, err := w.Officer(ctx, id); err != nil || after.Version != before.Version {
			t.Errorf("the same address again was written: %v", err)
		}
		for _, bad := range []string{"sri", "sri@", "@contoh.example", "a b@contoh.example", "Sri <sri@contoh.example>", "sri@contoh", "sri@contoh.example\r\nBcc: x@y.example", "ś@contoh.example"} {
			if err := w.SetEmail(ctx, id, bad, actor); !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		is("sri@contoh.example")
		must(t, w.SetEmail(ctx, id, "", actor))
		is("")
		if d := differences(w); len(d) != 0 {
			t.Errorf("differences: %v", d)
		}
	})
}
