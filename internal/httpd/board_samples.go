package httpd

import (
	"slices"

	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/directory"
	"sigportal/internal/sig"
)

// What the samples of the board's pages show is made up, like the family's.

func sampleWaiting(state sig.ConsentState) *consenting.Version {
	v := sampleVersion()
	v.Number, v.State, v.ActivatedAt, v.Change = 2, state, time.Time{}, consenting.ChangeWidening
	v.Signers = sampleSigners("")
	v.Actions = []consenting.Action{consenting.ActionExplain, consenting.ActionDiscard}
	return v
}

var boardCasePage = page("board_case", func(b Base) []boardCaseData {
	w := familyWords{Language: b.Language}
	b.Title = "Amir Rahimi"
	of := func(change func(*consenting.Case)) boardCaseData {
		d := boardCaseData{Base: b, Top: sampleTop}
		c := sampleBoardCase(change)
		d.consent(w, c, &sig.Directory{})
		return d
	}
	full := of(func(c *consenting.Case) { c.Preparing = sampleWaiting(sig.ConsentPartiallySigned) })
	full.Disclosed = []disclosedRow{{"/x/d", "Kommunpolis, Lokalpolisområde Farsta", "Mål i planen", "sent", sampleNow}}
	full.Items, full.Inbox, full.MoreInbox, full.Hidden = sampleItems, sampleInbox, true, 2
	full.Tasks = []taskRow{{Path: "/x", Text: b.T("task.decide_visibility"), Due: "5 december 2026"}}
	full.Receipts = []receiptRow{{"/x/r", sampleNow, b.T("channel.phone")}}
	bare := func(state sig.InterventionState, change func(*consenting.Case)) boardCaseData {
		return of(func(c *consenting.Case) { c.State, c.InForce, c.Actions = state, nil, nil; change(c) })
	}
	return []boardCaseData{
		full,
		of(func(c *consenting.Case) {
			c.InForce.Rows = slices.Clone(c.InForce.Rows)
			for n := range c.InForce.Rows {
				c.InForce.Rows[n].Unused, c.InForce.Rows[n].UnusedSince = c.InForce.Rows[n].Categories[:1], sampleNow.AddDate(0, -2, 0)
			}
		}),
		of(func(c *consenting.Case) {
			c.InForce.State, c.Youth.Protection = sig.ConsentSuspended, sig.ProtectionMarked
		}),
		bare(sig.InterventionProposed, func(c *consenting.Case) { c.Actions = []consenting.Action{consenting.ActionPrepare} }),
		bare(sig.InterventionConsentPending, func(c *consenting.Case) {
			c.Preparing = sampleWaiting(sig.ConsentDraft)
			c.Actions = []consenting.Action{consenting.ActionPrepare}
		}),
		bare(sig.InterventionAwaitingDecision, func(c *consenting.Case) { c.Actions = []consenting.Action{consenting.ActionDecide} }),
		bare(sig.InterventionSharingStopped, func(c *consenting.Case) {
			c.SharingEnded, c.GraceEnds = sampleNow, sampleNow.AddDate(0, 0, 14)
			c.Actions = []consenting.Action{consenting.ActionRenew}
		}),
		bare(sig.InterventionClosing, func(c *consenting.Case) {
			c.ClosedReason, c.Actions = sig.ClosedConsentWithdrawn, []consenting.Action{consenting.ActionOutcome}
			c.Past = []consenting.Version{{Number: 1, State: sig.ConsentWithdrawn, Change: consenting.ChangeFirst, EndedAt: sampleNow}}
		}),
		bare(sig.InterventionNotStarted, func(c *consenting.Case) { c.ClosedReason = sig.ClosedDeclined }),
	}
})

func sampleOptions() []directory.Option {
	option := func(p consenting.Party) directory.Option {
		return directory.Option{
			Place:         sig.Place{Authority: p.Seat.Authority, Unit: p.Seat.Unit, Function: p.Seat.Function},
			AuthorityName: p.Authority, UnitName: p.Unit,
		}
	}
	return []directory.Option{option(sampleBoard), option(samplePolice), option(sampleSchool)}
}

var consentEditPage = page("consent_edit", func(b Base) []consentEditData {
	w := familyWords{Language: b.Language}
	dir := &sig.Directory{Districts: []sig.District{{ID: "farsta", Name: "Farsta"}, {ID: "jarva", Name: "Järva"}}}
	of := func(change func(*consenting.Case)) consentEditData {
		d := consentEditData{Base: b, Top: sampleTop, Action: "/x/consent", Months: consentMonths}
		d.choices(w, sampleOptions(), dir)
		d.lay(w, sampleBoardCase(change), Fields{}, dir)
		return d
	}
	first := of(func(c *consenting.Case) { c.InForce = nil })
	draft := of(func(c *consenting.Case) { c.Preparing = sampleWaiting(sig.ConsentDraft) })
	draft.Amends, draft.Checked, draft.Discard = true, true, "/x/discard"
	paper := first
	paper.Import = &importFields{Signers: []fieldChoice{{Value: "guardian:x", Text: "Sara Rahimi"}}}
	beside := draft
	beside.Checked, beside.Newer = false, boardVersionOf(w, sampleBoardCase(func(*consenting.Case) {}), sampleWaiting(sig.ConsentDraft))
	gone := first
	gone.Gone = true
	return []consentEditData{first, draft, paper, beside, gone}
})

var explainPage = page("consent_explain", func(b Base) []explainData {
	w := familyWords{Language: b.Language}
	of := func(change func(*consenting.Version)) explainData {
		v := sampleWaiting(sig.ConsentDraft)
		change(v)
		d := explainData{Base: b, Path: "/x"}
		d.fill(w, &consenting.Text{Version: *v, CaseNumber: "7KMN-4TRX", Youth: sampleYouth})
		return d
	}
	return []explainData{
		of(func(*consenting.Version) {}),
		of(func(v *consenting.Version) { v.State = sig.ConsentPartiallySigned }),
		of(func(v *consenting.Version) {
			v.State, v.Actions = sig.ConsentPartiallySigned, []consenting.Action{consenting.ActionOverride}
			v.Signers[2].Answer = sig.AnswerRefused
		}),
	}
})

var decisionPage = page("consent_decide", func(b Base) []decisionData {
	d := decisionData{Base: b}
	d.fill(familyWords{Language: b.Language}, sampleBoardCase(func(c *consenting.Case) {
		c.InForce, c.Preparing = nil, sampleWaiting(sig.ConsentSigned)
		c.Preparing.Signers = sampleSigners(sig.AnswerSigned)
	}))
	return []decisionData{d}
})
