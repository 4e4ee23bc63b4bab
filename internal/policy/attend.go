package policy

import (
	"time"

	"sigportal/internal/sig"
)

// Meeting is one point of a network meeting's agenda: what is told there is a
// disclosure by its teller to everybody in the room (OSL 3:1).
type Meeting struct {
	Host     sig.Place // the board's function that called the meeting
	Teller   sig.Place // whose information the point is about
	Category sig.Category
	Start    time.Time
	// FamilyAlone is a point for the family and the host alone: the young person's
	// own words, said where nobody from outside sits.
	FamilyAlone bool
	// Called is whether the function that is asked about is called to the point.
	Called bool
}

// stays reports whether whom the point is for lets a function be there: one for
// the family alone is held by the host, and by nobody else.
func (m *Meeting) stays(r *Request, here sig.Seat) bool {
	host := m.Host.Seat()
	return !m.FamilyAlone || r.Directory.same(here, host, r.Now) && r.Directory.same(m.Teller.Seat(), host, r.Now)
}

// Waits reports whether telling the point would have to wait for a second officer
// (T26), as any disclosure of where somebody protected is: in a room nobody waits,
// so it is told in writing instead. What is said to the family alone is told to no
// function.
func (m *Meeting) Waits(officer Officer) bool {
	return officer.Protected && m.Category == sig.CategoryWhereabouts && !m.FamilyAlone
}

// attend: may the recipient's function be there when the point is told? It is
// asked of now, when the function hears that there is a meeting, and of the
// meeting's own time, where that lies ahead.
func attend(r *Request) Decision {
	d := holds(r)
	if !d.Allowed {
		return d
	}
	m := &r.Meeting
	here := r.Recipient.Place.Seat()
	switch {
	case !m.stays(r, here):
		return no(FamilyAlone)
	case r.Directory.same(here, m.Teller.Seat(), r.Now):
		return d // whoever tells is there
	case r.Recipient.Place.Kind == sig.KindCivilSociety:
		return no(ComesAsGuest)
	case r.Recipient.Place.Authority == m.Host.Authority && m.Teller.Authority == m.Host.Authority &&
		!Border(m.Teller, r.Recipient.Place, r.Recipient.Participates).Crosses():
		if !r.Recipient.Participates {
			return no(RecipientNotOnCase)
		}
		return yes(ByNeed)
	case r.Recipient.Place.Authority == m.Teller.Authority && m.Teller.Authority != m.Host.Authority:
		// What the own house tells is nothing that it is told there: the board
		// must be able to tell it.
		return tells(r, &m.Host, &r.Recipient.Place)
	default:
		return tells(r, &m.Teller, &r.Recipient.Place)
	}
}

// visitPoint: a guest is told by the point's teller what the point is about, so
// a row must let that teller tell the person, or the association, that the guest
// is; and a condition that the family has set becomes a reservation, which the
// guest accepts first (OSL 10:14, 12:2 second paragraph; T30). No own yes names
// anybody but a function.
func visitPoint(r *Request) Decision {
	d := holds(r)
	if !d.Allowed {
		return d
	}
	m := &r.Meeting
	to := &r.Recipient
	switch {
	case m.FamilyAlone:
		return no(FamilyAlone)
	case to.PrivateGrant.IsZero() && to.Place.Kind != sig.KindCivilSociety:
		return no(NoGrantToRecipient)
	case to.PrivateGrant.IsZero() && !m.Category.ForClub():
		return no(CategoryNotCovered)
	}
	t := telling{
		at: r.Now, from: m.Teller.Seat(), to: to.Place.Seat(), private: to.PrivateGrant,
		districts: to.Place.Districts, categories: []sig.Category{m.Category}, guest: true,
	}
	d = covering(r, &t)
	if d.Allowed && m.Start.After(r.Now) {
		t.at = m.Start
		d = covering(r, &t)
	}
	if d.Allowed && !to.Reserved {
		return no(NoReservation)
	}
	return d
}

// seeCall: the family sees who is called to what, as far as the function may be
// there. A point at which every answer is ByNeed is the board's own affair: who
// asks shows only points with one that rests on the consent, and those that are
// for the family alone. Of a point about what the youth disposes over alone no
// guardian learns, and no screen at home, whomever it is for.
func seeCall(r *Request) Decision {
	about := [1]sig.Category{r.Meeting.Category}
	alone := sig.Overlap(about[:], r.Consent.Alone)
	switch {
	case r.Actor.Kind != sig.ActorGuardian && r.Actor.Kind != sig.ActorYouth, !r.Actor.Participates:
		return no(NoStanding)
	case alone && r.Actor.Kind == sig.ActorGuardian:
		return no(NotVisible)
	case alone && !r.Actor.InOffice:
		return no(HomeRisk)
	}
	q := *r
	q.Actor = Actor{Kind: sig.ActorStaff, InForce: true, Participates: true}
	d := attend(&q)
	if d.Allowed && r.Meeting.FamilyAlone {
		return yes(ByFamilyAlone)
	}
	return d
}

// readPoint: may the recipient's function read what the board has written
// about the point? In the board, who is at the point; others must be able to be
// told it by the board, too.
func readPoint(r *Request) Decision {
	if r.Recipient.Place.Authority == r.Meeting.Host.Authority {
		switch {
		case !r.Recipient.Participates:
			return no(NoParticipation)
		case r.Case == sig.InterventionClosed:
			return no(CaseEnded)
		case !r.Meeting.reaches(&r.Recipient.Place):
			return no(NotCalled)
		default:
			return yes(ByParticipation)
		}
	}
	if d := attend(r); !d.Allowed {
		return d
	}
	return tells(r, &r.Meeting.Host, &r.Recipient.Place)
}

// reaches reports whether a function of the board is at the point: the one that
// holds the meeting, in the unit that does, the point's teller, and who is called to
// it. Who had to leave the room reads nothing of it.
func (m *Meeting) reaches(p *sig.Place) bool {
	return p.Seat() == m.Host.Seat() || p.Seat() == m.Teller.Seat() || m.Called
}

// holds: a point has its place on the agenda only while its teller may tell
// the host what it is about.
func holds(r *Request) Decision {
	switch {
	case r.Actor.Kind != sig.ActorStaff:
		return no(NoAssignment)
	case r.Case.Ended():
		return no(CaseEnded)
	case r.Case != sig.InterventionActive:
		return no(CaseNotActive)
	}
	m := &r.Meeting
	if m.Teller.Authority == m.Host.Authority && !Border(m.Teller, m.Host, true).Crosses() {
		return yes(ByNeed)
	}
	return tells(r, &m.Teller, &m.Host)
}

// tells looks for a row of the consent at both instants: everybody's, or over
// what the youth disposes alone the youth's own. The row of the later one is the
// answer's.
func tells(r *Request, from, to *sig.Place) Decision {
	t := telling{
		at: r.Now, from: from.Seat(), to: to.Seat(),
		districts: to.Districts, categories: []sig.Category{r.Meeting.Category},
	}
	d := covering(r, &t)
	if !d.Allowed || !r.Meeting.Start.After(r.Now) {
		return d
	}
	t.at = r.Meeting.Start
	return covering(r, &t)
}
