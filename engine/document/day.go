package document

import "pendopo/law/deadline"

// DaysOf makes the day strip of a proof. lang chooses a holiday's name; stop
// gives the words of a stop's reason.
func DaysOf(p deadline.Proof, lang string, stop func(id string) string) []Day {
	days := make([]Day, len(p.Days))
	for i, d := range p.Days {
		days[i] = Day{Date: d.Date.Time(), Kind: kindOf(d), Name: d.Called(lang)}
		if days[i].Kind == DayStopped {
			days[i].Name = stop(d.Reason)
		}
	}
	return days
}

func kindOf(d deadline.Day) DayKind {
	switch {
	case d.Due:
		return DayDue
	case d.Counted:
		return DayCounted
	case d.Why == deadline.Standing || d.Why == deadline.StoppedLast:
		return DayStopped
	case d.Why == deadline.Received || d.Why == deadline.Resumed:
		return DayBefore
	}
	return DayOff
}
