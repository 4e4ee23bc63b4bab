package httpd

import (
	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// noticesOf says what about a case must not be missed: protected identity, a
// pause, an expiry, that it has ended, that only one direction is left.
func noticesOf(w familyWords, c *consenting.Case, dir *sig.Directory) []boardNotice {
	var list []boardNotice
	say := func(kind, key string, args ...any) {
		list = append(list, boardNotice{kind, w.T(key+".title", args...), w.T(key+".text", args...)})
	}
	if c.Youth.Protection != "" && c.Youth.Protection != sig.ProtectionNone {
		say("warn", "board.protected", "kind", w.T("protection."+string(c.Youth.Protection)))
	}
	if v := c.InForce; v != nil && v.Paused == sig.SuspendedProtected && c.Youth.Protection == sig.ProtectionNone {
		say("warn", "board.protection_missing")
	}
	for _, v := range []*consenting.Version{c.InForce, c.Preparing} {
		if v != nil && !v.OralUntil.IsZero() {
			say("warn", "oral.notice", "date", w.DateTime(v.OralUntil))
		}
	}
	switch {
	case c.State == sig.InterventionNotStarted:
		say("info", "board.not_started", "date", w.DateTime(c.StateSince), "reason", w.closed(c))
	case c.State.Ended():
		say("no", "board.ended", "time", w.DateTime(c.StateSince), "reason", w.closed(c))
	case c.State == sig.InterventionSharingStopped:
		say("warn", "board.expired", "date", w.lastDay(c.SharingEnded), "until", w.lastDay(c.GraceEnds))
	case c.InForce != nil && c.InForce.State == sig.ConsentSuspended:
		say("warn", "board.paused")
		if why := c.InForce.Paused; why != "" {
			list[len(list)-1].Text = w.T("suspension."+string(why)) + " " + list[len(list)-1].Text
		}
	case c.InForce != nil && oneWayLeft(c, dir):
		say("warn", "board.one_way")
	}
	return list
}

func (w familyWords) closed(c *consenting.Case) string {
	if c.ClosedReason == "" {
		return w.T("board.ended.unknown")
	}
	return w.T("closed." + string(c.ClosedReason))
}

// oneWayLeft reports whether only one of the police and social services may
// still tell the other.
func oneWayLeft(c *consenting.Case, dir *sig.Directory) bool {
	matrix := sig.Matrix{}
	for _, row := range c.InForce.Rows {
		matrix.Grants = append(matrix.Grants, sig.Grant{
			ID: row.ID, Discloser: row.Discloser.Seat, Recipient: row.Recipient.Seat, Private: row.Recipient.Private,
			Categories: row.Categories, From: row.From, To: row.End(),
		})
	}
	for _, x := range c.InForce.Exclusions {
		matrix.Exclusions = append(matrix.Exclusions, sig.Exclusion{ID: x.ID, Recipient: x.Recipient.Seat, Category: x.Category})
	}
	core := sig.CoreOf(matrix, c.Now, func(s sig.Seat) sig.Place {
		place, _ := dir.Place(s.Unit, s.Function)
		return place
	})
	return core.Any() && !(core.PoliceTells && core.SocialTells)
}
