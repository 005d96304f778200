package notify

import (
	"context"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"

	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
	"pendopo/kernel/fault"
)

// stopMAC is how it is kept that an address wants no more of a channel: it cannot
// be turned back, and the same address gives the same one.
func (e *Engine) stopMAC(channel, to string) []byte {
	return e.in.IndexMAC("notice stop", channel, strings.ToLower(to))
}

func (e *Engine) stopped(ctx context.Context, channel, to string) (stopped bool, err error) {
	err = e.db.Read(ctx, func(tx db.Tx) error {
		stopped, err = isStopped(tx, e.stopMAC(channel, to))
		return err
	})
	return stopped, err
}

// StopLink is where somebody ends the messages to an address of theirs. What it
// holds is the very mark that is kept: it opens no case and names nobody.
func (e *Engine) StopLink(channel, to string) string {
	return e.base + "/notify/stop?" + url.Values{"token": {base64.RawURLEncoding.EncodeToString(e.stopMAC(channel, to))}}.Encode()
}

// Stop ends, or with again allows again, the messages to the address of a link.
func (e *Engine) Stop(token string, again bool) error {
	mac, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(mac) != len(e.stopMAC("", "")) {
		return fault.New(fault.Unknown, "notify.stop_unknown")
	}
	return e.db.Write(func(tx db.Tx) error {
		if again {
			return dropStop(tx, mac)
		}
		return putStop(tx, mac, e.moment())
	})
}

// Heard takes in a short message that somebody sent: STOP or BERHENTI ends the
// messages to that number, MULAI or START allows them again. It says whether the
// message was one of these.
func (e *Engine) Heard(channel, from, text string) (meant bool, err error) {
	to := Dialled(from)
	word := strings.ToUpper(strings.Trim(text, " \t\r\n.!\"'"))
	stop := slices.Contains([]string{"STOP", "BERHENTI", "UNREG"}, word)
	if to == "" || !stop && !slices.Contains([]string{"START", "MULAI"}, word) {
		return false, nil
	}
	return true, e.db.Write(func(tx db.Tx) error {
		for _, c := range numbered(channel) {
			var err error
			if mac := e.stopMAC(c, to); stop {
				err = putStop(tx, mac, e.moment())
			} else {
				err = dropStop(tx, mac)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// numbered are the channels to the number of one: who stops an SMS does not ask
// for the same by WhatsApp.
func numbered(channel string) []string {
	if channel == wire.SMS || channel == wire.WhatsApp {
		return []string{wire.SMS, wire.WhatsApp}
	}
	return []string{channel}
}

// reportAddress is where a gateway tells of a message.
func (e *Engine) reportAddress(channel, id string) string {
	return e.base + "/notify/report/" + channel + "?" + url.Values{"id": {id}, "secret": {e.Setup().Carriers[channel].Secret}}.Encode()
}

// errNoReports refuses a report of a channel that takes none, or whose secret is
// another: both alike.
func errNoReports() *fault.Fault {
	return fault.New(fault.Unknown, "notify.report_unknown").Because(errors.New("no such gateway, or another secret"))
}
