package walltest

import (
	_ "embed"
	"slices"
	"sync"
	"testing"

	"github.com/cedar-policy/cedar-go"

	"sigportal/internal/sig"
)

//go:embed rules.cedar
var rules []byte

var policies = sync.OnceValues(func() (*cedar.PolicySet, error) { return cedar.NewPolicySetFromBytes("rules.cedar", rules) })

// allows asks Cedar one question.
func allows(t *testing.T, action string, principal, resource, context cedar.RecordMap) bool {
	t.Helper()
	set, err := policies()
	if err != nil {
		t.Fatalf("read the Cedar rules: %v", err)
	}
	who, what := cedar.NewEntityUID("Person", "asker"), cedar.NewEntityUID("Content", "asked")
	entities := cedar.EntityMap{
		who:  {UID: who, Attributes: cedar.NewRecord(principal)},
		what: {UID: what, Attributes: cedar.NewRecord(resource)},
	}
	decision, diagnostic := cedar.Authorize(set, entities, cedar.Request{
		Principal: who, Action: cedar.NewEntityUID("Action", cedar.String(action)), Resource: what, Context: cedar.NewRecord(context),
	})
	if len(diagnostic.Errors) > 0 {
		t.Fatalf("Cedar: %v", diagnostic.Errors)
	}
	return decision == cedar.Allow
}

func text[S ~string](s S) cedar.String { return cedar.String(s) }

func texts[S ~string](list []S) cedar.Set {
	var out []cedar.Value
	for _, s := range list {
		out = append(out, cedar.String(s))
	}
	return cedar.NewSet(out...)
}

// sits follows the world's one move, in its own words.
func (w *world) sits(s sig.Seat) sig.Seat {
	for _, m := range w.moves {
		if m.Authority == s.Authority && m.Function == s.Function && m.From == s.Unit && !m.At.After(w.now) {
			s.Unit = m.To
		}
	}
	return s
}

func named(s sig.Seat) cedar.String {
	return text(string(s.Authority) + "/" + string(s.Unit) + "/" + string(s.Function))
}

// namedBy is whom a row names today: nobody, once the function is another authority's.
func (w *world) namedBy(s sig.Seat) cedar.Set {
	if w.left(s) {
		return cedar.NewSet()
	}
	return cedar.NewSet(named(w.sits(s)))
}

// cedarOpinion asks Cedar about every copy and item.
func (w *world) cedarOpinion(t *testing.T, a asker) seen {
	t.Helper()
	out := seen{}
	if a.staff >= 0 {
		for _, k := range w.copies {
			for _, who := range w.principals(a, k.inCase) {
				out[k.id.UUID] = out[k.id.UUID] || w.copyByCedar(t, who, k)
			}
		}
	}
	for n, it := range w.items {
		resource := cedar.RecordMap{"owner": text(it.owner)}
		context := cedar.RecordMap{
			"state": text(w.cases[it.inCase].state), "visible": cedar.False, "lowRisk": cedar.False,
			"categories": texts(it.kinds), "alone": texts(w.cases[it.inCase].alone),
		}
		if a.staff < 0 {
			out[it.id.UUID] = allows(t, "readItem", w.relative(a, n, context), resource, context)
			continue
		}
		for _, who := range w.principals(a, it.inCase) {
			context["said"] = cedar.Boolean(it.said != nil)
			if it.said != nil {
				holds, tells, called := w.reaches(*it.said, seatOf(who))
				context["holds"], context["isTeller"], context["called"] = cedar.Boolean(holds), cedar.Boolean(tells), cedar.Boolean(called)
			}
			out[it.id.UUID] = out[it.id.UUID] || allows(t, "readItem", who, resource, context)
		}
	}
	return out
}

// principals are the asker's hat, and each seat that it fills in the case.
func (w *world) principals(a asker, inCase int) []cedar.RecordMap {
	s := w.staff[a.staff]
	limits := s.districts
	if len(limits) == 0 {
		limits = w.home(s).districts
	}
	as := func(seat sig.Seat, participates bool) cedar.RecordMap {
		seat = w.sits(seat)
		return cedar.RecordMap{
			"kind": text("staff"), "inForce": cedar.Boolean(!w.now.Before(s.from) && w.now.Before(s.to)),
			"participates": cedar.Boolean(participates), "office": text(s.function), "authority": text(seat.Authority),
			"unit": text(seat.Unit), "function": text(seat.Function), "districts": texts(limits), "adult": cedar.False,
		}
	}
	out := []cedar.RecordMap{as(sig.Seat{Authority: s.unit.authority, Unit: s.unit.id, Function: s.function}, false)}
	for _, p := range w.cases[inCase].parts {
		if p.staff == a.staff && !w.now.Before(p.from) && w.now.Before(p.to) {
			out = append(out, as(sig.Seat{Authority: s.unit.authority, Unit: p.unit, Function: p.function}, true))
		}
	}
	return out
}

