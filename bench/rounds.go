package main

import (
	"slices"
	"time"

	"pendopo/bench/load"
)

// clients is how many send at the same time.
const clients = 64

// pair is a subject and its limit under the same load.
type pair struct {
	limit, subject   load.Load
	limitP, subjectP *load.Process
	rounds           int
	lasting          time.Duration
	from             load.Counter
}

// outcome is what the rounds of a pair have shown.
type outcome struct {
	Ratios          []float64
	Limit, Subject  float64       // answers per second, medians
	LimitCPU        time.Duration // processor time of the server per answer, medians
	SubjectCPU      time.Duration
	Settled         time.Duration // longest that the subject worked on after a round
	limits, subject []side
}

type side struct {
	rate    float64
	cpu     time.Duration
	settled time.Duration
}

// run alternates: limit, subject, then subject, limit. What drifts slowly falls
// out of the ratio of neighbours.
func (p *pair) run() (o outcome, err error) {
	if _, err = p.one(p.limit, p.limitP, p.lasting/4); err == nil { // warm both
		_, err = p.one(p.subject, p.subjectP, p.lasting/4)
	}
	for i := 0; i < p.rounds && err == nil; i++ {
		var limit, subject side
		if i%2 == 0 {
			limit, err = p.one(p.limit, p.limitP, p.lasting)
		}
		if err == nil {
			subject, err = p.one(p.subject, p.subjectP, p.lasting)
		}
		if err == nil && i%2 == 1 {
			limit, err = p.one(p.limit, p.limitP, p.lasting)
		}
		o.limits, o.subject = append(o.limits, limit), append(o.subject, subject)
	}
	if err == nil {
		o.sum()
	}
	return o, err
}

func (p *pair) one(l load.Load, server *load.Process, lasting time.Duration) (s side, err error) {
	before, err := server.Spent()
	if err != nil {
		return s, err
	}
	got, err := l.Run(clients, lasting, &p.from)
	if err != nil {
		return s, err
	}
	s.rate = got.Rate
	if s.settled, err = server.Settle(); err != nil {
		return s, err
	}
	after, err := server.Spent() // with what was worked off afterwards
	s.cpu = time.Duration(float64(after-before) / max(1, s.rate*lasting.Seconds()))
	return s, err
}

func (o *outcome) sum() {
	for i := range o.limits {
		o.Ratios = append(o.Ratios, o.subject[i].rate/o.limits[i].rate)
		o.Settled = max(o.Settled, o.subject[i].settled)
	}
	o.Limit, o.Subject = medianOf(o.limits, rate), medianOf(o.subject, rate)
	o.LimitCPU, o.SubjectCPU = medianOf(o.limits, cpu), medianOf(o.subject, cpu)
}

func rate(s side) float64      { return s.rate }
func cpu(s side) time.Duration { return s.cpu }

func medianOf[V float64 | time.Duration](list []side, of func(side) V) V {
	values := make([]V, len(list))
	for i, s := range list {
		values[i] = of(s)
	}
	return median(values)
}

func median[V float64 | time.Duration](values []V) V {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
