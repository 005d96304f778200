package definition

import (
	"fmt"
	"os"
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

// survivors are the mutants of the good services that check accepts, by the key
// that was changed. Each is a change that leaves another good definition: other
// words, another name for something that nothing refers to, one entry fewer in a
// list, or a part that may be left out. The counts are pinned, so that a check
// that goes blind is noticed.
type survivors map[string]int

func TestMutantsOfEveryNodeAreRefusedOrJustified(t *testing.T) {
	for _, name := range []string{"services/sip-bidan.yaml", "services/surat-keterangan-domisili.yaml"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := folderOf(t, government.FS)
			var doc yaml.Node
			if err := yaml.Unmarshal(folder[name].Data, &doc); err != nil {
				t.Fatal(err)
			}
			alive, total, b := survivors{}, 0, newBench(folder, name)
			asBlocks(&doc)
			if found := b.check(doc.Content[0]); Failed(found) {
				t.Fatal(found)
			}
			walkNodes(&doc, "", func(parent *yaml.Node, i int, key string) {
				for _, m := range mutations {
					if accepted, ran := b.mutate(&doc, parent, i, m.do); ran {
						total++
						if accepted {
							alive[m.name+" "+key]++
						}
					}
				}
			})
			golden(t, "testdata/mutants/"+strings.TrimSuffix(name[len("services/"):], ".yaml")+".txt", alive.String(total))
		})
	}
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
}

func newBench(folder fstest.MapFS, name string) *bench {
	return &bench{folder: read(around(folder)), name: name}
}

// check checks the one service as this tree.
func (b *bench) check(root *yaml.Node) []Finding {
	b.report.findings = nil
	s := &source{file: b.name, root: root, places: map[string]place{}, report: b.report}
	service := &Service{}
	if s.refuse() {
		b.decodeService(s, []string{"id", "en"}, service)
		b.government.Services, b.services = []*Service{service}, []*source{s}
		b.checkService(s, service)
		b.checkTemplates()
	}
	return b.report.findings
}

// around is a folder without its services, calendars and policies, which no
// mutant touches.
func around(folder fstest.MapFS) fstest.MapFS {
	out := fstest.MapFS{}
	for name, file := range folder {
		if !strings.HasPrefix(name, "services/") && !strings.HasPrefix(name, "calendars/") && !strings.HasPrefix(name, "policy/") {
			out[name] = file
		}
	}
	return out
}

// golden compares with a file, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(name[:strings.LastIndex(name, "/")], 0o755); err != nil {
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
