package api

import (
	"context"
	"time"

	"sigportal/internal/sig"
)

// Sessions is the caller's own live sessions.
type Sessions struct {
	Sessions []Session `json:"sessions"`
}

// Session is one of them.
type Session struct {
	ID        ID        `json:"id"`
	Browser   string    `json:"browser"`
	Function  string    `json:"function,omitempty"`
	Unit      string    `json:"unit,omitempty" doc:"Its name."`
	StartedAt time.Time `json:"started_at"`
	UsedAt    time.Time `json:"used_at"`
	This      bool      `json:"this" doc:"The one that asks."`
}

type inSession struct {
	Session string `path:"session"`
}

func (a *API) registerSessions() {
	const tag = "sessions"
	add(a, op{method: "GET", path: "/api/v1/sessions", level: SignedIn, id: "list-sessions", tag: tag, anybody: true,
		says: "The caller's own live sessions."}, a.sessionsList)
	act(a, op{method: "DELETE", path: "/api/v1/sessions/{session}", level: SignedIn, id: "end-session", tag: tag, anybody: true,
		says: "End one of them; it opens nothing from then on."}, a.sessionEnd)
}

func (a *API) sessionsList(_ context.Context, who *caller, _ *none) (Sessions, error) {
	lines, err := a.deps.Login.Sessions(who.http)
	var out Sessions
	out.Sessions = make([]Session, 0, len(lines))
	for _, l := range lines {
		out.Sessions = append(out.Sessions, Session{
			ID(l.ID.String()), l.Browser, l.Function, l.UnitName, l.CreatedAt, l.LastSeenAt, l.ID == who.actor.Session.UUID,
		})
	}
	return out, err
}

func (a *API) sessionEnd(ctx context.Context, who *caller, in *inSession) error {
	var id sig.SessionID
	if err := pathID(in.Session, &id); err != nil {
		return err
	}
	return a.deps.Login.End(ctx, who.actor, id)
}
