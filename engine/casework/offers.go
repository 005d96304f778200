package casework

import (
	"context"

	"pendopo/law/definition"
	"pendopo/law/flow"
	"pendopo/law/fold"
)

// Offers are the actions that somebody in this capacity may carry out on a case
// now. Answers are opened only when a condition of the present step names them,
// and none of them is shown.
func (e *Engine) Offers(ctx context.Context, c fold.Case, by fold.Holder) ([]definition.Action, error) {
	b, err := e.cat.At(ctx, c.Definition)
	if err != nil || !c.Open() || c.Shredded {
		return nil, err
	}
	key, err := e.keys.Get(c.Stream)
	if err != nil {
		return nil, err
	}
	answers, err := e.opened(ctx, b, c, key)
	if err != nil {
		return nil, err
	}
	cmd := flow.Command{By: by}
	if len(c.Branches) > 0 && c.Holder.Who == "role" {
		cmd.Step = c.Step // as those see it who hold that branch
	}
	return flow.Offers(flow.Input{
		Service: b.Service, Form: b.Form, Rules: b.Rules, Clock: e.cat.Clock, State: c,
		Answers: answers, Command: cmd, Now: e.now(),
	}), nil
}
