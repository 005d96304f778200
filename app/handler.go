package app

import (
	"context"
	"net/http"
	"net/netip"
	"strings"

	"github.com/a-h/templ"

	"pendopo/door/admin"
	"pendopo/door/api"
	"pendopo/door/desk"
	doornotify "pendopo/door/notify"
	"pendopo/door/portal"
	"pendopo/engine/attachment"
	"pendopo/engine/casework"
	"pendopo/kernel/folder"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/web"
)

// Face is how an instance shows itself.
type Face struct {
	Base    string         // address by which people reach it
	Demo    bool           // show the demo's mark and the components' page
	Pseudo  bool           // offer the generated third language
	Proxies []netip.Prefix // proxies whose X-Forwarded-For is believed
	// Doctor looks at the instance for administrators; nil: nobody does.
	Doctor func(ctx context.Context, words *page.Printer) []admin.Advice
}

// secure reports whether people reach the instance by https.
func (f Face) secure() bool { return strings.HasPrefix(f.Base, "https://") }

// Handler is every door of the instance.
func (in *Instance) Handler(f Face) (http.Handler, error) {
	g := in.Cases.Government()
	site, err := page.New(page.Options{
		Texts: web.Locale(), Pseudo: f.Pseudo, Key: in.Instance.IndexMAC("form tokens"), Demo: f.Demo,
		Secure: f.secure(), House: house(g), Log: in.Log, Zone: in.Cases.Catalogue().Zone(),
		Observe: in.meters.seen, Trust: f.fromProxy,
	})
	if err != nil {
		return nil, err
	}
	in.site.Store(site)
	return in.probes(site.Handler(in.routes(site, f)...)), nil
}

// Patterns is every address of every door, as the table has them: for whoever
// visits them all.
func (in *Instance) Patterns(site *page.Site, f Face) (all []string) {
	for _, r := range in.routes(site, f) {
		all = append(all, r.Pattern)
	}
	return all
}

// routes is the table of every door.
func (in *Instance) routes(site *page.Site, f Face) []page.Route {
	files := attachment.New(in.Keys, in.Blobs)
	finder, times := casework.NewFinder(in.Cases), casework.NewTimes(in.Cases)
	var all []page.Route
	citizens := portal.Deps{
		Site: site, Cases: in.Cases, Documents: in.Docs, Attachments: files, Pace: in.Pace, Now: in.Now, Base: f.Base, Secure: f.secure(), Demo: f.Demo, Address: f.address,
		Log: in.Ledger, Ending: in.stopping.Load, Browsers: in.Notices, Finder: finder, Times: times,
	}
	officers := desk.Deps{
		Site: site, Cases: in.Cases, Identity: in.Identity, Documents: in.Docs, Attachments: files, Notices: in.Notices,
		Log: in.Log, Now: in.Now, Base: f.Base, Secure: f.secure(), Address: f.address,
	}
	entrances(in, &citizens, &officers) // feature/complaint
	outside, inside := portal.New(citizens), desk.New(officers)
	all = append(all, outside.Routes()...)
	all = append(all, inside.Routes()...)
	all = append(all, complaints(in, site, f, files, outside, inside).Routes()...) // feature/complaint
	all = append(all, admin.New(admin.Deps{
		Site: site, Cases: in.Cases, Identity: in.Identity, Admin: in.Admin, DB: in.DB, Ledger: in.Ledger, Times: times, Copies: copiesOf{in.Place.Data}, Notices: in.Notices,
		House: in.around(site, f), Now: in.Now, Secure: f.secure(), Address: f.address,
	}).Routes()...)
	all = append(all, doornotify.New(doornotify.Deps{Site: site, Notices: in.Notices}).Routes()...)
	programs := api.Deps{
		Site: site, Cases: in.Cases, Documents: in.Docs, Attachments: files, Ledger: in.Ledger, Pace: in.Pace, Now: in.Now, Address: f.address,
		Finder: finder, Times: times,
	}
	programs.Gate = gate(in) // feature/complaint
	return append(all, api.New(programs).Routes()...)
}

// around is what the administrator's door asks of the instance.
func (in *Instance) around(site *page.Site, f Face) admin.House {
	return admin.House{
		Verify: in.AskVerify, Doctor: f.Doctor, Folder: func() string { return string(in.FolderState()) },
		Preview: func(_ context.Context, words *page.Printer, files folder.Files, service string) (templ.Component, error) {
			cases, err := in.Cases.Preview(files)
			if err != nil {
				return nil, err
			}
			citizens := portal.New(portal.Deps{Site: site, Cases: cases, Documents: in.Docs, Pace: in.Pace, Now: in.Now, Base: f.Base})
			return citizens.Preview(words, service)
		},
	}
}

// house is the government as every page shows it.
func house(g *definition.Government) page.House {
	p := g.Profile
	return page.House{Name: p.Name, Short: p.Short, Address: p.Address, Phone: p.Phone, Email: p.Email, Mark: p.Mark, Accent: p.Accent}
}
