package httpd

import (
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/sig"
)

// seatsData is who takes part in a case, and whom the reader may let in.
type seatsData struct {
	Base
	Path     string
	Number   string
	Taking   []takingRow
	Could    []fieldChoice
	StandIns []fieldChoice
	Requests []askedRow
	Give     bool
	StandIn  bool
}

// takingRow is one who takes part.
type takingRow struct {
	End   string // where ending it is posted; empty for another authority's
	Name  string
	Seat  string
	Until string // of a stand-in
}

// askedRow is one who asks to take part.
type askedRow struct {
	Path, Name, Seat, Reason string
	At                       time.Time
}

var seatsPage = page("seats", func(b Base) []seatsData {
	could := []fieldChoice{{Value: "a", Text: "Tove Lindvall, Öppenvård"}}
	at := time.Date(2026, 12, 3, 8, 0, 0, 0, time.UTC)
	return []seatsData{
		{
			Base: b, Path: "/x", Number: "7KMN-4TRX", Give: true, StandIn: true, Could: could, StandIns: could,
			Taking: []takingRow{
				{"/x/seats/1/end", "Karin Ek", "SIG-samordnare, Enheten för barn och unga", ""}, {"", "Berg", "Kommunpolis", ""},
				{"/x/seats/2/end", "Maria Sand", "SIG-samordnare", "24 december 2026"},
			},
			Requests: []askedRow{{"/x/requests/1", "Olle Vik", "Handläggare", "Utreder syskonet.", at}},
		},
		{Base: b, Path: "/x", Number: "7KMN-4TRX", Give: true, Could: could},
	}
})

// seatsShow shows the seats of one case: to the board's participants, and to
// the lead of a function that its consent names.
func (a *App) seatsShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	seats, err := a.deps.Casework.Seats(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := seatsData{
		Base: r.Base("intervention.participants.title"), Path: casePath(id), Number: seats.CaseNumber,
		Give: seats.Actions.Give, StandIn: seats.Actions.StandIn,
	}
	for _, p := range seats.Taking {
		data.Taking = append(data.Taking, takingRowOf(r, w, id, p, seats.Actions.Give))
	}
	data.Could, data.StandIns = colleaguesToChoose(w, seats.Could), colleaguesToChoose(w, seats.StandIns)
	for _, q := range seats.Requests {
		data.Requests = append(data.Requests, askedRow{
			Path: casePath(id) + "/requests/" + q.ID.String(), Name: q.Name, Seat: w.place(q.Function, q.Unit), Reason: q.Reason, At: q.CreatedAt,
		})
	}
	return seatsPage.Send(r, data)
}

func colleaguesToChoose(w itemWords, colleagues []sig.Assignment) []fieldChoice {
	var choices []fieldChoice
	for _, c := range colleagues {
		choices = append(choices, fieldChoice{Value: c.ID.String(), Text: w.lang.Beside(c.Name, w.place(c.Function, c.Unit))})
	}
	return choices
}

func takingRowOf(r *Request, w itemWords, id sig.InterventionID, p casework.Participation, gives bool) takingRow {
	row := takingRow{Name: p.Name, Seat: w.place(p.Function, p.Unit)}
	if gives && p.Authority == r.Actor().Authority {
		row.End = casePath(id) + "/seats/" + p.ID.String() + "/end"
	}
	if p.StandInFor != nil {
		row.Until = w.lang.Date(p.To.Add(-time.Second))
	}
	return row
}
