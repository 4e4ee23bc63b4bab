package httpd

import (
	"time"

	"sigportal/internal/inquiry"
	"sigportal/internal/oversight"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// waitingData is what waits for the answer of whoever reads it.
type waitingData struct {
	Base
	Rows []waitingRow
}

type waitingRow struct {
	Path, Case, Kind string
	Due              time.Time
	Late             bool
	namesRow
}

// namesRow is whom it is about and who asks: for the registrar, who finds the
// file by them; see the part "inquiry_names".
type namesRow struct{ Youth, Protected, Asker string }

func namesRowOf(w *words.Language, q *inquiry.Inquiry) namesRow {
	if q.Names == nil {
		return namesRow{}
	}
	row := namesRow{Youth: q.Names.Youth, Asker: q.Names.Asker}
	if q.Names.Protection != sig.ProtectionNone {
		row.Protected = w.T("protection." + string(q.Names.Protection))
	}
	return row
}

// answerInquiryData is one of them, open before whoever answers it.
type answerInquiryData struct {
	Base
	Path, Number, Kind, Asker, Words, Log string
	Item                                  string
	Asked, Due                            time.Time
	Late                                  bool
	Line                                  *ledgerRow
	Answered                              *time.Time
	Answer, Outcome                       string
	Outcomes                              []fieldChoice // of a request that is decided
	Names                                 namesRow
}

func inquiryPath(id sig.InquiryID) string { return "/inquiries/" + id.String() }

// inquiriesWaiting lists them, the soonest due first, without what they say.
func (a *App) inquiriesWaiting(r *Request) error {
	found, err := a.deps.Inquiry.Waiting(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	data := waitingData{Base: r.Base("inquiry.waiting.title")}
	for n, q := range found {
		data.Rows = append(data.Rows, waitingRow{inquiryPath(q.ID), q.CaseNumber, r.lang.T("inquiry.kind." + string(q.Kind)), q.DueOn.Start(), q.Late, namesRowOf(r.lang, &found[n])})
	}
	return waitingPage.Send(r, data)
}

// inquiryShow opens one.
func (a *App) inquiryShow(r *Request) error {
	var id sig.InquiryID
	if err := pathID(r, "inquiry", &id); err != nil {
		return err
	}
	q, err := a.deps.Inquiry.Read(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := answerInquiryData{Base: r.Base("inquiry.answer.title")}
	data.fill(w, q)
	return answerInquiryPage.Send(r, data)
}

func (d *answerInquiryData) fill(w itemWords, q *inquiry.Inquiry) {
	d.Path, d.Number, d.Words, d.Answer = inquiryPath(q.ID), q.CaseNumber, q.Words, q.Answer
	d.Kind, d.Asker = w.lang.T("inquiry.kind."+string(q.Kind)), w.lang.T("actor."+string(q.Asker))
	d.Asked, d.Due, d.Late, d.Answered = q.AskedAt, q.DueOn.Start(), q.Late, q.AnsweredAt
	d.Names = namesRowOf(w.lang, q)
	if q.Outcome != "" {
		d.Outcome = w.lang.T("inquiry.outcome." + string(q.Outcome))
	} else if q.Kind.Decided() {
		d.Outcomes = outcomes(w.lang)
	}
	if q.Item != nil && q.Kind == sig.InquiryNotRight {
		d.Item = itemPath(q.Intervention, *q.Item)
	}
	if q.Line != nil {
		d.Line, d.Log = &ledgerRows(w, []oversight.Line{*q.Line})[0], casePath(q.Intervention)+"/log"
	}
}

// outcomes are the ways in which a request can be decided.
func outcomes(l *words.Language) (list []fieldChoice) {
	for _, o := range sig.InquiryOutcomes() {
		key := "inquiry.decide." + string(o)
		list = append(list, fieldChoice{Value: string(o), Text: l.T(key), Hint: l.T(key + ".hint")})
	}
	return list
}

// inquiryAnswer answers it, once.
func (a *App) inquiryAnswer(r *Request) error {
	var id sig.InquiryID
	if err := pathID(r, "inquiry", &id); err != nil {
		return err
	}
	var in struct {
		Answer  string             `form:"answer,max=4000,lines"`
		Outcome sig.InquiryOutcome `form:"outcome,max=20"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.inquiryShow)
	}
	if err := a.deps.Inquiry.Answer(r.Context(), r.Actor(), id, inquiry.Answer{Words: in.Answer, Outcome: in.Outcome}); err != nil {
		return r.Again(err, a.inquiryShow)
	}
	return r.SeeOther("/inquiries", "flash.answered")
}

var waitingPage = page("inquiry_waiting", func(b Base) []waitingData {
	b.Title = b.T("inquiry.waiting.title")
	return []waitingData{{b, []waitingRow{
		{"/x", "7KMN-4TRX", b.T("inquiry.kind.looks_wrong"), sampleNow, true, namesRow{}}, {"/x", "9ABC-2DEF", b.T("inquiry.kind.file"), sampleNow, false, namesRow{"Maja Lund", b.T("protection.marked"), "Eva Lund"}},
	}}, {Base: b}}
})

var answerInquiryPage = page("inquiry_answer", func(b Base) []answerInquiryData {
	b.Title = b.T("inquiry.answer.title")
	one := answerInquiryData{
		Base: b, Path: "/x", Number: "7KMN-4TRX", Kind: b.T("inquiry.kind.looks_wrong"), Asker: b.T("actor.guardian"), Words: "Vem är det som har läst?",
		Asked: sampleNow, Due: sampleNow, Late: true, Line: &sampleLedger[0], Log: "/x",
	}
	done := one
	done.Late, done.Answered, done.Answer, done.Line, done.Item = false, &done.Asked, "Det var hennes vikarie.", nil, "/x"
	file := one
	file.Names = namesRow{"Maja Lund", b.T("protection.marked"), "Eva Lund"}
	file.Kind, file.Line, file.Outcomes = b.T("inquiry.kind.file"), nil, outcomes(b.Language)
	decided := done
	decided.Kind, decided.Outcome = file.Kind, b.T("inquiry.outcome.in_part")
	return []answerInquiryData{one, done, file, decided}
})
