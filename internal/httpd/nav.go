package httpd

import (
	"slices"
	"strings"

	"sigportal/internal/sig"
)

// menu is one entry of a main menu before it is put into words.
type menu struct{ path, key string }

// menus are the main menus by kind of actor. What a function may not use is
// left out by the page's own service; the menu holds only what all have.
var menus = map[sig.ActorKind][]menu{
	sig.ActorStaff:    {{"/start", "nav.today"}, {"/inbox", "nav.inbox"}, {"/interventions", "nav.interventions"}, {"/directed-questions", "nav.questions"}, {"/meetings", "nav.meetings"}},
	sig.ActorGuardian: {{"/start", "nav.start"}, {"/shared", "nav.shared"}, {"/questions", "inquiry.title"}},
	sig.ActorYouth:    {{"/start", "nav.start"}, {"/shared", "nav.shared"}, {"/questions", "inquiry.title"}},
}

// offices are the menus of functions that keep records or the portal, and take
// part in no case.
var offices = map[sig.Function][]menu{
	sig.RoleRegistrar:     {{"/registry", "nav.transfers"}, {"/inquiries", "nav.inquiries"}, {seatNamesPath, "nav.seat_names"}, {"/reorganisation", "reorganisation.title"}},
	sig.RoleLogReviewer:   {{"/review", "nav.review"}, {"/inquiries", "nav.inquiries"}},
	sig.RoleAdministrator: {{"/directory", "nav.directory"}, {"/texts", "nav.texts"}, {"/reorganisation", "reorganisation.title"}},
}

// board are the menus of functions that a board's cases begin and end with.
var board = []menu{
	{"/start", "nav.today"}, {"/inbox", "nav.inbox"}, {"/interventions", "nav.interventions"}, {"/directed-questions", "nav.questions"}, {"/meetings", "nav.meetings"},
	{"/search", "nav.search"}, {"/requests", "nav.requests"},
}

// asking are the other functions of a board whose staff ask to take part in one
// of its cases, instead of reading what a colleague may (domain T10).
var asking = []sig.Function{sig.RoleCaseworker, sig.RoleFieldAssistant, sig.FunctionOpenCare}

func (r *Request) nav(here string) []NavItem {
	var items []NavItem
	all, office := offices[r.visitor.Actor.Function]
	switch {
	case office:
	case r.visitor.Actor.Function == sig.RoleCoordinator, r.visitor.Actor.Function == sig.RoleSocialSecretary:
		all = board
	case slices.Contains(asking, r.visitor.Actor.Function):
		all = append(slices.Clone(menus[sig.ActorStaff]), menu{"/requests", "nav.requests"})
	default:
		all = menus[r.visitor.Actor.Kind]
	}
	for _, m := range all {
		items = append(items, NavItem{
			Path: m.path, Text: r.lang.T(m.key),
			Here: here == m.path || strings.HasPrefix(here, m.path+"/"),
		})
	}
	return items
}
