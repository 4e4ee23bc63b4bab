package api

import (
	"context"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// Scope is what is taken back: everything, or some part, never both. A category
// beside a recipient is that category for that recipient; rows come on top.
type Scope struct {
	Whole     bool  `json:"whole,omitempty"`
	Recipient *Seat `json:"recipient,omitempty" doc:"A whole authority or one function, in both directions; parts left out mean any."`
	Category  Code  `json:"category,omitempty"`
	Rows      []ID  `json:"rows,omitempty" maxItems:"200" doc:"These rows only, each in its own direction."`
}

func (s Scope) read() (sig.WithdrawalScope, error) {
	var check fault.Check
	if s.Category != "" && !sig.Category(s.Category).Valid() {
		check.Fail("scope.category", "error.choose_one")
	}
	out := sig.WithdrawalScope{
		Whole: s.Whole, Category: sig.Category(s.Category),
		Rows: list(s.Rows, func(id ID) sig.GrantID { return sig.GrantID{UUID: uuidOf(id)} }),
	}
	if s.Recipient != nil {
		out.Recipient = s.Recipient.read()
	}
	return out, check.Err()
}

// SignerRef names one signer: exactly one of the two.
type SignerRef struct {
	Guardian ID `json:"guardian,omitempty"`
	Youth    ID `json:"youth,omitempty"`
}

func (s SignerRef) read() consenting.SignerRef {
	return consenting.SignerRef{Guardian: sig.GuardianID{UUID: uuidOf(s.Guardian)}, Youth: sig.YouthID{UUID: uuidOf(s.Youth)}}
}

// NewWithdrawal is what the caller takes back.
type NewWithdrawal struct {
	Scope Scope `json:"scope"`
}

// NewPreview asks what a withdrawal would do.
type NewPreview struct {
	Scope  Scope      `json:"scope"`
	Signer *SignerRef `json:"signer,omitempty" doc:"Whose withdrawal staff are about to record; the family leave it out."`
	// ReceivedAt decides whose standing counts, as in the record itself.
	ReceivedAt time.Time `json:"received_at,omitzero" doc:"When staff received it: the signer's standing is that of then. Left out: now. The family leave it out."`
}

// NewRecord is a withdrawal that came by phone, text, paper or in a meeting.
type NewRecord struct {
	Scope      Scope     `json:"scope"`
	Signer     SignerRef `json:"signer"`
	Channel    string    `json:"channel" enum:"phone,text,email,paper,meeting"`
	ReceivedAt time.Time `json:"received_at" doc:"When it was received, which is when it took effect."`
}

// Preview is what a withdrawal or an amendment would do, counted over what its
// reader may see.
type Preview struct {
	Consequence string    `json:"consequence,omitempty" doc:"nothing, goes_on, one_way_left or closes."`
	HasStanding bool      `json:"has_standing" doc:"False: it would be kept as a message without effect."`
	Lost        []LostRow `json:"lost"`
	Gained      []Row     `json:"gained"`
	Left        []Row     `json:"left"`
	Recipients  []Party   `json:"recipients"`
	Queued      int       `json:"queued"`
	Copies      int       `json:"copies"`
	AlreadyRead int       `json:"already_read"`
	MeetingsOff int       `json:"meetings_off" doc:"Meetings ahead that would be called off."`
	Commitments int       `json:"commitments" doc:"Open commitments of the plan that would be stopped, as far as the caller may see them."`
	Calls       []Calls   `json:"calls"`
	Change      string    `json:"change,omitempty"`
	MustSign    int       `json:"must_sign,omitempty"`
}

// LostRow is what a row loses.
type LostRow struct {
	Row        Row      `json:"row"`
	Categories []string `json:"categories"`
	Whole      bool     `json:"whole"`
}

func lostOut(l consenting.LostRow) LostRow {
	return LostRow{Row: rowOut(l.Row), Categories: strs(l.Categories), Whole: l.Whole}
}

// Calls is to how many meetings a function is called no more, and at how many
// others it is no longer with at every point.
type Calls struct {
	Function Party `json:"function"`
	Meetings int   `json:"meetings"`
	Fewer    int   `json:"fewer"`
}

func callsOut(l consenting.LostCalls) Calls { return Calls{partyOut(l.Party), l.Meetings, l.Fewer} }

func previewOut(p *consenting.Preview) *Preview {
	return &Preview{
		Consequence: string(p.Consequence), HasStanding: p.HasStanding, Lost: list(p.Lost, lostOut), Gained: list(p.Gained, rowOut),
		Left: list(p.Left, rowOut), Recipients: list(p.Recipients, partyOut), Queued: p.Queued, Copies: p.Copies,
		AlreadyRead: p.AlreadyRead, Change: string(p.Change), MustSign: p.MustSign,
		MeetingsOff: p.MeetingsOff, Commitments: p.Commitments, Calls: list(p.Calls, callsOut),
	}
}

func (a *API) registerWithdrawals() {
	const tag = "withdrawals"
	const path = "/api/v1/interventions/{id}/withdrawals"
	add(a, op{method: "POST", path: path + "/preview", level: SignedIn, id: "preview-withdrawal", tag: tag, asks: true,
		says: "What taking something back would do."}, a.withdrawalPreview)
	add(a, op{method: "POST", path: path, level: Citizen, id: "withdraw", tag: tag, created: true,
		says: "Take back what the caller gave, whole or in part."}, a.withdrawalMake)
	add(a, op{method: "POST", path: path + "/recorded", level: Hat, id: "record-withdrawal", tag: tag, created: true,
		says: "Record a withdrawal that came outside the portal."}, a.withdrawalRecord)
}

func (a *API) withdrawalPreview(ctx context.Context, who *caller, in *CaseBody[NewPreview]) (*Preview, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	var signer consenting.SignerRef
	if in.Body.Signer != nil {
		signer = in.Body.Signer.read()
	}
	scope, err := in.Body.Scope.read()
	if err != nil {
		return nil, err
	}
	var p *consenting.Preview
	if at := in.Body.ReceivedAt; at.IsZero() {
		p, err = a.deps.Consenting.PreviewWithdrawal(ctx, who.actor, id, signer, scope)
	} else {
		p, err = a.deps.Consenting.PreviewRecord(ctx, who.actor, consenting.RecordInput{Intervention: id, Signer: signer, Scope: scope, ReceivedAt: at})
	}
	if err != nil {
		return nil, err
	}
	return previewOut(p), nil
}

func (a *API) withdrawalMake(ctx context.Context, who *caller, in *CaseBody[NewWithdrawal]) (*Receipt, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	scope, err := in.Body.Scope.read()
	if err != nil {
		return nil, err
	}
	r, err := a.deps.Consenting.Withdraw(ctx, who.actor, consenting.WithdrawInput{
		Intervention: id, Scope: scope, Key: who.key,
	})
	return a.receiptOf(ctx, who, r, err)
}

// receiptOf is the whole receipt of what was just taken back.
func (a *API) receiptOf(ctx context.Context, who *caller, made *consenting.Receipt, err error) (*Receipt, error) {
	if err != nil {
		return nil, err
	}
	r, err := a.deps.Consenting.Receipt(ctx, who.actor, made.Reference)
	if err != nil {
		return nil, err
	}
	return receiptOut(r), nil
}

func (a *API) withdrawalRecord(ctx context.Context, who *caller, in *CaseBody[NewRecord]) (*Receipt, error) {
	id, err := in.intervention()
	if err != nil {
		return nil, err
	}
	b := in.Body
	scope, err := b.Scope.read()
	if err != nil {
		return nil, err
	}
	r, err := a.deps.Consenting.RecordWithdrawal(ctx, who.actor, consenting.RecordInput{
		Intervention: id, Signer: b.Signer.read(), Scope: scope, Channel: consenting.Channel(b.Channel),
		ReceivedAt: b.ReceivedAt, Key: who.key,
	})
	return a.receiptOf(ctx, who, r, err)
}
