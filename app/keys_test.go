package app_test

import (
	"context"
	"errors"
	"os"
	"testing"

	"pendopo/app"
)

func TestARecordIsNeverGivenNewKeys(t *testing.T) {
	onBoth(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		_, err := w.Ledger.Sequence(ctx)
		w.must(err)
		w.must(w.Close())
		again := func() error {
			in, err := app.Open(ctx, app.Options{Place: w.Place, Base: w.Base, Create: true, Origin: "localhost/log", Now: w.Now})
			if err == nil {
				err = in.Close()
			}
			return err
		}
		keys := w.Place.InstanceKeys()
		w.must(os.Rename(keys, keys+".away"))
		if err := again(); !errors.Is(err, app.ErrKeysGone) {
			t.Errorf("without the keys' folder: %v", err)
		}
		if _, err := os.Stat(keys); err == nil {
			t.Error("new keys lie where the old ones were")
		}
		w.must(os.Rename(keys+".away", keys))
		if w.Place.Keys == "" {
			w.must(os.Rename(keys+"/keys.db", keys+"/away.db"))
			if err := again(); !errors.Is(err, app.ErrKeysGone) {
				t.Errorf("without the key store: %v", err)
			}
			w.must(os.Rename(keys+"/away.db", keys+"/keys.db"))
		}
		w.must(again())
	})
}
