package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pendopo/engine/attachment"
	"pendopo/feature/complaint/advice"
	"pendopo/kernel/db"
)

// neighbours files one report in the middle of the town, beside which all others
// are as reports of its own, with sketches, for as long as any are compared.
func (w *town) neighbours(ctx context.Context) error {
	res, err := http.Post(w.url+"/open311/v2/requests.json", "application/x-www-form-urlencoded", strings.NewReader(url.Values{"api_key": {w.key}, "service_code": {"lampu"},
		"lat": {"-7.1"}, "long": {"110.94"}, "description": {"Lampu mati di jalan 7, sudah seminggu."}}.Encode()))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("filing: status %d", res.StatusCode)
	}
	err = w.DB.Write(func(tx db.Tx) error {
		if err := tx.Row(`SELECT stream FROM report WHERE source <> 'archive'`).Scan(&w.latest); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE report SET source = 'portal' WHERE source = 'archive'`)
		return err
	})
	w.advice = advice.New(advice.Deps{Cases: w.Cases, Files: attachment.New(w.Keys, w.Blobs), Instance: w.Instance.Instance, Reports: w.Reports(), Log: slog.New(slog.DiscardHandler), Now: w.Now})
	for n := 1; err == nil && n > 0; {
		n, err = w.advice.SketchAll(ctx)
	}
	return err
}

// same looks for reports of the same thing, as the desk does beside a case.
func (w *town) same() (time.Duration, error) {
	began := time.Now()
	_, err := w.advice.Same(context.Background(), w.latest)
	return time.Since(began), err
}
