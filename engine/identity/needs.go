package identity

import "time"

// Government is what identity must know of the definition files. It answers
// from the version that is live now.
type Government interface {
	// Unit gives the zone in which the unit's days begin, and false for an unknown id.
	Unit(id string) (zone *time.Location, known bool)
	// Role says whether the role signs for its unit, and false for an unknown id.
	Role(id string) (head, known bool)
}
