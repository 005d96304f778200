package definition

import (
	"fmt"
	"hash/fnv"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v4"

	"pendopo/government"
)

// mutations are what happens to one node. Each gives false when it does not
// apply to the node.
var mutations = []struct {
	name string
	do   func(parent *yaml.Node, i int) bool
}{
	{"delete", func(parent *yaml.Node, i int) bool {
		if parent.Kind == yaml.MappingNode {
			i -= i % 2
			parent.Content = slices.Delete(slices.Clone(parent.Content), i, i+2)
			return true
		}
		parent.Content = slices.Delete(slices.Clone(parent.Content), i, i+1)
		return true
	}},
	{"rename", func(parent *yaml.Node, i int) bool {
		n := *parent.Content[i]
		if n.Kind != yaml.ScalarNode {
			return false
		}
		n.Value += "x"
		parent.Content = slices.Clone(parent.Content)
		parent.Content[i] = &n
		return true
	}},
	{"retype", func(parent *yaml.Node, i int) bool {
		if parent.Kind == yaml.MappingNode && i%2 == 0 {
			return false
		}
		was := parent.Content[i]
		n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Line: was.Line, Column: was.Column,
			Content: []*yaml.Node{{Kind: yaml.MappingNode, Tag: "!!map", Line: was.Line, Column: was.Column}}}
		parent.Content = slices.Clone(parent.Content)
		parent.Content[i] = n
		return true
	}},
}

// survivors are the mutants of a good service that check accepts, by the key
// that was changed. Each is a change that leaves another good definition: other
// words, another name for something that nothing refers to, one entry fewer in a
// list, or a part that may be left out.
type survivors map[string]int

// TestMutantsOfEveryNodeAreRefusedOrJustified takes every node of the small
// government's services. The counts are pinned, so that a check that goes blind
// is noticed.
func TestMutantsOfEveryNodeAreRefusedOrJustified(t *testing.T) {
	folder := folderOf(t, os.DirFS("testdata/good"))
	for _, name := range []string{"services/izin.yaml", "services/keluarga.yaml", "services/lapor.yaml"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			alive, total := mutants(t, folder, name, func(string, string, int) bool { return true })
			golden(t, "testdata/mutants/"+strings.TrimSuffix(name[len("services/"):], ".yaml")+".txt", alive.String(total))
		})
	}
}

// sampled is how many mutants of the demo's services are taken: one in so many,
// always the same ones.
const sampled = 20

// TestMutantsOfTheDemoAreRefusedOrJustified takes some nodes of every service of
// the demo: what survives there is of a kind that was looked at before.
func TestMutantsOfTheDemoAreRefusedOrJustified(t *testing.T) {
	const accepted = "testdata/mutants/accepted.txt"
	data, err := os.ReadFile(accepted)
	if err != nil && !*update {
		t.Fatal(err)
	}
	known := strings.Split(strings.TrimSpace(string(data)), "\n")
	folder := folderOf(t, government.FS)
	var grown []string
	ran := 0
	for name := range folder {
		if !strings.HasPrefix(name, "services/") {
			continue
		}
		alive, total := mutants(t, folder, name, func(key, mutation string, nth int) bool {
			h := fnv.New32a()
			fmt.Fprintf(h, "%s %s %d", key, mutation, nth)
			return h.Sum32()%sampled == 0 || (*update && nth < 2)
		})
		ran += total
		for key := range alive {
			key = strings.NewReplacer(".fields.fields", ".fields", ".instead.fields", "").Replace(key) // a field is a field
			grown = append(grown, key)
			if !*update && !slices.Contains(known, key) {
				t.Errorf("%s: a mutant that nobody has looked at is accepted: %s", name, key)
			}
		}
	}
	if ran < 1000 {
		t.Errorf("only %d mutants ran", ran)
	}
	if *update {
		grown = append(grown, known...)
		slices.Sort(grown)
		golden(t, accepted, strings.TrimSpace(strings.Join(slices.Compact(grown), "\n"))+"\n")
	}
}

