package doctor

import (
	"slices"
	"time"

	"pendopo/engine/notify"
	"pendopo/engine/notify/wire"
	"pendopo/kernel/db"
)

// untold is how far back notices that reached nobody are looked for.
const untold = 7 * 24 * time.Hour

// notices: whether people can be told, and whom a trouble of ours kept from it.
func notices(x *examination) error {
	if err := x.unreached(); err != nil {
		return err
	}
	if x.Notices == nil {
		x.find(Note, "notices_none")
		return nil
	}
	for _, channel := range x.wanted() {
		c, set := x.Notices.Carriers[channel]
		switch {
		case !set:
			x.find(Note, "notices_channel", "channel", channel)
		case c.Kind == "http" && !c.Proves:
			x.find(Note, "notices_unproven", "channel", channel)
		case c.Kind == "smtp" && c.Bounces == "" && c.Secret == "":
			x.find(Note, "notices_bounces")
		}
	}
	return nil
}

// wanted are the channels that the government orders.
func (x *examination) wanted() []string {
	if x.Cases != nil && x.Cases.Government() != nil {
		return x.Cases.Government().Notices.WithDefaults().Order
	}
	return nil
}

// unreached counts notices that stand on the page alone for a reason that we can
// mend: not those to people who gave no address, want no messages or have moved.
func (x *examination) unreached() error {
	if x.DB == nil {
		return nil
	}
	if has, _, err := x.DB.Versions(x.ctx, "notify", notify.Schema()); err != nil || has == 0 {
		return err // of an older version: the next start makes the tables
	}
	own := []string{wire.NoAddress, wire.Stopped, wire.BadAddress, wire.Bounced, wire.CameBack, wire.Overtaken, wire.Gone}
	var n int64
	err := x.DB.Read(x.ctx, func(tx db.Tx) error {
		n = 0
		counts, err := notify.CountsSince(tx, x.now.Add(-untold))
		for _, c := range counts {
			if c.State == notify.Page && !slices.Contains(own, c.Reason) {
				n += c.N
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if n > 0 {
		x.find(Warning, "notices_lost", "n", n)
	}
	return nil
}
