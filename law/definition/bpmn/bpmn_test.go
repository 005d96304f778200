package bpmn_test

import (
	"encoding/xml"
	"math"
	"strings"
	"testing"

	"pendopo/government"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/law/definition/bpmn"
	"pendopo/web"
)

// file is what a test reads back.
type file struct {
	Process struct {
		Lanes []struct {
			Name string   `xml:"name,attr"`
			Refs []string `xml:"flowNodeRef"`
		} `xml:"laneSet>lane"`
		Users    []element `xml:"userTask"`
		Services []element `xml:"serviceTask"`
		Choices  []element `xml:"exclusiveGateway"`
		Parallel []element `xml:"parallelGateway"`
		Ends     []element `xml:"endEvent"`
		Timers   []element `xml:"boundaryEvent"`
		Flows    []struct {
			ID     string `xml:"id,attr"`
			Source string `xml:"sourceRef,attr"`
			Target string `xml:"targetRef,attr"`
		} `xml:"sequenceFlow"`
	} `xml:"process"`
	Shapes []struct {
		Element string `xml:"bpmnElement,attr"`
		Bounds  bounds `xml:"Bounds"`
	} `xml:"BPMNDiagram>BPMNPlane>BPMNShape"`
	Edges []struct {
		Element string  `xml:"bpmnElement,attr"`
		Points  []point `xml:"waypoint"`
	} `xml:"BPMNDiagram>BPMNPlane>BPMNEdge"`
}

type element struct {
	ID       string   `xml:"id,attr"`
	Outgoing []string `xml:"outgoing"`
}

type bounds struct {
	X float64 `xml:"x,attr"`
	Y float64 `xml:"y,attr"`
	W float64 `xml:"width,attr"`
	H float64 `xml:"height,attr"`
}

type point struct {
	X float64 `xml:"x,attr"`
	Y float64 `xml:"y,attr"`
}

// read writes every service of the demo and reads it back.
func read(t *testing.T, visit func(t *testing.T, s *definition.Service, f file)) {
	t.Helper()
	g, findings := definition.Read(government.FS)
	texts, err := page.LoadCatalogue(web.Locale(), false)
	if definition.Failed(findings) || err != nil {
		t.Fatal(findings, err)
	}
	for _, s := range g.Services {
		t.Run(s.ID, func(t *testing.T) {
			data := bpmn.File(g, s, "id", texts.Printer("id").T)
			var f file
			if err := xml.Unmarshal(data, &f); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(data), "chart.") {
				t.Error("a text is missing")
			}
			visit(t, s, f)
		})
	}
}

// TestEveryStepIsOneElement counts tasks, gateways and timers against the
// definition.
func TestEveryStepIsOneElement(t *testing.T) {
	read(t, func(t *testing.T, s *definition.Service, f file) {
		tasks, parallels, timers := 0, 0, 0
		for _, step := range s.Flow.Steps {
			if step.Kind == definition.StepParallel {
				parallels += 2
			} else {
				tasks++
			}
			if step.Limit != nil {
				for _, l := range step.Limit.Late {
					if l.Do == "grant" || l.Do == "close" || l.Do == "complete" && l.To != "" {
						timers++
					}
				}
			}
		}
		p := f.Process
		if len(p.Users)+len(p.Services) != tasks || len(p.Parallel) != parallels || len(p.Timers) != timers || len(p.Ends) == 0 {
			t.Errorf("%d and %d tasks, %d parallel gateways, %d timers, %d ends", len(p.Users), len(p.Services), len(p.Parallel), len(p.Timers), len(p.Ends))
		}
		for _, c := range p.Choices {
			if len(c.Outgoing) < 2 {
				t.Errorf("%s is no choice", c.ID)
			}
		}
	})
}

// TestLinesEndAtShapesAndCrossNone holds the diagram to the process.
func TestLinesEndAtShapesAndCrossNone(t *testing.T) {
	read(t, func(t *testing.T, _ *definition.Service, f file) {
		at := map[string]bounds{}
		for _, s := range f.Shapes {
			at[s.Element] = s.Bounds
		}
		housed := map[string]int{}
		for _, l := range f.Process.Lanes {
			for _, id := range l.Refs {
				housed[id]++
			}
		}
		for id, n := range housed {
			if _, drawn := at[id]; n != 1 || !drawn {
				t.Errorf("%s stands in %d lanes, drawn: %v", id, n, drawn)
			}
		}
		for i, flow := range f.Process.Flows {
			e := f.Edges[i]
			last := len(e.Points) - 1
			if e.Element != flow.ID || !near(e.Points[0], at[flow.Source]) || !near(e.Points[last], at[flow.Target]) {
				t.Errorf("%s does not lead from %s to %s: %v", flow.ID, flow.Source, flow.Target, e.Points)
			}
			for id := range housed {
				if id == flow.Source || id == flow.Target || over(at[id], at[flow.Source]) || strings.HasPrefix(id, "timer_") {
					continue
				}
				for k := range last {
					if crosses(e.Points[k], e.Points[k+1], at[id]) {
						t.Errorf("%s crosses %s", flow.ID, id)
					}
				}
			}
		}
	})
}

// near reports whether a point lies on the outline of a shape.
func near(p point, b bounds) bool {
	dx, dy := math.Abs(p.X-b.X-b.W/2), math.Abs(p.Y-b.Y-b.H/2)
	diamond := b.W == b.H && math.Abs(dx/(b.W/2)+dy/(b.H/2)-1) < 0.05
	return dx <= b.W/2+0.2 && dy <= b.H/2+0.2 && (dx >= b.W/2-8 || dy >= b.H/2-8 || diamond)
}

// over reports whether two shapes overlap, as a timer and its task do.
func over(a, b bounds) bool {
	return a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H
}

func crosses(a, c point, b bounds) bool {
	return min(a.X, c.X) < b.X+b.W && b.X < max(a.X, c.X) && min(a.Y, c.Y) <= b.Y+b.H && b.Y <= max(a.Y, c.Y) ||
		min(a.Y, c.Y) < b.Y+b.H && b.Y < max(a.Y, c.Y) && min(a.X, c.X) <= b.X+b.W && b.X <= max(a.X, c.X)
}
