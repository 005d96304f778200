package cli

import (
	"fmt"
	"slices"

	"pendopo/engine/casework"
	"pendopo/engine/identity"
	"pendopo/kernel/conf"
	"pendopo/law/flow"
)

// DocumentRevokeCmd takes a document back. From then on everyone who checks it is
// told so; a check without network still sees a true signature.
type DocumentRevokeCmd struct {
	conf.Place
	Code     string `arg:"" help:"Code of the case whose document it is."`
	Reason   string `help:"Code of the reason: ${enum}." enum:"wrong_data,false_papers,court_order,replaced,right_ended" required:""`
	Decision string `help:"Number of the decision that revokes it; it names no person." required:""`
	By       string `help:"Log-in of the officer who signs this document." required:""`
	JSON     bool   `help:"Print one JSON object." name:"json"`
}

// Run revokes.
func (c *DocumentRevokeCmd) Run(env *Env) error {
	in, err := env.open(c.Place, true)
	if err != nil {
		return err
	}
	defer in.Close()
	x, err := in.Cases.Track(env.Ctx, c.Code)
	if err != nil {
		return err
	}
	b, err := in.Cases.Catalogue().At(env.Ctx, x.Definition)
	if err != nil {
		return err
	}
	officer, err := in.Identity.FindLogin(env.Ctx, c.By)
	if err != nil {
		return err
	}
	signs := flow.Signs(b.Service, x)
	holders, err := in.Identity.Holders(env.Ctx, signs.Unit, signs.Role, in.Now())
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(holders, func(h identity.Holding) bool { return h.Officer == officer }) {
		return fmt.Errorf("%s does not sign this document: it is for who is %s at %s", c.By, signs.Role, signs.Unit)
	}
	after, err := in.Cases.Revoke(env.Ctx, casework.Revocation{
		Stream: x.Stream, Reason: c.Reason, Decision: c.Decision, Actor: officer, By: signs,
	})
	if err != nil {
		return err
	}
	return env.say(c.JSON, map[string]any{"number": after.Number, "revoked": after.Revoked}, "the document %s is revoked; /verify says so", after.Number)
}
