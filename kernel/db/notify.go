package db

import "context"

// toucher is a transaction that remembers topics until it is committed.
type toucher interface{ touch(topic string) }

// Touch says, inside a Write, that something about topic changed. After the
// commit everyone in this process who watches the topic is woken. It is no
// message to other nodes: those look by themselves now and then, or Listen.
func Touch(tx Tx, topic string) {
	if t, ok := tx.(toucher); ok {
		t.touch(topic)
	}
}

// Watch gives a channel that is signalled after commits which touched topic;
// several commits may be one signal. stop ends it.
func (d *DB) Watch(topic string) (signal <-chan struct{}, stop func()) { return d.hub.watch(topic) }

// Notify sends a short note (under 8,000 bytes, nothing personal) to everyone
// who listens on channel, on PostgreSQL on every node.
func (d *DB) Notify(channel, payload string) error {
	if d.pg != nil {
		return d.pg.notify(channel, payload)
	}
	d.hub.notify(channel, payload)
	return nil
}

// Listen receives the notes of channel until ctx ends, which closes the Go
// channel. A slow listener keeps the newest 16. On PostgreSQL a lost connection
// is made anew, and an empty note then says that some may have been missed.
func (d *DB) Listen(ctx context.Context, channel string) (<-chan string, error) {
	if d.pg != nil {
		if err := d.pg.hear(ctx); err != nil {
			return nil, err
		}
	}
	c := d.hub.listen(channel)
	context.AfterFunc(ctx, func() { d.hub.leave(channel, c) })
	return c, nil
}
