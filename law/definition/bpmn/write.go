package bpmn

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"

	"pendopo/law/definition"
	"pendopo/law/definition/chart"
)

// File writes a service of a government as one BPMN 2.0 file.
func File(g *definition.Government, s *definition.Service, lang string, words chart.Words) []byte {
	plan := chart.New(g, s, lang, words, chart.Head{}).Plan()
	w := &writer{graph: newGraph(s, lang, words, plan)}
	w.layout = w.lay()
	w.file(g.Profile.Name.In(lang))
	return w.Bytes()
}

// writer writes the elements and then their shapes.
type writer struct {
	bytes.Buffer
	*graph
	layout layout
}

func (w *writer) f(format string, args ...any) { fmt.Fprintf(w, format, args...) }

// esc makes words safe inside an attribute or an element.
func esc(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil { // a buffer takes everything
		return ""
	}
	return b.String()
}

func (w *writer) file(owner string) {
	w.WriteString(xml.Header)
	w.f(`<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="urn:pendopo:%s" exporter="Pendopo" exporterVersion="1">`+"\n", esc(w.s.ID))
	w.f("  <bpmn:collaboration id=\"collaboration\">\n    <bpmn:participant id=\"pool\" name=\"%s\" processRef=\"process\" />\n  </bpmn:collaboration>\n", esc(w.s.Name.In(w.lang)+" · "+owner))
	w.f("  <bpmn:process id=\"process\" name=\"%s\" isExecutable=\"false\">\n", esc(w.s.Name.In(w.lang)))
	w.laneSet()
	for i := range w.nodes {
		w.node(i)
	}
	for i, f := range w.flows {
		if f.timer != nil {
			w.timer(i, f)
		}
	}
	for i, f := range w.flows {
		w.f("    <bpmn:sequenceFlow id=\"%s\"%s sourceRef=\"%s\" targetRef=\"%s\" />\n", flowID(i), name(f.name), w.source(i), w.nodes[f.to].id)
	}
	w.WriteString("  </bpmn:process>\n")
	w.diagram()
	w.WriteString("</bpmn:definitions>\n")
}

func flowID(i int) string  { return "flow_" + strconv.Itoa(i+1) }
func timerID(i int) string { return "timer_" + strconv.Itoa(i+1) }
func laneID(i int) string  { return "lane_" + strconv.Itoa(i+1) }

// source is the element that a flow leaves: a node, or the timer on it.
func (w *writer) source(i int) string {
	if w.flows[i].timer != nil {
		return timerID(i)
	}
	return w.nodes[w.flows[i].from].id
}

func name(words string) string {
	if words == "" {
		return ""
	}
	return ` name="` + esc(words) + `"`
}

func (w *writer) laneSet() {
	w.WriteString("    <bpmn:laneSet id=\"lanes\">\n")
	for i, lane := range w.plan.Lanes {
		w.f("      <bpmn:lane id=\"%s\"%s>\n", laneID(i), name(lane))
		for _, n := range w.nodes {
			if n.lane == i {
				w.f("        <bpmn:flowNodeRef>%s</bpmn:flowNodeRef>\n", n.id)
			}
		}
		for k, f := range w.flows {
			if f.timer != nil && w.nodes[f.from].lane == i {
				w.f("        <bpmn:flowNodeRef>%s</bpmn:flowNodeRef>\n", timerID(k))
			}
		}
		w.WriteString("      </bpmn:lane>\n")
	}
	w.WriteString("    </bpmn:laneSet>\n")
}

func (w *writer) node(i int) {
	n := w.nodes[i]
	w.f("    <bpmn:%s id=\"%s\"%s>\n", n.tag, n.id, name(n.name))
	if n.doc != "" {
		w.f("      <bpmn:documentation>%s</bpmn:documentation>\n", esc(n.doc))
	}
	for k, f := range w.flows {
		if f.to == i {
			w.f("      <bpmn:incoming>%s</bpmn:incoming>\n", flowID(k))
		}
	}
	for k, f := range w.flows {
		if f.from == i && f.timer == nil {
			w.f("      <bpmn:outgoing>%s</bpmn:outgoing>\n", flowID(k))
		}
	}
	w.f("    </bpmn:%s>\n", n.tag)
}

func (w *writer) timer(i int, f flow) {
	w.f("    <bpmn:boundaryEvent id=\"%s\"%s attachedToRef=\"%s\">\n", timerID(i), name(f.timer.words), w.nodes[f.from].id)
	w.f("      <bpmn:outgoing>%s</bpmn:outgoing>\n", flowID(i))
	w.f("      <bpmn:timerEventDefinition id=\"%s_limit\">\n        <bpmn:timeDuration xsi:type=\"bpmn:tFormalExpression\">%s</bpmn:timeDuration>\n      </bpmn:timerEventDefinition>\n", timerID(i), f.timer.iso)
	w.WriteString("    </bpmn:boundaryEvent>\n")
}

func (w *writer) diagram() {
	l := w.layout
	w.WriteString("  <bpmndi:BPMNDiagram id=\"diagram\">\n    <bpmndi:BPMNPlane id=\"plane\" bpmnElement=\"collaboration\">\n")
	w.shape("pool", l.pool, ` isHorizontal="true"`, nil)
	for i, b := range l.lanes {
		w.shape(laneID(i), b, ` isHorizontal="true"`, nil)
	}
	for i, b := range l.nodes {
		more, label := "", (*bounds)(nil)
		if w.nodes[i].tag == choice {
			more = ` isMarkerVisible="true"`
		}
		if (w.nodes[i].tag == start || w.nodes[i].tag == end) && w.nodes[i].name != "" {
			label = l.beside(b)
		}
		w.shape(w.nodes[i].id, b, more, label)
	}
	for i, f := range w.flows {
		if f.timer != nil {
			b := l.timers[i]
			label := bounds{b.X + b.W + 2, b.middle().Y + 3, 66, wordsH}
			if l.lines[i][0].Y < b.middle().Y {
				label.Y -= wordsH + 5
			}
			w.shape(timerID(i), b, "", &label)
		}
	}
	for i, f := range w.flows {
		w.edge(i, f)
	}
	w.WriteString("    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n")
}

func (w *writer) shape(id string, b bounds, more string, label *bounds) {
	w.f("      <bpmndi:BPMNShape id=\"%s_di\" bpmnElement=\"%s\"%s>\n        %s\n", id, id, more, box(b))
	w.label(label)
	w.WriteString("      </bpmndi:BPMNShape>\n")
}

func box(b bounds) string {
	return fmt.Sprintf(`<dc:Bounds x="%s" y="%s" width="%s" height="%s" />`, num(b.X), num(b.Y), num(b.W), num(b.H))
}

func (w *writer) label(b *bounds) {
	if b != nil {
		w.f("        <bpmndi:BPMNLabel>\n          %s\n        </bpmndi:BPMNLabel>\n", box(*b))
	}
}

func (w *writer) edge(i int, f flow) {
	w.f("      <bpmndi:BPMNEdge id=\"%s_di\" bpmnElement=\"%s\">\n", flowID(i), flowID(i))
	line := w.layout.lines[i]
	for _, p := range line {
		w.f("        <di:waypoint x=\"%s\" y=\"%s\" />\n", num(p.X), num(p.Y))
	}
	if f.name != "" {
		w.label(w.along(w.layout, i))
	}
	w.WriteString("      </bpmndi:BPMNEdge>\n")
}

func num(f float64) string { return strconv.FormatFloat(float64(int(f*10+0.5))/10, 'f', -1, 64) }
