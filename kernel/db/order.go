package db

// orderer is a transaction among others that run at the same time.
type orderer interface {
	hold(name string, alone bool) error
	confirm() error
	announce(channel, payload string) error
}

// Shared and Alone keep transactions from passing one another. Who holds a name
// alone waits until every transaction that shares it has ended, and those that
// come after wait for it: so what one who shares has read under the name still
// holds when it commits, and what it committed is seen by the next one alone.
// The hold ends with the transaction. Take it before the statements it is for.
// On SQLite there is one writer, and nothing to do.
func Shared(tx Tx, name string) error { return hold(tx, name, false) }

// Alone is the other side of Shared.
func Alone(tx Tx, name string) error { return hold(tx, name, true) }

func hold(tx Tx, name string, alone bool) error {
	if o, ok := tx.(orderer); ok {
		return o.hold(name, alone)
	}
	return nil
}

// Confirm makes what this Write has read as durable as what it writes. With a
// replica that must acknowledge, PostgreSQL shows others a change that it has and
// the replica has not (its commit was cut short, or the server started again in
// the middle). Whoever repeats an answer on the strength of what is there calls it.
func Confirm(tx Tx) error {
	if o, ok := tx.(orderer); ok {
		return o.confirm()
	}
	return nil
}

// Announce is Notify as part of a Write: the note goes out when the change is
// durable, and not without it. It is for changes that are rare, because on
// PostgreSQL transactions that announce commit one after another.
func Announce(tx Tx, channel, payload string) error {
	if o, ok := tx.(orderer); ok {
		return o.announce(channel, payload)
	}
	Touch(tx, channel+noteMark+payload)
	return nil
}
