package definition

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Posts are one post or several, in order of preference. One is written without
// a list, in a file and in what is published, so that what was published before
// there could be several reads as it did and keeps its hash.
type Posts []Actor

// MarshalJSON writes one post by itself, several as a list.
func (p Posts) MarshalJSON() ([]byte, error) {
	if len(p) == 1 {
		return json.Marshal(p[0])
	}
	return json.Marshal([]Actor(p))
}

// UnmarshalJSON reads either, and knows no other members than an actor has.
func (p *Posts) UnmarshalJSON(data []byte) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if data = bytes.TrimSpace(data); len(data) > 0 && data[0] == '[' {
		return dec.Decode((*[]Actor)(p))
	}
	var one Actor
	if err := dec.Decode(&one); err != nil {
		return err
	}
	*p = Posts{one}
	return nil
}

// Outside is the first of the posts that is held at none of these units; false
// when each is.
func (p Posts) Outside(units []string) (Actor, bool) {
	i := slices.IndexFunc(p, func(a Actor) bool { return !slices.Contains(units, a.Unit) })
	if i < 0 {
		return Actor{}, false
	}
	return p[i], true
}

// Taking are the units that every case of a service begins at, that a step
// stands at, or that lateness may call in. A case need not come to all of them.
func (s *Service) Taking() (units []string) {
	late := func(l *Limit) {
		if l != nil {
			for _, x := range l.Late {
				units = append(units, x.Unit)
			}
		}
	}
	units = append(units, s.Unit.Unit)
	late(&s.Limit)
	for i := range s.Flow.Steps {
		units = append(units, s.Flow.Steps[i].Actor.Unit)
		late(s.Flow.Steps[i].Limit)
	}
	slices.Sort(units)
	return slices.DeleteFunc(slices.Compact(units), func(u string) bool { return u == "" })
}
