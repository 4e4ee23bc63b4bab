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
	Past     []sessionLine // over, of the last thirty days
}

type sessionLine struct {
	ID, Browser, Hat string
	Started, Used    time.Time
	This             bool
}

var sessionsPage = page("sessions", func(b Base) []sessionsData {
	at := time.Date(2026, 11, 21, 8, 30, 0, 0, time.UTC)
	return []sessionsData{{Base: b, Sessions: []sessionLine{
		{"0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f11", "Firefox", "Koordinator, Farsta", at, at.Add(time.Hour), true},
		{"0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f12", "Safari", "", at, at, false},
	}, Past: []sessionLine{{Browser: "Chrome", Started: at.AddDate(0, 0, -2), Used: at.AddDate(0, 0, -2)}}}}
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
	past, err := a.deps.Login.PastSessions(r.Ctx)
	if err != nil {
		return err
	}
	for _, line := range past {
		data.Past = append(data.Past, sessionLine{Browser: browserNames[line.Browser], Started: line.CreatedAt, Used: line.LastSeenAt})
	}
	return sessionsPage.Send(r, data)
}
