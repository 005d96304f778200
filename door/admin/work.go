package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"

	"pendopo/engine/administration"
	"pendopo/engine/casework"
	"pendopo/kernel/fault"
	"pendopo/kernel/folder"
	"pendopo/law/definition"
	"pendopo/law/definition/edit"
)

// work is a proposal with the files as it would have them.
type work struct {
	p         administration.Proposal
	live      map[string]string
	files     folder.Files
	findings  []definition.Finding
	conflicts []string
}

// checked remembers what check said of the newest sets of files: one that
// somebody works on is looked at again and again.
type checked struct {
	mu   *sync.Mutex
	last []verdict
}

type verdict struct {
	hash     string
	findings []definition.Finding
}

// mostChecked is how many sets are remembered.
const mostChecked = 8

func (c *checked) check(files folder.Files) []definition.Finding {
	hash := casework.SourceHash(files)
	c.mu.Lock()
	i := slices.IndexFunc(c.last, func(v verdict) bool { return v.hash == hash })
	if i >= 0 {
		defer c.mu.Unlock()
		return c.last[i].findings
	}
	c.mu.Unlock()
	found := definition.Check(files)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last = append(c.last[max(0, len(c.last)-mostChecked+1):], verdict{hash, found})
	return found
}

// errNoSource says that the files were published before they were kept.
func errNoSource() *fault.Fault { return fault.New(fault.Conflict, "admin.no_source") }

// source is the live files; a fault when there are none.
func (d *Door) source(ctx context.Context) (string, map[string]string, error) {
	hash, live, err := d.Admin.Source(ctx)
	if err == nil && hash == "" {
		err = errNoSource()
	}
	return hash, live, err
}

// open reads a proposal and everything about it.
func (d *Door) open(r *http.Request) (*work, error) {
	p, err := d.Admin.Proposal(r.Context(), r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	_, live, err := d.source(r.Context())
	if err != nil {
		return nil, err
	}
	return d.over(p, live), nil
}

func (d *Door) over(p administration.Proposal, live map[string]string) *work {
	x := &work{p: p, live: live, files: p.Over(live), conflicts: p.Conflicts(live)}
	x.findings = d.checked.check(x.files)
	return x
}

// of are the findings of one file.
func (x *work) of(file string) (out []definition.Finding) {
	for _, f := range x.findings {
		if f.File == file {
			out = append(out, f)
		}
	}
	return out
}

// faulty reports whether check keeps the files from going live.
func (x *work) faulty() bool { return definition.Failed(x.findings) }

// file is a file of a proposal that can be edited by its values.
func (x *work) file(name string) (*edit.File, error) {
	text, ok := x.files[name]
	if !ok {
		return nil, fault.New(fault.Unknown, "admin.unknown_file")
	}
	f, err := edit.Parse([]byte(text))
	if err != nil {
		return nil, fault.New(fault.Conflict, "admin.unreadable").Because(err)
	}
	return f, nil
}

// base is the address of a proposal.
func (x *work) base() string { return "/admin/proposals/" + x.p.ID }

// touch is a change of the version that was seen.
func (x *work) touch(m me, version int64) administration.Touch {
	return administration.Touch{ID: x.p.ID, Version: version, Actor: m.ID}
}

// languages are those of the government as the proposal would have it.
func (x *work) languages() []string {
	f, err := edit.Parse([]byte(x.files["government.yaml"]))
	if err != nil || f.At("languages") == nil {
		return []string{"id", "en"}
	}
	var out []string
	for _, n := range f.At("languages").Children() {
		out = append(out, n.Value)
	}
	return out
}

// name is a file's own name in the reader's language: a service's, a decree's.
func name(m me, path, text string) string {
	fixed := map[string]string{"government.yaml": "file_government", "units.yaml": "file_units", "roles.yaml": "file_roles", "numbers.yaml": "file_numbers",
		"regions.yaml": "file_regions", "needs.yaml": "file_needs", "words.yaml": "file_words", "notices.yaml": "file_notices", "calendars/patterns.yaml": "file_patterns"}
	if key := fixed[path]; key != "" {
		return m.t(key)
	}
	f, err := edit.Parse([]byte(text))
	if err != nil {
		return path
	}
	for _, key := range []string{"name", "title"} {
		if n := f.At(key + "." + m.words.Lang()); n != nil {
			return n.Value
		}
		if n := f.At(key + ".id"); n != nil {
			return n.Value
		}
	}
	if n := f.At("decree.number"); n != nil && strings.HasPrefix(path, "calendars/") {
		return n.Value
	}
	return path
}
