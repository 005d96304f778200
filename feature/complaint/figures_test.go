package complaint

import (
	"strconv"
	"testing"

	"pendopo/feature/complaint/report"
	"pendopo/kernel/page"
	"pendopo/law/definition"
	"pendopo/web"
)

// TestAFileOfFiguresTellsNoMoreThanThePage: small numbers, and those from which they
// would follow, are in neither.
func TestAFileOfFiguresTellsNoMoreThanThePage(t *testing.T) {
	list := []report.Figures{
		{Unit: "dlh", Received: 41, Active: 20, Solved: 12, Silence: 8, Rejected: 1},
		{Unit: "dishub", Received: 30, Active: 10, Solved: 20},
		{Received: 71, Active: 30, Solved: 32, Silence: 8, Rejected: 1},
	}
	texts, err := page.LoadCatalogue(web.Locale(), false)
	if err != nil {
		t.Fatal(err)
	}
	n := named{Printer: texts.Printer("id"), government: &definition.Government{}}
	kept := n.kept(list)
	for i, line := range n.fileLines(list, 30) {
		for j, count := range counts(list[i]) {
			if told := line[3+j]; kept[i][j] && told == strconv.Itoa(count) || !kept[i][j] && told != strconv.Itoa(count) {
				t.Errorf("line %d, number %d: %q of %d, kept %v", i, j, told, count, kept[i][j])
			}
		}
	}
}

// TestASmallNumberDoesNotFollowFromTheOthers: what is active, solved, closed by
// silence and rejected makes up what was received, and the units make up all.
func TestASmallNumberDoesNotFollowFromTheOthers(t *testing.T) {
	list := []report.Figures{
		{Unit: "dlh", Received: 41, Active: 20, Solved: 12, Silence: 8, Rejected: 1},
		{Unit: "dishub", Received: 30, Active: 10, Solved: 20},
		{Received: 71, Active: 30, Solved: 32, Silence: 8, Rejected: 1},
	}
	kept := named{}.kept(list)
	parts := []int{1, 3, 4, 5}
	for i, line := range kept {
		n := 0
		for _, j := range parts {
			if line[j] {
				n++
			}
		}
		if n == 1 {
			t.Errorf("line %d: one number is missing, and follows from the others: %v", i, line)
		}
	}
	for _, j := range parts {
		n := 0
		for _, line := range kept {
			if line[j] {
				n++
			}
		}
		if n == 1 {
			t.Errorf("column %d: one number is missing, and follows from the others: %v", j, kept)
		}
	}
	if kept[1][1] || kept[1][3] {
		t.Errorf("what is nobody's is told: %v", kept[1])
	}
	for _, line := range (named{whole: true}).kept(list) {
		for j, k := range line {
			if k {
				t.Errorf("a unit's own number %d is kept from it", j)
			}
		}
	}
}