// mutants checks the mutants of one service that are wanted, and counts those
// that are accepted. A mutant is told by the key that it changes, by what it
// does, and by how often the key was seen before.
func mutants(t *testing.T, folder fstest.MapFS, name string, wanted func(key, mutation string, nth int) bool) (alive survivors, total int) {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal(folder[name].Data, &doc); err != nil {
		t.Fatal(err)
	}
	b, seen := newBench(folder, name), map[string]int{}
	alive = survivors{}
	asBlocks(&doc)
	if found := b.check(doc.Content[0]); Failed(found) {
		t.Fatal(found)
	}
	walkNodes(&doc, "", func(parent *yaml.Node, i int, key string) {
		seen[key]++
		for _, m := range mutations {
			if !wanted(key, m.name, seen[key]-1) {
				continue
			}
			if accepted, ran := b.mutate(&doc, parent, i, m.do); ran {
				total++
				if accepted {
					alive[m.name+" "+key]++
				}
			}
		}
	})
	return alive, total
}

// asBlocks makes every plain text a block, in which a changed rule is compiled
// rather than refused for not standing in the file as it is.
func asBlocks(n *yaml.Node) {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!str" && n.Style == 0 {
		n.Style = yaml.LiteralStyle
	}
	for _, child := range n.Content {
		asBlocks(child)
	}
}

// walkNodes visits every node below a document with the key path it stands at,
// without the numbers of list items.
func walkNodes(n *yaml.Node, key string, visit func(parent *yaml.Node, i int, key string)) {
	for i := range n.Content {
		at := key
		if n.Kind == yaml.MappingNode {
			at = join(key, n.Content[i-i%2].Value)
			if i%2 == 0 {
				at += " (key)"
			}
		}
		if n.Kind != yaml.DocumentNode {
			visit(n, i, at)
		}
		walkNodes(n.Content[i], strings.TrimSuffix(at, " (key)"), visit)
	}
}

// mutate checks the folder with one node changed, and puts the node back.
func (b *bench) mutate(doc, parent *yaml.Node, i int, do func(*yaml.Node, int) bool) (accepted, ran bool) {
	before := parent.Content
	defer func() { parent.Content = before }()
	if !do(parent, i) {
		return false, false
	}
	return !Failed(b.check(doc.Content[0])), true
}

// bench is a folder that is read once, and one service of it that changes.
type bench struct {
	*folder
	name string
	at   int // of the service among all
}

func newBench(files fstest.MapFS, name string) *bench {
	b := &bench{folder: read(files), name: name}
	b.at = slices.IndexFunc(b.services, func(s *source) bool { return s.file == name })
	return b
}

// check checks the one service as this tree, over what it extends.
func (b *bench) check(root *yaml.Node) []Finding {
	b.report.findings = nil
	s := &source{file: b.name, root: root, places: map[string]place{}, report: b.report}
	if !s.refuse() {
		return b.report.findings
	}
	if s = b.extended(s); s == nil {
		return b.report.findings
	}
	service := &Service{}
	b.decodeService(s, []string{"id", "en"}, service)
	b.government.Services[b.at], b.services[b.at] = service, s
	b.checkService(s, service)
	if t, ok := b.government.Templates[service.Product.Template]; ok {
		b.checkTemplate(b.templates[t.ID], t, service)
	}
	return b.report.findings
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(path.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil || string(want) != got {
		t.Errorf("%s differs (%v); got:\n%s", name, err, got)
	}
}

func (s survivors) String(total int) string {
	var lines []string
	sum := 0
	for k, n := range s {
		lines = append(lines, fmt.Sprintf("%4d %s\n", n, k))
		sum += n
	}
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(a[5:], b[5:]) })
	return fmt.Sprintf("%d mutants, %d accepted\n", total, sum) + strings.Join(lines, "")
}
