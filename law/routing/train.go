package routing

import "math"

// How long and how strictly a model is trained; chosen by measurement.
const (
	strictness = 0.6 // C: what an example on the wrong side costs
	rounds     = 5   // passes over all examples
)

// machine is one linear support vector machine for each label, its weights
// beside one another by feature.
type machine struct {
	labels int
	weight []float32 // feature × label
	bias   []float32
}

// learn trains by dual coordinate descent (Hsieh et al. 2008) on the squared
// hinge: every example in turn moves the border just as far as it needs. The
// order is drawn from a fixed seed.
func learn(docs [][]term, label []int, labels, features int) *machine {
	m := &machine{labels: labels, weight: make([]float32, features*labels), bias: make([]float32, labels)}
	length := make([]float32, len(docs))
	for i, d := range docs {
		length[i] = 1
		for _, t := range d {
			length[i] += t.amount * t.amount
		}
	}
	one := make([]float32, features)
	for c := range labels {
		clear(one)
		m.bias[c] = separate(docs, label, c, length, one)
		for id, w := range one {
			m.weight[id*labels+c] = w
		}
	}
	return m
}

// separate finds the border between one label and all others.
func separate(docs [][]term, label []int, c int, length, weight []float32) (bias float32) {
	const give = 1 / (2 * strictness)
	alpha := make([]float32, len(docs))
	order := make([]int, len(docs))
	for i := range order {
		order[i] = i
	}
	seed := uint64(1)
	for range rounds {
		for i := len(order) - 1; i > 0; i-- {
			seed = seed*6364136223846793005 + 1442695040888963407
			j := int((seed >> 33) % uint64(i+1))
			order[i], order[j] = order[j], order[i]
		}
		for _, i := range order {
			side := float32(-1)
			if label[i] == c {
				side = 1
			}
			at := bias
			for _, t := range docs[i] {
				at += weight[t.id] * t.amount
			}
			before := alpha[i]
			alpha[i] = max(0, before-(side*at-1+before*give)/(length[i]+give))
			move := (alpha[i] - before) * side
			if move == 0 {
				continue
			}
			for _, t := range docs[i] {
				weight[t.id] += move * t.amount
			}
			bias += move
		}
	}
	return bias
}

// margins is how far a text lies on the side of each label.
func (m *machine) margins(list []term) []float64 {
	sums := make([]float32, m.labels)
	copy(sums, m.bias)
	for _, t := range list {
		row := m.weight[int(t.id)*m.labels : (int(t.id)+1)*m.labels]
		for c, w := range row {
			sums[c] += w * t.amount
		}
	}
	out := make([]float64, m.labels)
	for c, s := range sums {
		out[c] = float64(s)
	}
	return out
}

// chances makes of margins how likely each label is; trust is how much a margin
// says.
func chances(margins []float64, trust float64) []float64 {
	most := math.Inf(-1)
	for _, m := range margins {
		most = max(most, m)
	}
	out := make([]float64, len(margins))
	sum := 0.0
	for c, m := range margins {
		out[c] = math.Exp((m - most) * trust)
		sum += out[c]
	}
	for c := range out {
		out[c] /= sum
	}
	return out
}

// Bounds of trust, and what holds where too little can be held back to measure.
const (
	leastTrust   = 1.0
	mostTrust    = 8.0
	cautious     = 2.0
	enoughToHold = 100 // examples
	holdBack     = 5   // one in so many
	mostToHold   = 1500
)

// trusted learns without one example in five and looks which trust says best how
// often the machine is right about those; the newest are enough to see it by.
func trusted(docs [][]term, label []int, labels, features int) float64 {
	if len(docs) < enoughToHold {
		return cautious
	}
	docs = docs[:min(len(docs), mostToHold)]
	var kept, held [][]term
	var keptLabel, heldLabel []int
	for i := range docs {
		if i%holdBack == 0 {
			held, heldLabel = append(held, docs[i]), append(heldLabel, label[i])
			continue
		}
		kept, keptLabel = append(kept, docs[i]), append(keptLabel, label[i])
	}
	m := learn(kept, keptLabel, labels, features)
	margins := make([][]float64, len(held))
	for i, d := range held {
		margins[i] = m.margins(d)
	}
	best, least := cautious, math.Inf(1)
	for trust := leastTrust; trust <= mostTrust; trust += 0.25 {
		surprise := 0.0
		for i := range held {
			surprise -= math.Log(max(1e-9, chances(margins[i], trust)[heldLabel[i]]))
		}
		if surprise < least {
			best, least = trust, surprise
		}
	}
	return best
}
