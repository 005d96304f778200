package simulation

import (
	"maps"
	"slices"
)

// mostOfficers is the most of one role that the search asks for.
const mostOfficers = 256

// Need is how many officers a service needs so that no more than a share of its
// cases is late. Officers of a run that is late however many work are those of
// plenty, and Reached is false: there the work itself takes too long.
type Need struct {
	Officers map[string]int `json:"officers"`
	Late     float64        `json:"late_share"`
	Reached  bool           `json:"reached"`
}

// Needed looks for the fewest officers of each role: by halving for each role
// while the others have plenty, and then, as lateness adds up over the roles,
// one more wherever they are busiest until it is enough. Every try is the same
// run with the same seed.
func Needed(s Setup, share float64) (Need, error) {
	roles := rolesOf(s)
	plenty := map[string]int{}
	for _, role := range roles {
		plenty[role] = mostOfficers
	}
	first, err := try(s, plenty)
	if err != nil || first.LateShare() > share {
		return Need{Officers: plenty, Late: rounded(first), Reached: false}, err
	}
	least := map[string]int{}
	for _, role := range roles {
		if least[role], err = fewest(s, plenty, role, share); err != nil {
			return Need{}, err
		}
	}
	for {
		res, err := try(s, least)
		if err != nil || res.LateShare() <= share {
			return Need{Officers: least, Late: rounded(res), Reached: true}, err
		}
		role := busiest(res, least)
		if role == "" {
			return Need{Officers: least, Late: rounded(res)}, nil
		}
		least[role]++
	}
}

func rounded(r *Result) float64 {
	if r == nil {
		return 0
	}
	return tenth(r.LateShare()*1000) / 1000
}

// rolesOf are the roles that hold a step.
func rolesOf(s Setup) []string {
	set := map[string]bool{}
	for _, step := range s.Service.Flow.Steps {
		if step.Actor.Who == "role" {
			set[step.Actor.Role] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// try is the same run with other officers.
func try(s Setup, officers map[string]int) (*Result, error) {
	s.Officers = maps.Clone(officers)
	return Run(s)
}

// fewest halves the number of one role's officers until one fewer would be late.
func fewest(s Setup, plenty map[string]int, role string, share float64) (int, error) {
	low, high := 1, mostOfficers
	for low < high {
		mid := (low + high) / 2
		officers := maps.Clone(plenty)
		officers[role] = mid
		res, err := try(s, officers)
		if err != nil {
			return 0, err
		}
		if res.LateShare() <= share {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low, nil
}

// busiest is the role whose officers had the least time left, of those searched.
func busiest(r *Result, officers map[string]int) string {
	role, most := "", -1.0
	for _, d := range r.Desks {
		if _, searched := officers[d.Role]; searched && d.Load > most && officers[d.Role] < mostOfficers {
			role, most = d.Role, d.Load
		}
	}
	return role
}
