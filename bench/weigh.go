package main

import (
	"fmt"
	"path"
	"strings"

	"pendopo/bench/load"
)

// page is one page on the wire: head of the response and packed document.
type page struct {
	path, lang string
	bytes      int
}

// weigh takes every citizen's page that opens without a form, as a browser asks
// for it the first time, in each language.
func (b *bench) weigh() error {
	services, err := b.services()
	if err != nil {
		return err
	}
	for _, lang := range []string{"id", "en"} {
		for _, s := range services {
			if err := b.weighOne(&b.found.firstPages, "/services/"+s, lang); err != nil {
				return err
			}
		}
		for _, p := range []string{"/", "/track", "/verify", "/draft"} {
			if err := b.weighOne(&b.found.otherPages, p, lang); err != nil {
				return err
			}
		}
		for _, code := range b.codes {
			if err := b.weighOne(&b.found.otherPages, "/track/"+code, lang); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) weighOne(list *[]page, address, lang string) error {
	r, _, err := load.Fetch(b.subject.Addr, load.Get(address, lang, true))
	if err != nil || r.Status != 200 {
		return fmt.Errorf("%s: status %d, %v", address, r.Status, err)
	}
	if strings.HasPrefix(address, "/track/") {
		address = "/track/…"
	}
	*list = append(*list, page{address, lang, r.Head + r.Body})
	return nil
}

// services are the ids that the home page of the API names.
func (b *bench) services() ([]string, error) {
	r, raw, err := load.Fetch(b.subject.Addr, load.Get("/api/v1/services", "id", false))
	if err != nil || r.Status != 200 {
		return nil, fmt.Errorf("services: status %d, %v", r.Status, err)
	}
	var ids []string
	for _, part := range strings.Split(string(raw[r.Head:]), `"href":"`)[1:] {
		href, _, _ := strings.Cut(part, `"`)
		ids = append(ids, path.Base(href))
	}
	return ids, nil
}

func heaviest(list []page) (worst page) {
	for _, p := range list {
		if p.bytes > worst.bytes {
			worst = p
		}
	}
	return worst
}
