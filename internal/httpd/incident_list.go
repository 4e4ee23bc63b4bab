package httpd

import (
	"strings"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/sig"
)

// incidentsData is what went wrong in one case and what was done about it: who
// told whom what kind of thing, and when; no content.
type incidentsData struct {
	Base
	Top  caseTop
	Rows []incidentLine
}

type incidentLine struct {
	Path, Title, Sender, Recipient, Categories, Reference string
	Received, Sent, Opened                                time.Time
	Read, Closed                                          *time.Time
	Done                                                  string
	Heard, CanClose                                       bool
}

// incidentsShow lists them, with the form of what was done beside one of them.
func (a *App) incidentsShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	found, err := a.deps.Casework.Incidents(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := incidentsData{Base: r.Base("board.incidents.title"), Top: topOf(head)}
	data.fill(w, id, found)
	data.askOfOne(r.Params("incident"))
	return incidentsPage.Send(r, data)
}

func (d *incidentsData) fill(w itemWords, id sig.InterventionID, found []casework.Incident) {
	for _, n := range found {
		d.Rows = append(d.Rows, incidentLine{
			Path: casePath(id) + "/incidents/" + n.ID.String(), Title: w.lang.T("incident." + n.Kind),
			Sender: w.seat(n.Told.Sender), Recipient: w.recipient(n.Told.Recipient, n.Told.Recipient.IsZero(), sig.PrivateCloseContact, ""),
			Categories: w.categories(n.Told.Categories), Reference: n.Reference,
			Received: n.ReceivedAt, Sent: n.Told.SentAt, Heard: n.Told.Heard, Opened: n.OpenedAt, Read: n.Told.ReadAt, Closed: n.ClosedAt,
			Done: n.Done, CanClose: n.CanClose,
		})
	}
}

// askOfOne leaves one form on the page, of the incident that an answer was
// about or else of the oldest, so that what was typed stands with its own.
func (d *incidentsData) askOfOne(answered string) {
	asked := -1
	for n, row := range d.Rows { // newest first
		if !row.CanClose {
			continue
		}
		asked = n
		if answered != "" && strings.HasSuffix(row.Path, "/"+answered) {
			break
		}
	}
	for n := range d.Rows {
		d.Rows[n].CanClose = n == asked
	}
}

// incidentClose records what was done about one.
func (a *App) incidentClose(r *Request) error {
	var id sig.InterventionID
	var incident casework.IncidentID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := pathID(r, "incident", &incident); err != nil {
		return err
	}
	var in struct {
		Done string `form:"done,max=4000,lines"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.incidentsShow)
	}
	if err := a.deps.Casework.CloseIncident(r.Context(), r.Actor(), id, incident, in.Done); err != nil {
		return r.Again(err, a.incidentsShow)
	}
	return r.SeeOther(casePath(id), "flash.task_done")
}

var incidentsPage = page("incident_list", func(b Base) []incidentsData {
	at := sampleNow
	open := incidentLine{
		Path: "/x", Title: b.T("incident.disclosed_after_withdrawal"), Sender: "Samordnare, Enheten för barn och unga, Farsta",
		Recipient: "Kommunpolis, Lokalpolisområde Farsta", Categories: b.T("category.plan_goals"), Reference: "7KMN-4TRX-2ABC",
		Received: at, Sent: at, Opened: at, Read: &at, CanClose: true,
	}
	closed := open
	closed.Read, closed.CanClose, closed.Closed, closed.Done = nil, false, &at, "Polisen har tagit bort kopian."
	heard := closed
	heard.Heard = true
	return []incidentsData{{Base: b, Top: sampleTop, Rows: []incidentLine{open, closed, heard}}, {Base: b, Top: sampleTop}}
})
