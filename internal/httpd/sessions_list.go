package httpd

import (
	"time"

	"sigportal/internal/sig"
)

// sessionsData lists the person's own sessions, so that a forgotten or a
// stranger's one can be ended.
type sessionsData struct {
	Base
	Sessions []sessionLine
}

type sessionLine struct {
	ID, Browser, Hat string
	Started, Used    time.Time
	This             bool
}

var sessionsPage = page("sessions", func(b Base) []sessionsData {
	at := time.Date(2026, 11, 21, 8, 30, 0, 0, time.UTC)
	return []sessionsData{{b, []sessionLine{
		{"0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f11", "Firefox", "Koordinator, Farsta", at, at.Add(time.Hour), true},
		{"0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f12", "Safari", "", at, at, false},
	}}}
})

// browserNames are the families of browsers that a session remembers.
var browserNames = map[string]string{"firefox": "Firefox", "edge": "Edge", "chrome": "Chrome", "safari": "Safari"}

// sessionsList shows them, this one first among equals.
func (a *App) sessionsList(r *Request) error {
	lines, err := a.deps.Login.Sessions(r.Ctx)
	if err != nil {
		return err
	}
	data := sessionsData{Base: r.Base("sessions.title")}
	for _, line := range lines {
		one := sessionLine{
			ID: line.ID.String(), Browser: browserNames[line.Browser], Started: line.CreatedAt, Used: line.LastSeenAt,
			This: line.ID == r.visitor.Actor.Session.UUID,
		}
		if line.Function != "" {
			one.Hat = hatText(r.lang, sig.ActorStaff, sig.Function(line.Function), line.UnitName, "")
		}
		data.Sessions = append(data.Sessions, one)
	}
	return sessionsPage.Send(r, data)
}
