package httpd

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// recordData is a withdrawal that came by phone, text, e-mail, paper or in a meeting:
// first who, what, how and when, then what it does, then the record.
type recordData struct {
	Base
	Top            caseTop
	Action, Key    string
	Signers        []fieldChoice
	Scopes         []fieldChoice
	Channels       []fieldChoice
	Now            string
	Check          *recordCheck
	Began, Nothing bool
}

// recordCheck is the second step: what the record would do.
type recordCheck struct {
	Facts      []fact
	Effect     withdrawOption
	NoStanding bool
	Hidden     [][2]string // what was chosen, sent again
}

// fact is a name and a value; see the part "facts".
type fact struct{ Name, Value string }

// recordForm is both steps of the form.
type recordForm struct {
	Key      string    `form:"key,max=64,required"`
	Signer   string    `form:"signer,max=60"`
	Scope    string    `form:"scope,max=300"`
	Channel  string    `form:"channel,max=20"`
	Received time.Time `form:"received_at,max=16"`
	Checked  bool      `form:"checked"`
}

// clockForm is how a field of day and time writes an instant.
const clockForm = "2006-01-02T15:04"

// recordShow shows the first step.
func (a *App) recordShow(r *Request) error {
	data, _, err := a.recordForm(r)
	if err != nil {
		return err
	}
	return recordPage.Send(r, *data)
}

func (a *App) recordForm(r *Request) (*recordData, *consenting.Case, error) {
	c, err := a.boardCase(r, consenting.ActionRecord)
	if err != nil {
		return nil, nil, err
	}
	data := &recordData{Base: r.Base("consent.withdrawal.title")}
	data.fill(familyWords{Language: r.lang}, c)
	return data, c, nil
}

func (d *recordData) fill(w familyWords, c *consenting.Case) {
	d.Top, d.Key, d.Began = caseTopOf(c), uuid.NewString(), c.InForce != nil || c.Held != nil
	d.Action, d.Now = casePath(c.ID)+"/withdrawals/new", c.Now.In(sig.Stockholm).Format(clockForm)
	for _, s := range c.Family {
		d.Signers = append(d.Signers, fieldChoice{Value: signerValue(s), Text: s.Name, Hint: w.T("person." + string(s.Kind))})
	}
	choices := []scopeChoice{{Value: scopeAll}}
	switch {
	case c.InForce != nil:
		choices = choicesOf(w, withAhead(c), nil)
	case c.Held != nil: // its rows are over now, and were not when it came
		rows := slices.Clone(c.Held.Rows)
		for n := range rows {
			rows[n].Over = false
		}
		choices = choicesOf(w, rows, nil)
	}
	for _, one := range choices {
		d.Scopes = append(d.Scopes, fieldChoice{Value: one.Value, Text: scopeText(w, one)})
	}
	for _, channel := range consenting.RecordedChannels {
		d.Channels = append(d.Channels, fieldChoice{Value: string(channel), Text: w.T("channel." + string(channel))})
	}
}

// scopeText is a choice in the words of staff: the family's say "I".
func scopeText(w familyWords, choice scopeChoice) string {
	if choice.Value == scopeAll {
		return w.T("board.record.all")
	}
	return choice.Text
}

