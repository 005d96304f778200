package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"time"

	"pendopo/app"
	"pendopo/app/doctor"
	"pendopo/door/admin"
	"pendopo/kernel/conf"
	"pendopo/kernel/page"
)

// DoctorCmd looks at an instance and the machine under it, and says what to do.
// It changes nothing, and runs beside a server as well as without one.
type DoctorCmd struct {
	conf.Place
	Base   string   `help:"Address by which people reach it, as the server is told." env:"PENDOPO_BASE" placeholder:"URL"`
	Proxy  []string `help:"Address or range of a reverse proxy, as the server is told; may be repeated." env:"PENDOPO_PROXY" placeholder:"CIDR"`
	Backup string   `help:"Where copies of the data go, as the server is told; of a folder the disk is looked at too." env:"PENDOPO_BACKUP" placeholder:"PLACE"`
	Telling
	Deep bool   `help:"Read every database through, however large."`
	Lang string `help:"Language of the findings." enum:"id,en" default:"id"`
	JSON bool   `help:"Print one JSON object." name:"json"`
}

// diagnosis is what doctor prints as JSON.
type diagnosis struct {
	OK       bool             `json:"ok"` // nobody has to act
	Checks   []string         `json:"checks"`
	Findings []doctor.Finding `json:"findings"`
}

// Run examines; it ends with 1 when somebody has to act.
func (c *DoctorCmd) Run(env *Env) error {
	if !c.Exists() && c.Database == "" {
		return app.ErrNoInstance
	}
	proxies, err := Listening{Proxy: c.Proxy}.proxies()
	if err != nil {
		return err
	}
	channels, err := c.setup(c.Place)
	if err != nil {
		return err
	}
	looked := app.Look(env.Ctx, c.Place, time.Now)
	defer looked.Close()
	found, made := doctor.Examine(env.Ctx, looked, doctor.Face{Base: c.Base, Proxies: proxies, Backup: folderOf(c.Backup), Deep: c.Deep, Notices: channels})
	words := env.Texts.Printer(c.Lang)
	for i, f := range found {
		found[i].Words = words.TMap("doctor."+f.Key, f.Args)
		found[i].Do = words.TMap("doctor."+f.Key+"_do", f.Args)
	}
	if err := c.print(env.Out, found, made, words); err != nil {
		return err
	}
	if doctor.Bad(found) {
		return errFindings
	}
	return nil
}

// examine is the same for the page of administrators, beside the server.
func examine(in *app.Instance, base string, proxies []netip.Prefix) func(context.Context, *page.Printer) []admin.Advice {
	return func(ctx context.Context, words *page.Printer) (out []admin.Advice) {
		looked := app.Look(ctx, in.Place, in.Now)
		defer looked.Close()
		found, _ := doctor.Examine(ctx, looked, doctor.Face{Base: base, Proxies: proxies, Notices: in.Notices.Setup()})
		for _, f := range found {
			out = append(out, admin.Advice{Level: string(f.Level), Words: words.TMap("doctor."+f.Key, f.Args), Do: words.TMap("doctor."+f.Key+"_do", f.Args)})
		}
		return out
	}
}

// folderOf is a place of copies when it is a folder; a bucket has no disk here.
func folderOf(place string) string {
	if strings.Contains(place, "://") {
		return ""
	}
	return place
}

func (c *DoctorCmd) print(w io.Writer, found []doctor.Finding, made []string, words *page.Printer) error {
	if c.JSON {
		if found == nil {
			found = []doctor.Finding{}
		}
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		return enc.Encode(diagnosis{OK: !doctor.Bad(found), Checks: made, Findings: found})
	}
	for _, f := range found {
		if _, err := fmt.Fprintf(w, "%s: %s\n  → %s\n\n", words.T("doctor.level_"+string(f.Level)), f.Words, f.Do); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(w, words.T("doctor.summary", "checks", len(made), "n", len(found)))
	return err
}
