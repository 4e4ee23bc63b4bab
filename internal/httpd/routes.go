package httpd

import (
	"slices"

	"sigportal/internal/sig"
)

// Level is what a session must be before a route's handler is asked.
type Level string

// The levels of sessions, from none to a fresh login.
const (
	Public   Level = "public"    // anybody
	SignedIn Level = "signed_in" // anybody with a session, also without any part
	Hat      Level = "hat"       // staff under one chosen assignment
	Citizen  Level = "citizen"   // a guardian or a young person in one standing
	// StepUp is somebody with a part, for an act that needs the person in the
	// flesh: the proof of a fresh login is spent in the act's own transaction.
	StepUp Level = "step_up"
)

// Handler answers one request that has passed its route's level.
type Handler func(*Request) error

// Route is one line of the site map.
type Route struct {
	Method string `json:"method"`
	Path   string `json:"path"`
	Level  Level  `json:"level"`
	handle Handler
}

// routes is the site map: every route of the pages, grouped by level. HEAD is
// answered where an anonymous GET is, sign-in aside; nothing answers any other
// method.
func (a *App) routes() []Route {
	return slices.Concat(a.publicRoutes(), a.answerRoutes(), a.feedRoutes(), a.caldavRoutes(), a.documentRoutes(), a.signedInRoutes(), a.staffRoutes(), a.citizenRoutes(), a.sampleRoutes())
}

func (a *App) publicRoutes() []Route {
	return []Route{
		{"GET", "/", Public, a.frontShow},
		{"GET", "/accessibility", Public, a.accessibilityShow},
		{"POST", "/accessibility/report", Public, a.accessibilityReport},
		{"GET", "/privacy", Public, a.privacyShow},
		{"GET", "/help", Public, a.helpShow},
		{"GET", "/key", Public, a.keyShow},
		{"GET", "/key.txt", Public, a.keyDownload},
		{"GET", "/healthz", Public, a.healthShow},
		{"POST", "/language", Public, a.languageChoose},
		{"GET", "/login/:provider", Public, a.loginStart},
		{"POST", "/login/:provider", Public, a.loginStart},
		{"GET", "/login/:provider/callback", Public, a.loginCallback},
		{"POST", "/logout", Public, a.logoutMake},
		{"POST", "/leave", Public, a.leaveQuickly},
		{"POST", "/logout/:provider/backchannel", Public, a.loginBackChannel},
		{"GET", "/static/:name", Public, a.assetSend},
	}
}

func (a *App) signedInRoutes() []Route {
	return []Route{
		{"GET", "/start", SignedIn, a.startShow},
		{"GET", "/live", SignedIn, a.liveOpen},
		{"GET", "/hat", SignedIn, a.hatShow},
		{"GET", "/consents/:id/paper", SignedIn, a.consentPaper},
		{"GET", "/consents/:id/paper.pdf", SignedIn, a.consentPaperPDF},
		{"POST", "/hat", SignedIn, a.hatChoose},
		{"GET", officePath, SignedIn, a.officeShow},
		{"POST", officePath, SignedIn, a.officeEnter},
		{"GET", noticePath, SignedIn, a.noticeShow},
		{"POST", noticePath, SignedIn, a.noticeChoose},
		{"GET", "/sessions", SignedIn, a.sessionsList},
		{"POST", "/sessions/:id/end", SignedIn, a.sessionEnd},
	}
}

func (a *App) staffRoutes() []Route {
	return slices.Concat(a.partnerRoutes(), a.caseworkRoutes(), a.boardRoutes(), a.meetingRoutes(), a.planRoutes())
}

// sampleRoutes exist in the demo only.
func (a *App) sampleRoutes() []Route {
	if !a.deps.Samples {
		return nil
	}
	return []Route{
		{"GET", "/_pages", Public, a.samplesList},
		{"GET", "/_pages/:name/:number", Public, a.sampleShow},
	}
}

// starts are the start pages by kind of actor; nobody is not among them.
func (a *App) starts() map[sig.ActorKind]Handler {
	return map[sig.ActorKind]Handler{
		sig.ActorStaff: a.staffStart, sig.ActorGuardian: a.citizenStart, sig.ActorYouth: a.citizenStart,
	}
}