// recordMake checks what was typed and shows what it would do; when that has
// been seen, it records it.
func (a *App) recordMake(r *Request) error {
	var in recordForm
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.recordShow)
	}
	signer, scope, err := in.read()
	if err != nil {
		return r.Again(err, a.recordShow)
	}
	data, c, err := a.recordForm(r)
	if err != nil {
		return err
	}
	if in.Received.After(c.Now) {
		var check fault.Check
		check.Fail("received_at", "error.withdrawal_in_future")
		return r.Again(check.Err(), a.recordShow)
	}
	record := consenting.RecordInput{
		Intervention: c.ID, Signer: signer, Scope: scope, Channel: consenting.Channel(in.Channel), ReceivedAt: in.Received, Key: r.once(in.Key),
	}
	if !in.Checked {
		if !slices.ContainsFunc(data.Scopes, func(one fieldChoice) bool { return one.Value == in.Scope }) {
			var check fault.Check
			check.Fail("scope", "error.choose_one")
			return r.Again(check.Err(), a.recordShow)
		}
		p, err := a.deps.Consenting.PreviewRecord(r.Context(), r.Actor(), record)
		if err != nil {
			return r.Again(err, a.recordShow)
		}
		data.check(familyWords{Language: r.lang}, in, p)
		return recordPage.Send(r, *data)
	}
	receipt, err := a.deps.Consenting.RecordWithdrawal(r.Context(), r.Actor(), record)
	if err != nil {
		return r.Again(err, a.recordShow)
	}
	flash := "flash.withdrawal_recorded"
	if !receipt.Effective {
		flash = "flash.saved"
	}
	return r.SeeOther(recordedPath(c.ID, receipt.Reference), flash)
}

func (in recordForm) read() (consenting.SignerRef, sig.WithdrawalScope, error) {
	var check fault.Check
	signer, ok := readSigner(in.Signer)
	if !ok {
		check.Fail("signer", "error.choose_one")
	}
	scope, err := readScope(in.Scope)
	if err != nil {
		check.Fail("scope", "error.choose_one")
	}
	if !slices.Contains(consenting.RecordedChannels, consenting.Channel(in.Channel)) {
		check.Fail("channel", "error.choose_one")
	}
	if in.Received.IsZero() {
		check.Fail("received_at", "error.required")
	}
	return signer, scope, check.Err()
}

// check lays out the second step.
func (d *recordData) check(w familyWords, in recordForm, p *consenting.Preview) {
	text := func(list []fieldChoice, value string) string {
		for _, one := range list {
			if one.Value == value {
				return one.Text
			}
		}
		return ""
	}
	d.Check = &recordCheck{
		Facts: []fact{
			{w.T("consent.withdrawal.who"), text(d.Signers, in.Signer)},
			{w.T("board.record.what"), text(d.Scopes, in.Scope)},
			{w.T("consent.withdrawal.channel"), text(d.Channels, in.Channel)},
			{w.T("consent.withdrawal.received"), w.DateTime(in.Received)},
		},
		NoStanding: !p.HasStanding,
		Hidden: [][2]string{
			{"key", in.Key}, {"signer", in.Signer}, {"scope", in.Scope}, {"channel", in.Channel},
			{"received_at", in.Received.In(sig.Stockholm).Format(clockForm)},
		},
	}
	if !p.HasStanding {
		return // it is kept as a message: what it would have stopped goes on
	}
	d.Check.Effect = withdrawOption{Stops: stopsOf(w, p.Lost, consenting.Party{}), Remains: remainsOf(w, p.Left), Grave: p.Consequence == sig.Closes}
	d.Nothing = p.Consequence == sig.NothingRemoved
	key := map[sig.Consequence]string{
		sig.Closes: "closes", sig.OneWayLeft: "one_way", sig.GoesOn: "goes_on", sig.NothingRemoved: "nothing",
	}[p.Consequence]
	d.Check.Effect.Consequence = w.T("board.record." + key)
	if p.Consequence == sig.Closes && !d.Began {
		d.Check.Effect.Consequence = w.T("board.record.never_begins")
	}
	if p.Ahead {
		d.Check.Effect.Consequence = w.T("board.record.ahead")
	}
	if p.Over {
		d.Check.Effect.Consequence = w.T("board.record.over")
	}
	if p.Queued > 0 {
		d.Check.Effect.Queued = w.N("board.preview.queued", p.Queued)
	}
	if p.AlreadyRead > 0 {
		d.Check.Effect.Read = w.N("board.preview.read", p.AlreadyRead)
	}
}
