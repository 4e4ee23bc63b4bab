package httpd

import (
	"context"
	"fmt"
	"slices"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// receiptData is the receipt of taking back: when, number, what stopped, who
// was told, what had been read.
type receiptData struct {
	Base
	Reference string
	Lead      string
	Signed    string // in which language the yes was given
	Text      string // what that text is known by
	Steps     []receiptStep
	File      string
	FileName  string
	PDF       string // where there is something to print with
}

// receiptStep is one step of the list; see the part "steps".
type receiptStep struct {
	Title, Text string
	Lines       []string
	State       string
}

// receiptShow shows it to the signer whose withdrawal it was.
func (a *App) receiptShow(r *Request) error {
	reference := r.Params("reference")
	receipt, err := a.deps.Consenting.Receipt(r.Context(), r.Actor(), reference)
	if err != nil {
		return err
	}
	data := receiptData{Base: r.Base(receiptTitle(receipt))}
	data.show(familyWords{Language: r.lang}, receipt)
	if a.deps.Printer.Can() {
		data.PDF = receiptPath(reference) + "/receipt.pdf"
	}
	return receiptPage.Send(r, data)
}

// receiptPaper gives the receipt as a tagged PDF.
func (a *App) receiptPaper(r *Request) error {
	if !a.deps.Printer.Can() {
		return fault.Missing()
	}
	reference := r.Params("reference")
	receipt, err := a.deps.Consenting.Receipt(r.Context(), r.Actor(), reference)
	if err != nil {
		return err
	}
	data := receiptData{Base: r.Base(receiptTitle(receipt))}
	data.show(familyWords{Language: r.lang}, receipt)
	data.File = ""
	return sendPaper(r, receiptPage, data, "receipt.pdf", func(ctx context.Context) error {
		_, err := a.deps.Consenting.Receipt(ctx, r.Actor(), reference)
		return err
	})
}

func receiptTitle(receipt *consenting.Receipt) string {
	if !receipt.Effective {
		return "citizen.receipt.title.message"
	}
	return yesKey(receipt.SaidYes, "citizen.receipt.title", "citizen.receipt.title.others")
}

func (d *receiptData) show(w familyWords, receipt *consenting.Receipt) {
	d.Reference = receipt.Reference
	d.Lead = w.T("citizen.receipt.lead", "time", w.DateTime(receipt.ReceivedAt))
	if receipt.Channel == consenting.ChannelPortal { // the row of one by phone is the officer's
		d.File, d.FileName = receiptPath(receipt.Reference)+"/file", receiptFileName(receipt.Reference)
	}
	when := receiptStep{Title: w.T("citizen.receipt.when"), Text: w.DateTime(receipt.ReceivedAt), State: "done"}
	if receipt.RecordedAt.Sub(receipt.ReceivedAt) >= time.Minute {
		when.Lines = []string{w.T("citizen.receipt.recorded", "time", w.DateTime(receipt.RecordedAt))}
	}
	if !receipt.Effective {
		d.Lead = w.T("citizen.receipt.no_effect")
		d.Steps = []receiptStep{when}
		return
	}
	if receipt.SignedIn != "" {
		d.Signed, d.Text = w.T("citizen.receipt.signed", "language", w.T("citizen.tongue."+receipt.SignedIn)), receipt.SignedText
	}
	stopped := receiptStep{Title: w.T("citizen.receipt.stopped"), State: "done"}
	stopped.Lines = append(stopsOf(w, receipt.Lost, consenting.Party{}), meetingsOf(w, receipt.MeetingsOff, receipt.Calls)...)
	read := receiptStep{Title: w.T("citizen.receipt.already_read"), Lines: readLines(w, receipt.AlreadyRead), State: "done"}
	if len(read.Lines) == 0 {
		read.Text = w.T("citizen.receipt.already_read.none")
	}
	next := receiptStep{Title: w.T("citizen.receipt.after"), Text: w.T("citizen.withdraw.preview.continues")}
	if receipt.Ahead {
		next.Text = w.T("citizen.receipt.ahead")
	}
	if receipt.Over {
		next.Text = w.T("citizen.receipt.over")
	}
	if receipt.Closes {
		next.Text = w.T("citizen.receipt.closed") + " " + w.T("citizen.receipt.next")
	}
	d.Steps = slices.Concat([]receiptStep{when, stopped, toldStep(w, receipt), read}, lateStep(w, receipt), []receiptStep{next})
}

// toldStep says which functions were told, and in which there was nobody to tell.
func toldStep(w familyWords, receipt *consenting.Receipt) receiptStep {
	told := receiptStep{Title: w.T("citizen.receipt.told"), Lines: parties(w, receipt.Told), State: "done"}
	for _, name := range parties(w, receipt.Untold) {
		told.Lines = append(told.Lines, w.T("citizen.receipt.told.nobody", "recipient", name))
	}
	if len(told.Lines) == 0 {
		told.Text = w.T("citizen.receipt.told.none")
	}
	return told
}

// lateStep says what was told after it had been taken back; nothing where
// nothing was.
func lateStep(w familyWords, receipt *consenting.Receipt) []receiptStep {
	if len(receipt.Late) == 0 {
		return nil
	}
	step := receiptStep{Title: w.T("citizen.receipt.late"), Text: w.T("citizen.receipt.late.text"), State: "done"}
	for _, l := range receipt.Late {
		step.Lines = append(step.Lines, w.party(l.Party)+" · "+w.DateTime(l.At))
	}
	return []receiptStep{step}
}

func parties(w familyWords, all []consenting.Party) []string {
	var list []string
	for _, p := range all {
		list = addOnce(list, w.party(p))
	}
	return list
}

// readLines says who had read how many things, and when last.
func readLines(w familyWords, reads []consenting.ReadLine) []string {
	var order []sig.Seat
	counts, last := map[sig.Seat]int{}, map[sig.Seat]consenting.ReadLine{}
	for _, one := range reads {
		seat := one.Party.Seat
		if counts[seat] == 0 {
			order = append(order, seat)
		}
		counts[seat]++
		if !one.At.Before(last[seat].At) {
			last[seat] = one
		}
	}
	var list []string
	for _, seat := range order {
		one := last[seat]
		list = append(list, w.N("citizen.receipt.already_read.row", counts[seat], "recipient", w.party(one.Party))+" "+
			w.T("citizen.receipt.already_read.last", "time", w.DateTime(one.At)))
	}
	return list
}

func receiptFileName(reference string) string { return fmt.Sprintf("kvitto-%s.txt", reference) }

var receiptPage = page("receipt_show", func(b Base) []receiptData {
	w := familyWords{Language: b.Language}
	row := sampleRow(2, sampleBoard, samplePolice, sig.CategoryPlanGoals)
	whole := &consenting.Receipt{
		ReceiptLine: consenting.ReceiptLine{Reference: "2345-6789-ABCD", ReceivedAt: sampleNow, RecordedAt: sampleNow, Channel: consenting.ChannelPortal, Effective: true, Whole: true},
		SignedIn:    "so", SignedText: "3f9a6c0e · so 1b2c3d4e",
		Lost: []consenting.LostRow{{Row: row, Categories: row.Categories, Whole: true}},
		Told: []consenting.Party{samplePolice}, Untold: []consenting.Party{sampleBoard}, Closes: true, Copies: 2, MeetingsOff: 2,
		AlreadyRead: []consenting.ReadLine{{At: sampleNow.Add(-time.Hour), Function: sig.RolePolice, Party: samplePolice}},
	}
	part, phone, message := *whole, *whole, *whole
	part.Closes, part.AlreadyRead, part.Told, part.Untold = false, nil, nil, nil
	part.MeetingsOff, part.Calls = 0, []consenting.LostCalls{{Party: samplePolice, Meetings: 1, Fewer: 2}}
	phone.RecordedAt, phone.Channel = sampleNow.Add(2*time.Hour), consenting.ChannelPhone
	phone.Late = []consenting.ReadLine{{At: sampleNow.Add(time.Hour), Function: sig.RolePolice, Party: samplePolice}}
	message.Effective = false
	var list []receiptData
	for _, one := range []*consenting.Receipt{whole, &part, &phone, &message} {
		d := receiptData{Base: b}
		d.Title = b.T(receiptTitle(one))
		d.show(w, one)
		list = append(list, d)
	}
	return list
})