func seatOf(who cedar.RecordMap) sig.Seat {
	word := func(key cedar.String) string { return string(who[key].(cedar.String)) }
	return sig.Seat{Authority: sig.AuthorityID(word("authority")), Unit: sig.UnitID(word("unit")), Function: sig.Function(word("function"))}
}

func (w *world) relative(a asker, n int, context cedar.RecordMap) cedar.RecordMap {
	f, it := w.families[a.at], w.items[n]
	adult := f.birth.Age(sig.DateOf(w.now)) >= 18
	viewer, inForce := f.youth.UUID, true
	if a.kind == sig.SignerGuardian {
		g := f.guardians[a.which]
		viewer, inForce = g.id.UUID, !adult && !w.now.Before(g.from) && w.now.Before(g.to)
	}
	for _, d := range w.decisions {
		if d.item == n && d.viewer == viewer {
			context["visible"], context["lowRisk"] = cedar.Boolean(d.visible), cedar.Boolean(d.lowRisk)
		}
	}
	return cedar.RecordMap{
		"kind": text(a.kind), "inForce": cedar.Boolean(inForce), "participates": cedar.Boolean(w.cases[it.inCase].family == a.at),
		"adult": cedar.Boolean(adult), "authority": text(""),
	}
}

// copyByCedar asks about every row of every version, each against every
// exclusion of that version; a copy that needs no row is asked about once.
func (w *world) copyByCedar(t *testing.T, who cedar.RecordMap, k theCopy) bool {
	t.Helper()
	sender, recipient := w.sits(k.sender), w.sits(k.recipient)
	resource := cedar.RecordMap{
		"deleted": cedar.Boolean(k.deleted), "cut": cedar.Boolean(k.cut), "byConsent": cedar.Boolean(k.byConsent),
		"recipientAuthority": text(recipient.Authority), "recipientUnit": text(recipient.Unit), "recipientFunction": text(recipient.Function),
		"sender": named(sender), "recipient": named(recipient), "categories": texts(k.categories),
		"registrarUntil": cedar.Long(k.registrarUntil.UnixMicro()),
	}
	none := sig.Grant{}
	for _, version := range append([]consent{{grants: []sig.Grant{none}}}, w.cases[k.inCase].consents...) {
		xs := version.exclusions
		if len(xs) == 0 {
			xs = []sig.Exclusion{{}}
		}
		rows := version.grants
		if !version.id.IsZero() {
			rows = slices.Concat(rows, w.cases[k.inCase].counts(inForce))
		}
		for _, g := range rows {
			permitted := true
			for _, x := range xs {
				permitted = permitted && allows(t, "readCopy", who, resource, w.rowContext(k, version.state, g, x))
			}
			if permitted {
				return true
			}
		}
	}
	return false
}

func (w *world) rowContext(k theCopy, state sig.ConsentState, g sig.Grant, x sig.Exclusion) cedar.RecordMap {
	xUnit := x.Recipient.Unit
	if xUnit != "" {
		xUnit = w.sits(sig.Seat{Authority: k.recipient.Authority, Unit: xUnit, Function: k.recipient.Function}).Unit
	}
	return cedar.RecordMap{
		"now": cedar.Long(w.now.UnixMicro()), "state": text(w.cases[k.inCase].state), "consent": text(state),
		"disclosers": w.namedBy(g.Discloser), "recipients": w.namedBy(g.Recipient),
		"categories": texts(g.Categories), "districts": texts(g.Districts), "own": cedar.Boolean(g.Own), "alone": texts(w.cases[k.inCase].alone),
		"from": cedar.Long(g.From.UnixMicro()), "to": cedar.Long(g.To.UnixMicro()),
		"excludes": cedar.Boolean(!x.ID.IsZero()), "xAuthority": text(x.Recipient.Authority), "xUnit": text(xUnit),
		"xFunction": text(x.Recipient.Function), "xCategory": text(x.Category),
	}
}
