package notify

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"pendopo/engine/notify"
	"pendopo/engine/notify/wire"
	"pendopo/kernel/fault"
	"pendopo/kernel/page"
	"pendopo/web/component/notice"
)

// Deps is what the door stands on.
type Deps struct {
	Site    *page.Site
	Notices *notify.Engine
}

// Door is this door.
type Door struct{ Deps }

// New makes the door.
func New(d Deps) *Door { return &Door{d} }

// mostReport bounds what a gateway sends, in bytes: a bounce brings the message back.
const mostReport = 1 << 20

// Routes is every address of this door.
func (d *Door) Routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /notify/report/{channel}", Do: d.report, API: true},
		{Pattern: "POST /notify/report/{channel}", Do: d.report, API: true, Body: mostReport},
		{Pattern: "GET /notify/stop", Do: d.askStop},
		{Pattern: "POST /notify/stop", Do: d.stop, API: true}, // a mail program presses it for the person (RFC 8058): no token of ours
	}
}

// secretHeader is where a gateway may put the secret in place of the address.
const secretHeader = "X-Notify-Secret"

// report takes in what became of messages.
func (d *Door) report(w http.ResponseWriter, r *http.Request) error {
	told := wire.Told{Values: r.URL.Query(), Type: r.Header.Get("Content-Type")}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	if kind, _, err := mime.ParseMediaType(told.Type); err == nil && kind == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return fault.New(fault.Malformed, "fault.body_malformed")
		}
		for name, values := range form {
			told.Values[name] = append(told.Values[name], values...)
		}
	} else {
		told.Body = body
	}
	secret := r.Header.Get(secretHeader)
	if secret == "" {
		secret = told.Values.Get("secret")
	}
	if bearer, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); found {
		secret = bearer
	}
	if err := d.Notices.Receive(r.PathValue("channel"), secret, told); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// askStop shows the button that ends messages.
func (d *Door) askStop(w http.ResponseWriter, r *http.Request) error {
	words := page.Words(r.Context())
	return d.show(w, r, stopPage(stopView{
		Notice: notice.View{Kind: notice.Info, Title: words.T("notify.stop_title"), Text: words.T("notify.stop_lead")},
		Action: d.action(r, ""), Button: words.T("notify.stop_button"),
	}))
}

func (d *Door) action(r *http.Request, again string) string {
	v := url.Values{"token": {r.URL.Query().Get("token")}}
	if again != "" {
		v.Set("again", again)
	}
	return "/notify/stop?" + v.Encode()
}

// stop ends messages, or allows them again.
func (d *Door) stop(w http.ResponseWriter, r *http.Request) error {
	again := r.URL.Query().Get("again") != ""
	if err := d.Notices.Stop(r.URL.Query().Get("token"), again); err != nil {
		return err
	}
	words := page.Words(r.Context())
	v := stopView{Notice: notice.View{Kind: notice.Good, Title: words.T("notify.stop_done")}, Action: d.action(r, "yes"), Button: words.T("notify.stop_again"), Quiet: true}
	if again {
		v = stopView{Notice: notice.View{Kind: notice.Good, Title: words.T("notify.stop_on")}}
	}
	return d.show(w, r, stopPage(v))
}

func (d *Door) show(w http.ResponseWriter, r *http.Request, body templ.Component) error {
	page.Private(w)
	return d.Site.Show(w, r, page.View{Title: page.Text(r.Context(), "notify.stop_title"), Body: body, Private: true})
}
