package intake

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/job"
	"pendopo/kernel/page"
	"pendopo/law/definition"
)

// TalkJob sends what a telephone told when nothing more came from it.
const TalkJob = "intake.talk"

// patience is how long a question waits for its answer before the report goes on
// without it.
const patience = 30 * time.Minute

// channelText is the channel of reports that come by text message.
const channelText = "sms"

// The questions that are asked back, each at most once.
const (
	askedPlace    = "place"
	askedCategory = "category"
	askedNothing  = ""
)

// answer is what a text message is answered; the zero answer is none.
type answer struct {
	text   string
	report string // stream of the report whose receipt the text is; "" for any other text
}

// hear deals with one text message and gives what is to be answered. A message
// that comes twice is answered once.
func (in *Intake) hear(ctx context.Context, g Gateway, gateway string, m texted) (answer, error) {
	phone := dialled(m.From)
	if phone == "" || m.ID == "" || len(m.ID) > 200 {
		return answer{}, fault.New(fault.Invalid, "intake.message_unreadable")
	}
	mark := in.Instance.IndexMAC("inbound message", gateway, m.ID)
	if done, err := in.seen(ctx, mark); done || err != nil {
		return answer{}, err
	}
	text, whole, err := in.whole(ctx, gateway, phone, m)
	if err != nil || !whole {
		return answer{}, err
	}
	var made string
	h := heard{in: in, phone: phone, mark: mark, key: hex.EncodeToString(mark), mac: in.Instance.IndexMAC("inbound phone", phone), Message: Read(text), made: &made}
	if h.words, err = in.language(ctx, h); err != nil {
		return answer{}, err
	}
	reply, err := h.obey(ctx, g, text)
	return answer{reply, made}, err
}

// obey does what a message asks for.
func (h heard) obey(ctx context.Context, g Gateway, text string) (string, error) {
	if h.Order == OrderStop || strings.EqualFold(h.Words, "MULAI") || strings.EqualFold(h.Words, "START") {
		return h.stop(g.Channel, text)
	}
	if err := h.in.limits.wait("report wait sender", h.phone); err != nil {
		return h.waits(err)
	}
	switch h.Order {
	case OrderReport:
		return h.report(ctx)
	case OrderTrack:
		return h.done(h.track(ctx))
	case OrderAnswer:
		return h.answer(ctx)
	}
	return h.done(h.help())
}

// heard is a text message that is being dealt with.
type heard struct {
	Message
	in    *Intake
	words *page.Printer
	phone string  // +62…
	mac   []byte  // of it
	mark  []byte  // of the message
	key   string  // of the report that it makes
	made  *string // the report that the answer is the receipt of; nil: nobody waits for an answer
}

// language is that of the order, or that of the talk that an answer belongs to.
func (in *Intake) language(ctx context.Context, h heard) (*page.Printer, error) {
	lang := h.Lang
	if lang == "" {
		t, _, err := in.talkOf(ctx, h.mac)
		if err != nil {
			return nil, err
		}
		lang = t.lang
	}
	return in.Site.Texts().Printer(lang), nil
}

// done remembers that a message was dealt with.
func (h heard) done(reply string, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return reply, h.in.endTalk("", h.mark)
}

// waits tells a number that sends masses when to come again, once in a while: an
// answer to each would be a flood of its own.
func (h heard) waits(cause error) (string, error) {
	f := fault.Of(cause)
	if f.Kind != fault.TooMany {
		return "", cause
	}
	say, err := h.in.limits.take("report say sender", h.phone)
	if err != nil || !say {
		return "", err
	}
	return h.words.T("intake.sms_many", "n", f.Args["n"]), nil
}

func (h heard) help() (string, error) { return h.words.T("intake.sms_help"), nil }

// stop hands the word on to whoever sends notices.
func (h heard) stop(channel, text string) (string, error) {
	if h.in.Texts.Hear == nil {
		return h.done(h.help())
	}
	meant, err := h.in.Texts.Hear(channel, h.phone, text)
	switch {
	case err != nil:
		return "", err
	case !meant:
		return h.done(h.help())
	case h.Order == OrderStop:
		return h.done(h.words.T("intake.sms_stop"), nil)
	}
	return h.done(h.words.T("intake.sms_start"), nil)
}

