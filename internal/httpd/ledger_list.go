package httpd

import (
	"time"

	"sigportal/internal/oversight"
	"sigportal/internal/sig"
)

// ledgerData is what has happened in a case, without content.
type ledgerData struct {
	Base
	Number, Back string
	BackText     string
	Lines        []ledgerRow
	Next         string
	First        string // back to the newest, on a later page
}

// ledgerRow is one row: when, who, what, and what came of it.
type ledgerRow struct {
	Number                      int64
	At                          time.Time
	Who, Office, What, To, Kind string
	Outcome, Reason, About      string
}

// ledgerShow lists the rows, newest first, to the board's participants and the
// authority's log reviewer.
func (a *App) ledgerShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var before int64
	later, err := r.pageAfter("log "+id.String(), &before)
	if err != nil {
		return err
	}
	log, err := a.deps.Oversight.List(r.Context(), r.Actor(), id, before)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := ledgerData{Base: r.Base("ledger.title"), Number: log.CaseNumber, Back: casePath(id), Lines: ledgerRows(w, log.Lines)}
	if log.Review {
		data.Back, data.BackText = "/review", r.lang.T("ledger.review.title")
	}
	if later {
		data.First = casePath(id) + "/log"
	}
	if log.Next != 0 {
		if data.Next, err = r.nextPage("log "+id.String(), log.Next); err != nil {
			return err
		}
	}
	return ledgerPage.Send(r, data)
}

func ledgerRows(w itemWords, lines []oversight.Line) []ledgerRow {
	var rows []ledgerRow
	for _, l := range lines {
		row := ledgerRow{
			Number: l.ID, At: l.At, Who: l.Officer, What: w.lang.T("ledger." + l.Kind), About: w.categories(l.Categories),
			Kind: "done", Outcome: w.lang.T("outcome." + l.Outcome),
		}
		if row.Who == "" {
			row.Who = w.lang.T("actor." + l.Actor)
		}
		if l.Function != "" {
			row.Office = w.place(l.Function, l.Unit)
		}
		if l.RecipientFunction != "" {
			row.To = w.place(l.RecipientFunction, l.RecipientUnit)
		}
		if l.Outcome != "allowed" {
			row.Kind = "excluded"
			if key := "reason." + l.Reason; w.lang.Has(key) {
				row.Reason = w.lang.T(key)
			}
		} else if key := "basis." + l.Basis; l.Basis != "" && w.lang.Has(key) {
			row.Reason = w.lang.T(key)
		}
		rows = append(rows, row)
	}
	return rows
}

var sampleLedger = []ledgerRow{
	{Number: 417, At: sampleNow, Who: "Karin Ek", Office: "SIG-samordnare, Farsta", What: "Läste en kopia", Kind: "done", Outcome: "Tillåtet", About: "Mål i planen", Reason: "Samtycke"},
	{Number: 416, At: sampleNow, Who: "Vårdnadshavare", What: "Tog tillbaka samtycket", Kind: "done", Outcome: "Tillåtet"},
	{Number: 415, At: sampleNow, Who: "Sven Berg", Office: "Kommunpolis, Farsta", To: "Skolkurator, Farstaskolan", What: "Lämnade ut en uppgift", Kind: "excluded", Outcome: "Nekat", Reason: "Uppgiften är spärrad."},
}

var ledgerPage = page("ledger_list", func(b Base) []ledgerData {
	return []ledgerData{
		{Base: b, Number: "7KMN-4TRX", Back: "/x", Lines: sampleLedger, Next: "/x?after=a", First: "/x"},
		{Base: b, Number: "7KMN-4TRX", Back: "/review", BackText: b.T("ledger.review.title")},
	}
})
