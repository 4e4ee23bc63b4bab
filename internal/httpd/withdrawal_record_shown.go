package httpd

import (
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// recordedData is a withdrawal as the board reads it afterwards.
type recordedData struct {
	Base
	Top       caseTop
	Reference string
	Lead      string
	Late      string // something may have been disclosed between receipt and record
	Steps     []receiptStep
}

// recordedShow shows what a withdrawal stopped, who was told, and what had
// been read.
func (a *App) recordedShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	if !head.OnBoard() {
		return fault.Missing()
	}
	receipt, err := a.deps.Consenting.Receipt(r.Context(), r.Actor(), r.Params("reference"))
	if err != nil {
		return err
	}
	if receipt.Intervention != id {
		return fault.Missing()
	}
	data := recordedData{Base: r.Base("board.recorded.title"), Top: topOf(head)}
	data.fill(familyWords{Language: r.lang}, receipt)
	return recordedPage.Send(r, data)
}

func (d *recordedData) fill(w familyWords, receipt *consenting.Receipt) {
	d.Reference = receipt.Reference
	came := receiptStep{
		Title: w.T("board.recorded.came"), State: "done",
		Text: w.DateTime(receipt.ReceivedAt) + " · " + w.T("channel."+string(receipt.Channel)),
	}
	if receipt.RecordedAt.Sub(receipt.ReceivedAt) >= time.Minute {
		came.Lines = []string{w.T("board.recorded.at", "time", w.DateTime(receipt.RecordedAt))}
		if receipt.Effective {
			d.Late = w.T("board.recorded.late")
		}
	}
	d.Steps = []receiptStep{came}
	if !receipt.Effective {
		d.Title = w.T("board.recorded.no_effect.title")
		d.Lead = w.T("board.recorded.no_effect")
		return
	}
	d.Lead = w.T("board.recorded.lead", "time", w.DateTime(receipt.ReceivedAt))
	read := receiptStep{Title: w.T("citizen.receipt.already_read"), Lines: readLines(w, receipt.AlreadyRead), State: "done"}
	if len(read.Lines) == 0 {
		read.Text = w.T("board.recorded.unread")
	}
	next := receiptStep{Title: w.T("board.recorded.next"), Text: w.T("board.record.goes_on")}
	if receipt.Ahead {
		next.Text = w.T("board.record.ahead")
	}
	if receipt.Over {
		next.Text = w.T("board.record.over")
	}
	if receipt.Closes {
		next.Text = w.T("board.recorded.closed")
	}
	stopped := receiptStep{Title: w.T("citizen.receipt.stopped"), State: "done"}
	stopped.Lines = append(stopsOf(w, receipt.Lost, consenting.Party{}), meetingsOf(w, receipt.MeetingsOff, receipt.Calls)...)
	d.Steps = append(append(append(d.Steps, stopped, toldStep(w, receipt), read), lateStep(w, receipt)...), next)
}

var recordedPage = page("board_recorded", func(b Base) []recordedData {
	w := familyWords{Language: b.Language}
	row := sampleRow(2, sampleBoard, samplePolice, sig.CategoryPlanGoals)
	of := func(change func(*consenting.Receipt)) recordedData {
		one := &consenting.Receipt{
			ReceiptLine: consenting.ReceiptLine{
				Reference: "2345-6789-ABCD", ReceivedAt: sampleNow, RecordedAt: sampleNow.Add(3 * time.Hour), Channel: consenting.ChannelPhone, Effective: true,
			},
			Lost: []consenting.LostRow{{Row: row, Categories: row.Categories, Whole: true}}, Told: []consenting.Party{samplePolice}, Closes: true,
			AlreadyRead: []consenting.ReadLine{{At: sampleNow, Function: sig.RolePolice, Party: samplePolice}},
		}
		change(one)
		d := recordedData{Base: b, Top: sampleTop}
		d.fill(w, one)
		return d
	}
	return []recordedData{
		of(func(*consenting.Receipt) {}),
		of(func(one *consenting.Receipt) { one.Closes, one.AlreadyRead, one.Told = false, nil, nil }),
		of(func(one *consenting.Receipt) { one.Effective = false }),
	}
})

var recordPage = page("board_record", func(b Base) []recordData {
	w := familyWords{Language: b.Language}
	of := func() recordData {
		d := recordData{Base: b}
		d.fill(w, sampleBoardCase(func(*consenting.Case) {}))
		return d
	}
	in := recordForm{Key: "k", Signer: "guardian:x", Scope: scopeAll, Channel: "phone", Received: sampleNow}
	closes, nothing := of(), of()
	p := samplePreview(sampleVersion().Rows, sig.WithdrawalScope{Whole: true})
	p.HasStanding = true
	closes.check(w, in, p)
	nothing.check(w, in, &consenting.Preview{Consequence: sig.NothingRemoved, HasStanding: true})
	message := of()
	message.check(w, in, &consenting.Preview{Consequence: sig.Closes})
	return []recordData{of(), closes, nothing, message}
})
