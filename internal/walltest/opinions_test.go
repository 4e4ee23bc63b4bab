package walltest

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/dbtest"
	"sigportal/internal/policy"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// asker is somebody who asks for everything.
type asker struct {
	name  string
	actor sig.Actor
	staff int // index, or -1
	kind  sig.SignerKind
	at    int // the family
	which int // the guardian
}

func (w *world) askers() []asker {
	var out []asker
	for i, s := range w.staff {
		out = append(out, asker{name: "staff", staff: i, actor: sig.Actor{
			Kind: sig.ActorStaff, Assignment: s.id, Authority: s.unit.authority, Unit: s.unit.id, Function: s.function,
		}})
	}
	for f, fam := range w.families {
		out = append(out, asker{name: "youth", staff: -1, kind: sig.SignerYouth, at: f, actor: sig.Actor{Kind: sig.ActorYouth, Youth: fam.youth, Session: fam.signedIn}})
		for g := range fam.guardians {
			out = append(out, asker{name: "guardian", staff: -1, kind: sig.SignerGuardian, at: f, which: g,
				actor: sig.Actor{Kind: sig.ActorGuardian, Guardian: fam.guardians[g].id}})
		}
	}
	return out
}

// seen is what one opinion lets one asker see.
type seen map[uuid.UUID]bool

// sqlOpinion asks row-level security for everything that the asker may see.
func sqlOpinion(t *testing.T, db *dbtest.Database, a asker) seen {
	t.Helper()
	out := seen{}
	err := db.App().Do(t.Context(), a.actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(t.Context()); err != nil {
			return err
		}
		rows, err := tx.Query(t.Context(), `select id from sig.received union all select id from sig.item union all select item from sig.item_visibility`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id uuid.UUID
			if err := rows.Scan(&id); err != nil {
				return err
			}
			out[id] = true
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatalf("ask the database: %v", err)
	}
	return out
}

// change breaks the facts that the pure policy is given, as a rule that was
// forgotten would.
type change func(*policy.Request)

// goOpinion asks the pure policy about every copy and item.
func (w *world) goOpinion(a asker, broken change) seen {
	out := seen{}
	ask := func(id uuid.UUID, requests ...*policy.Request) {
		for _, r := range requests {
			if broken != nil {
				broken(r)
			}
			if policy.Decide(r).Allowed {
				out[id] = true
			}
		}
	}
	for _, k := range w.copies {
		if a.staff >= 0 {
			ask(k.id.UUID, w.copyRequests(a, k)...)
		}
	}
	for n, it := range w.items {
		if a.staff >= 0 {
			for _, r := range w.seatRequests(a, it.inCase) {
				r.Action, r.Item = policy.ReadItem, policy.Item{Owner: it.owner}
				if it.said != nil {
					m := w.meets[it.said.meet]
					_, _, called := w.reaches(*it.said, r.Actor.Place.Seat())
					r.Item.Said = []policy.Meeting{{Host: w.place(m.host), Teller: w.place(m.points[it.said.point].teller), Called: called}}
				}
				ask(it.id.UUID, r)
			}
			continue
		}
		ask(it.id.UUID, w.familyRequest(a, n))
	}
	return out
}

// seatRequests is one question for each seat of the asker in a case, and one
// for the hat alone.
func (w *world) seatRequests(a asker, inCase int) []*policy.Request {
	s, c := w.staff[a.staff], w.cases[inCase]
	units := map[sig.UnitID]sig.AuthorityID{}
	for _, u := range w.units {
		units[u.id] = u.authority
	}
	consented := policy.Consent{}
	for _, k := range c.consents {
		if k.state == sig.ConsentActive || k.state == sig.ConsentSuspended {
			consented = policy.Consent{
				State: k.state, Grants: slices.Concat(k.grants, c.counts(inForce)), Exclusions: k.exclusions, Alone: c.alone,
			}
		}
	}
	limits := s.districts
	if len(limits) == 0 {
		limits = w.home(s).districts
	}
	request := func(unit sig.UnitID, function sig.Function, participates bool) *policy.Request {
		return &policy.Request{
			Now: w.now, Case: c.state, Consent: consented, Directory: policy.Directory{Moves: w.moves, Units: units},
			Actor: policy.Actor{
				Kind: sig.ActorStaff, InForce: !w.now.Before(s.from) && w.now.Before(s.to), Participates: participates,
				Place: sig.Place{Authority: s.unit.authority, PublicBody: true, Unit: unit, Function: function, Districts: limits},
			},
		}
	}
	out := []*policy.Request{request(s.unit.id, s.function, false)}
	for _, p := range c.parts {
		if p.staff == a.staff && !w.now.Before(p.from) && w.now.Before(p.to) {
			out = append(out, request(p.unit, p.function, true))
		}
	}
	return out
}

// home is the unit where somebody's own function sits now.
func (w *world) home(s staff) unit {
	seat := w.sits(sig.Seat{Authority: s.unit.authority, Unit: s.unit.id, Function: s.function})
	return w.units[slices.IndexFunc(w.units, func(u unit) bool { return u.id == seat.Unit })]
}

func (w *world) copyRequests(a asker, k theCopy) []*policy.Request {
	out := w.seatRequests(a, k.inCase)
	for _, r := range out {
		r.Action = policy.ReadCopy
		r.Copy = policy.Copy{
			ByConsent: k.byConsent, Sender: k.sender, Recipient: k.recipient, Categories: k.categories,
			Cut: k.cut, Deleted: k.deleted, RegistrarUntil: k.registrarUntil,
		}
	}
	return out
}

func (w *world) familyRequest(a asker, n int) *policy.Request {
	f, it := w.families[a.at], w.items[n]
	adult := f.birth.Age(sig.DateOf(w.now)) >= 18
	r := &policy.Request{Action: policy.ReadAsFamily, Now: w.now, Actor: policy.Actor{Kind: a.actor.Kind, InForce: true, UnderAge: !adult}}
	r.Actor.Participates = w.cases[it.inCase].family == a.at
	r.Item.Categories, r.Consent.Alone = it.kinds, w.cases[it.inCase].alone
	viewer := f.youth.UUID
	if a.kind == sig.SignerGuardian {
		g := f.guardians[a.which]
		viewer = g.id.UUID
		r.Actor.InForce = !adult && !w.now.Before(g.from) && w.now.Before(g.to)
	}
	for _, d := range w.decisions {
		if d.item == n && d.viewer == viewer {
			r.Item.Visible, r.Item.LowRisk = d.visible, d.lowRisk
		}
	}
	return r
}
