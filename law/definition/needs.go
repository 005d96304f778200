package definition

import "fmt"

// Need is a group of services as people think of them, or an event of life that
// leads to some.
type Need struct {
	ID    string   `json:"id" form:"id"`
	Name  Text     `json:"name"`
	Help  Text     `json:"help,omitempty"`
	Words []string `json:"words,omitempty"` // people's own words for it, for search
}

// Synonym is a word that services use and what people say instead.
type Synonym struct {
	Word string   `json:"word"`
	Same []string `json:"same"`
}

// NeedList is needs.yaml.
type NeedList struct {
	Needs  []Need `json:"needs"`
	Events []Need `json:"events,omitempty"`
}

// WordList is words.yaml.
type WordList struct {
	Synonyms []Synonym `json:"synonyms"`
}

// Need finds a need by its id; nil when there is none.
func (g *Government) Need(id string) *Need { return needOf(g.Needs, id) }

// Event finds a life event by its id; nil when there is none.
func (g *Government) Event(id string) *Need { return needOf(g.Events, id) }

func needOf(list []Need, id string) *Need {
	for i := range list {
		if list[i].ID == id {
			return &list[i]
		}
	}
	return nil
}

// readNeeds takes needs.yaml and words.yaml; a government may have neither.
func (f *folder) readNeeds(langs []string) {
	var optional bool
	var needs NeedList
	f.needs = f.file("needs.yaml", &optional)
	f.decode(f.needs, langs, &needs)
	f.government.Needs, f.government.Events = needs.Needs, needs.Events
	var words WordList
	f.decode(f.file("words.yaml", &optional), langs, &words)
	f.government.Synonyms = words.Synonyms
}

// checkNeeds: every need and every event has its own id.
func (f *folder) checkNeeds() {
	g := f.government
	f.needs.distinct(len(g.Needs), "needs[%d].id", func(i int) string { return g.Needs[i].ID })
	f.needs.distinct(len(g.Events), "events[%d].id", func(i int) string { return g.Events[i].ID })
}

// needs checks the groups in which people find a service, where the government
// has a list of them.
func (c *checks) needs() {
	g, s := c.folder.government, c.service
	if c.folder.needs.root == nil {
		return
	}
	if s.Need != "" && g.Need(s.Need) == nil && c.clean("need") {
		c.at("need", "unknown_need", "need", s.Need, "known", nearestFirst(s.Need, needIDs(g.Needs)))
	}
	for i, id := range s.Events {
		if at := fmt.Sprintf("events[%d]", i); g.Event(id) == nil && c.clean(at) {
			c.at(at, "unknown_event", "event", id, "known", nearestFirst(id, needIDs(g.Events)))
		}
	}
}

func needIDs(list []Need) []string {
	ids := make([]string, len(list))
	for i, n := range list {
		ids[i] = n.ID
	}
	return ids
}
