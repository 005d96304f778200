package search

// Terms are the words of a text that tell something, each once and brought to
// its root, in the order in which they first stand. Words that everybody writes
// are left out, in Indonesian and in English.
func (s *Stemmer) Terms(text string) []string {
	var out []string
	seen := map[string]bool{}
	common, english := idle("id"), idle("en")
	for _, w := range split(text) {
		w = loose(w)
		root := s.Stem(w)
		if common[w] || common[root] || english[w] || seen[root] || len(root) < 2 {
			continue
		}
		seen[root] = true
		out = append(out, root)
	}
	return out
}
