package backup

import "context"

// ShipLists copies the list of what was destroyed and nothing else.
func ShipLists(ctx context.Context, s *Shipper) error { return s.files.shipLists(ctx) }
