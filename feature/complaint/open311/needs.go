package open311

import (
	"context"

	"pendopo/feature/complaint/georeport"
)

// Exchange takes updates that another server sends about reports of ours that
// were sent on to it.
type Exchange interface {
	// Received keeps an update of the server of that name; false when it knows no
	// such report.
	Received(ctx context.Context, peer string, u georeport.Update) (bool, error)
}
