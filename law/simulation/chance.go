package simulation

import (
	"hash/fnv"
	"math"
)

// chance is a generator of its own (splitmix64), so that a seed means the same
// in every version of Go.
type chance struct{ state uint64 }

// chanceOf is the chance of one thing: a case, a day.
func chanceOf(seed uint64, what string, n int) *chance {
	h := fnv.New64a()
	h.Write([]byte(what)) // a hash never fails to write
	c := &chance{seed ^ h.Sum64() ^ (uint64(n)+1)*0x9e3779b97f4a7c15}
	c.next()
	return c
}

func (c *chance) next() uint64 {
	c.state += 0x9e3779b97f4a7c15
	z := c.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// unit is evenly spread over (0, 1].
func (c *chance) unit() float64 { return (float64(c.next()>>11) + 1) / (1 << 53) }

// yes is true so often.
func (c *chance) yes(share float64) bool { return share > 0 && c.unit() <= share }

// exponential has a mean.
func (c *chance) exponential(mean float64) float64 { return -mean * math.Log(c.unit()) }

// work is how long something takes around a mean: always the same for shape 0,
// else the sum of so many exponential parts. Shape 1 is exponential itself.
func (c *chance) work(mean float64, shape int) float64 {
	if shape == 0 {
		return mean
	}
	sum := 0.0
	for range shape {
		sum += c.exponential(mean / float64(shape))
	}
	return sum
}

// count is how many of something come that come at random with a mean (Poisson).
func (c *chance) count(mean float64) int {
	n, left := 0, mean
	for left -= c.exponential(1); left > 0; left -= c.exponential(1) {
		n++
	}
	return n
}