// track says where a case is: what everybody may know who has its code.
func (h heard) track(ctx context.Context) (string, error) {
	c, err := h.in.Cases.Track(ctx, h.Words)
	if fault.Is(err, fault.Unknown) || err == nil && c.Parent != "" {
		return h.words.T("intake.sms_unknown"), nil
	}
	if err != nil {
		return "", err
	}
	b, err := h.in.Cases.Catalogue().At(ctx, c.Definition)
	if err != nil {
		return "", err
	}
	w := h.in.zoned(h.words, b)
	if clock, err := h.in.Cases.Catalogue().Clock(c.Unit); err == nil {
		w.Zone = clock.Office.Zone
	}
	reply := h.words.T("intake.sms_state", "code", h.in.Cases.Code(c.Stream), "state", w.Tag(c, h.in.Now()).Text, "where", w.Where(c))
	for _, d := range c.Deadlines {
		if c.Outcome == "" && c.At(d.ID) && !d.Due.IsZero() {
			return reply + " " + h.words.T("intake.sms_due", "due", h.words.DateShort(d.Due.In(w.Zone))), nil
		}
	}
	return reply, nil
}

// report begins a report. What was begun before and never answered goes out as it is.
func (h heard) report(ctx context.Context) (string, error) {
	if t, ok, err := h.in.talkOf(ctx, h.mac); err != nil {
		return "", err
	} else if ok && !h.began(ctx, t) {
		if err := h.in.unanswered(ctx, t); err != nil {
			return "", err
		}
	}
	b := h.in.texts()
	if b == nil {
		return h.done(h.words.T("intake.sms_closed"), nil)
	}
	values := h.values(b.Service)
	return h.next(ctx, b, "", values, "")
}

// began says that a talk is about this very message, which came again.
func (h heard) began(ctx context.Context, t talk) bool {
	stream, err := h.in.held(ctx, h.key)
	return err == nil && stream == t.stream
}

// texts is the service by which a text message tells something.
func (in *Intake) texts() *casework.Bound {
	for _, b := range in.offered(channelText) {
		if b.Service.Public != nil {
			return b
		}
	}
	return nil
}

// values are what a message answers of the form.
func (h heard) values(s *definition.Service) url.Values {
	r, v := rolesOf(s), url.Values{}
	set := func(f *definition.Field, to string) {
		if f != nil && to != "" {
			v.Set(f.ID, to)
		}
	}
	set(r.Text, h.Words)
	if r.Title != nil && r.Title != r.Text {
		set(r.Title, headline(h.Words))
	}
	set(r.Phone, h.phone)
	set(r.Anonymous, said(h.Anonymous))
	set(r.Confidential, said(h.Confidential))
	set(r.Category, guessChoice(r.Category, h.Words))
	if r.Region != nil {
		set(r.Region, guessPlace(h.in.Cases.Government(), r.Region.Level, h.Words))
	}
	if r.Kind != nil && len(r.Kind.Choices) > 0 {
		set(r.Kind, r.Kind.Choices[0].ID)
	}
	return v
}

func said(on bool) string {
	if on {
		return yes
	}
	return no
}

// next asks what is not known yet, or sends the report. Asked is what was asked last.
func (h heard) next(ctx context.Context, b *casework.Bound, stream string, values url.Values, asked string) (string, error) {
	r := rolesOf(b.Service)
	ask := askedNothing
	switch {
	case asked == askedNothing && r.Region != nil && values.Get(r.Region.ID) == "":
		ask = askedPlace
	case asked != askedCategory && r.Category != nil && values.Get(r.Category.ID) == "":
		ask = askedCategory
	}
	if ask == askedNothing {
		return h.send(ctx, b, stream, values)
	}
	if stream == "" {
		var err error
		if stream, err = h.in.hold(ctx, b, h.key, channelText, h.words.Lang(), source{}); err != nil {
			return "", err
		}
	}
	if err := h.in.keepValues(ctx, stream, values); err != nil {
		return "", err
	}
	if err := h.in.keepTalk(talk{mac: h.mac, stream: stream, asked: ask, lang: h.words.Lang()}, h.mark); err != nil {
		return "", err
	}
	return h.question(ask, r), nil
}

func (h heard) question(ask string, r roles) string {
	if ask == askedPlace {
		return h.words.T("intake.sms_place")
	}
	var list []string
	for i, c := range listed(r.Category) {
		list = append(list, strconv.Itoa(i+1)+" "+h.words.Of(c.Text))
	}
	return h.words.T("intake.sms_category", "list", strings.Join(list, ", "))
}

// mostListed is how many choices one digit can name.
const mostListed = 9

func listed(f *definition.Field) []definition.Choice {
	var out []definition.Choice
	for _, c := range f.Choices {
		if c.ID != otherChoice && len(out) < mostListed {
			out = append(out, c)
		}
	}
	return out
}

// otherChoice is the category of what nobody has put into one yet: the officer does.
const otherChoice = "lain"

// keepValues writes what was told so far into its draft.
func (in *Intake) keepValues(ctx context.Context, stream string, values url.Values) error {
	d, err := in.Cases.LoadDraft(ctx, stream)
	if err != nil {
		return err
	}
	note, err := json.Marshal(values)
	if err != nil {
		return err
	}
	d.Note = string(note)
	return in.Cases.SaveDraft(d)
}

