package routetest

import (
	"sort"
	"strings"
	"testing"
)

// TestEveryRoute tries all areas in one city, and then holds what was tried to
// the list of routes.
func TestEveryRoute(t *testing.T) {
	w := newWorld(t)
	for _, area := range []struct {
		name string
		run  func(*world)
	}{
		{"for anybody", (*world).publicArea},
		{"another family", (*world).anotherFamily},
		{"a case in force", (*world).readingArea},
		{"a case in force, for programs", (*world).programReads},
		{"lists that go on", (*world).listsArea},
		{"telling", (*world).tellingArea},
		{"telling, for programs", (*world).programsTell},
		{"directed questions", (*world).questionsArea},
		{"meetings", (*world).meetingsArea},
		{"meetings, for programs", (*world).programsMeet},
		{"the plan", (*world).planArea},
		{"drafts", (*world).draftsArea},
		{"the plan, for programs", (*world).programsPlan},
		{"a meeting's room", (*world).roomArea},
		{"a meeting's room, for programs", (*world).programsHold},
		{"what waits for a second officer", (*world).secondArea},
		{"searching", (*world).searchArea},
		{"decisions for programs", (*world).authzenArea},
		{"from proposal to consent", (*world).openingArea},
		{"from proposal to consent, for programs", (*world).programsOpen},
		{"one key, one act", (*world).oneKeyOneAct},
		{"one key, two things", (*world).oneKeyTwoThings},
		{"a wider consent, for programs", (*world).programsChange},
		{"protected identity", (*world).protectionArea},
		{"who decides", (*world).guardiansArea},
		{"what the youth decides over alone", (*world).ownArea},
		{"a reorganisation ahead", (*world).reorganisationArea},
		{"nothing at home", (*world).homeArea},
		{"changes and pauses", (*world).changingArea},
		{"taking back", (*world).withdrawingArea},
		{"the end", (*world).endingArea},
		{"the board's own end", (*world).boardEndArea},
		{"a paper, for programs", (*world).programsImport},
		{"which texts are approved", (*world).textsArea},
		{"names that families see", (*world).seatNamesArea},
		{"how to be told", (*world).noticesArea},
		{"sessions and ways in", (*world).waysArea},
	} {
		t.Run(area.name, func(t *testing.T) {
			whole := w.t
			w.t = t
			defer func() { w.t = whole }()
			area.run(w)
		})
	}
	w.everyRouteTried()
	for _, line := range w.log.lines {
		t.Errorf("the portal logged a fault: %s", line)
	}
}

// everyRouteTried holds the list of routes to what was tried, by somebody who
// may and by somebody who may not.
func (w *world) everyRouteTried() {
	var missing []string
	for route := range levelOf {
		seen := w.tried[route]
		if seen == nil || seen.allowed == 0 || seen.barred == 0 {
			missing = append(missing, route)
		}
	}
	sort.Strings(missing)
	if len(missing) > 0 {
		w.t.Errorf("%d of %d routes have not been tried both ways:\n%s", len(missing), len(levelOf), strings.Join(missing, "\n"))
	}
}
