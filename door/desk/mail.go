package desk

import (
	"cmp"

	"pendopo/engine/caseview"
	"pendopo/engine/notify"
	"pendopo/web/component/qr"
)

// mail is one letter on paper, in the words of its receiver.
type mail struct {
	Lang              string
	House, Unit       string // letter head
	Where             string
	Return            string // above the address, for the post
	To, Name          string
	Postal            []string
	Day               string
	CodeLabel, Code   string
	AboutLabel, About string
	Dear              string
	Text              []string
	Follow            []string
	QR                qr.View
	Close             string
}

// mail puts a letter on paper: the words that other channels carry, and how to
// follow the case without anything but this sheet. No secret stands on it.
func (d *Door) mail(s notify.Sheet) (mail, error) {
	t, g := s.Words.T, d.Cases.Government()
	v := mail{
		Lang: s.Words.Lang(), House: s.Words.Of(g.Profile.Name), To: t("notify.letter_to"), Name: s.To, Postal: s.Postal,
		Day: s.Words.Date(d.Now().In(d.zone(s.Unit))), CodeLabel: t("notify.letter_code"), Code: s.Code,
		AboutLabel: t("notify.letter_about"), About: t("notify.about_" + s.Kind), Dear: t("notify.letter_dear", "name", s.To),
		Text: s.Text, Close: t("notify.letter_close"),
	}
	address, phone := g.Profile.Address, g.Profile.Phone
	v.Unit = v.House
	if u := g.Unit(s.Unit); u != nil {
		v.Unit, address, phone = s.Words.Of(u.Name), u.Address, cmp.Or(u.Phone, phone)
	}
	v.Where = address + ", " + phone
	v.Return = v.Unit + ", " + address
	words := caseview.Words{Printer: s.Words, Government: g}
	if s.Wait != "" {
		v.Text = append(v.Text, t("notify.letter_wait", "span", words.Span(s.Wait)))
	}
	v.Follow = []string{t("notify.letter_follow", "address", s.Link), t("notify.letter_counter", "unit", v.Unit, "address", address, "phone", phone)}
	var err error
	v.QR, _, err = words.TrackCode(d.Base, s.Code)
	return v, err
}