// answer takes the answer to what was asked, and anything else as a question how
// this works.
func (h heard) answer(ctx context.Context) (string, error) {
	t, ok, err := h.in.talkOf(ctx, h.mac)
	if err != nil {
		return "", err
	}
	if !ok {
		return h.done(h.help())
	}
	reply, err := h.finish(ctx, t, &h.Message)
	if fault.Is(err, fault.Gone) { // its time was over
		return h.done(h.help())
	}
	return reply, err
}

// finish goes on with a talk: with an answer, or without one to its end.
func (h heard) finish(ctx context.Context, t talk, m *Message) (string, error) {
	d, err := h.in.Cases.LoadDraft(ctx, t.stream)
	if err != nil {
		return "", errors.Join(err, h.in.forget(t.stream, err))
	}
	b, err := h.in.service(d.Service, channelText)
	if err != nil {
		return "", err
	}
	values := url.Values{}
	if err := json.Unmarshal([]byte(d.Note), &values); err != nil {
		return "", fmt.Errorf("what a telephone told cannot be read: %T", err)
	}
	if m == nil {
		return h.send(ctx, b, t.stream, values)
	}
	h.fill(rolesOf(b.Service), values, t.asked, m.Words)
	return h.next(ctx, b, t.stream, values, t.asked)
}

// forget ends a talk whose draft is gone.
func (in *Intake) forget(stream string, cause error) error {
	if !fault.Is(cause, fault.Gone) {
		return nil
	}
	return in.endTalk(stream, nil)
}

// fill puts an answer where it was asked for. A place that is not found is told in
// the person's own words, behind what they told before: nothing is lost.
func (h heard) fill(r roles, values url.Values, asked, answer string) {
	n, isDigit := digit(answer)
	if asked == askedCategory {
		if list := listed(r.Category); isDigit && n >= 1 && n <= len(list) {
			values.Set(r.Category.ID, list[n-1].ID)
		} else if id := guessChoice(r.Category, answer); id != "" {
			values.Set(r.Category.ID, id)
		}
		return
	}
	if isDigit || answer == "" {
		return // not known
	}
	if code := guessPlace(h.in.Cases.Government(), r.Region.Level, answer); code != "" {
		values.Set(r.Region.ID, code)
	}
	if r.Text != nil {
		values.Set(r.Text.ID, values.Get(r.Text.ID)+"\n"+h.words.T("intake.sms_where", "place", answer))
	}
}

// send makes the report. What its form wants and a message cannot say is told, with
// the address where it can be said.
func (h heard) send(ctx context.Context, b *casework.Bound, stream string, values url.Values) (string, error) {
	r := rolesOf(b.Service)
	if r.Category != nil && values.Get(r.Category.ID) == "" && hasChoice(r.Category, otherChoice) {
		values.Set(r.Category.ID, otherChoice)
	}
	key := h.key
	if stream != "" {
		key = hex.EncodeToString(h.in.Instance.IndexMAC("inbound report", stream))
	}
	a, err := h.in.take(ctx, telling{Bound: b, Key: key, Channel: channelText, Lang: h.words.Lang(), Values: values, Stream: stream})
	if fault.Is(err, fault.Invalid) {
		return h.after(stream, h.words.T("intake.sms_online", "address", h.in.Base+"/report"))
	}
	if err != nil {
		return "", err
	}
	if h.made != nil {
		*h.made = a.Stream
	} else if err := h.in.receipt(a.Stream); err != nil {
		return "", err
	}
	return h.after(stream, h.words.T("intake.sms_received", "code", a.Code, "secret", a.Secret))
}

func (h heard) after(stream, reply string) (string, error) {
	return reply, h.in.endTalk(stream, h.mark)
}

// settleTalk sends what a telephone told when nothing more came from it.
func (in *Intake) settleTalk(ctx context.Context, j job.Job) error {
	t, ok, err := in.talkAbout(ctx, string(j.Payload))
	if err != nil || !ok {
		return err
	}
	return in.unanswered(ctx, t)
}

// unanswered ends a talk with what was told. Nobody waits for an answer to that.
func (in *Intake) unanswered(ctx context.Context, t talk) error {
	h := heard{in: in, words: in.Site.Texts().Printer(t.lang), mac: t.mac}
	if _, err := h.finish(ctx, t, nil); !fault.Is(err, fault.Gone) {
		return err
	}
	return nil
}

// receipt has a notice say what no answer said: that the report came, and its code.
func (in *Intake) receipt(stream string) error {
	if in.Texts.Receipt == nil {
		return nil
	}
	return in.Texts.Receipt(stream)
}
