package open311

import (
	"context"

	"pendopo/feature/complaint/georeport"
	"pendopo/law/definition"
	"pendopo/law/form"
)

// Gate counts reports, whatever door they come by.
type Gate interface {
	// Program counts a report that the holder of a key filed for a device, "" when
	// it named none, and says why an officer should look at it first; TooMany when
	// the device must wait.
	Program(key, device string, s *definition.Service, a form.Answers) (flags []string, err error)
}

// Exchange takes updates that another server sends about reports of ours that
// were sent on to it.
type Exchange interface {
	// Received keeps an update of the server of that name; false when it knows no
	// such report.
	Received(ctx context.Context, peer string, u georeport.Update) (bool, error)
}
