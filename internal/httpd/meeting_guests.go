package httpd

import (
	"time"

	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// guestsData is who comes to a meeting without an account, and the forms that
// call them.
type guestsData struct {
	Base
	Top     caseTop
	Path    string // of the meeting
	When    string
	Key     string
	May     bool
	Guests  []guestRow
	People  []personRow
	Person  []fieldChoice // the same, for choosing
	Spoken  []fieldChoice
	Offers  []fieldChoice
	Without []callRow // whom the consent names, but for none of the points
	Mail    []fieldChoice
}

// guestRow is one guest.
type guestRow struct {
	ID, Name, What, Points string
	State, Kind            string // the status that it is drawn with
	Ended                  time.Time
}

// personRow is somebody who may need an interpreter.
type personRow struct {
	Name, Language string
	Missing        bool // nobody is called for it
}

var guestsPage = page("meeting_guests", func(b Base) []guestsData {
	languages := []fieldChoice{{"prs", "Dari", "", false}}
	one := guestsData{
		Base: b, Top: sampleTop, Path: "/x", When: "10 december 2026, 14.00–15.00", Key: "k", May: true, Spoken: languages,
		Guests: []guestRow{
			{ID: "a", Name: "Parwin Sadat", What: "Tolk, dari, KAM-1234", State: b.T("guest.state.waiting"), Kind: "waiting"},
			{ID: "b", Name: "Leila Rahimi", What: b.T("guest.private"), Points: "1", State: b.T("guest.state.unreserved"), Kind: "warn"},
			{ID: "c", Name: "Tomas Boll", What: "Ledare i förening", Ended: sampleNow, Kind: "ended"},
		},
		People: []personRow{{"Sara Rahimi", "Dari", true}, {"Omid Rahimi", "", false}},
		Person: []fieldChoice{{"p", "Sara Rahimi", "", false}}, Offers: []fieldChoice{{"o", "Leila Rahimi", "", false}},
		Without: []callRow{{Name: "Tomas Boll", Out: []string{b.T("meeting.reason.no_grant_recipient")}}},
		Mail:    []fieldChoice{{"sv", "Svenska", "", false}},
	}
	return []guestsData{one, {Base: b, Top: sampleTop, Path: "/x", When: one.When}}
})

// spokenWords is a language in the reader's own.
func (w itemWords) spoken(code string) string {
	if code == "" {
		return ""
	}
	return w.lang.T("spoken." + code)
}

// guestsShow shows the guests of a meeting.
func (a *App) guestsShow(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	g, err := a.deps.Meeting.Guests(r.Context(), r.Actor(), id, m)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := guestsData{
		Base: r.Base("guest.title"), Path: meetingPath(id, m), When: meetingTime(w, g.Start, g.End), Key: uuid.NewString(), May: g.May,
		Top: caseTop{Path: casePath(id), Number: g.CaseNumber, Youth: g.YouthName, Live: true},
	}
	if g.State == sig.MeetingProposed {
		data.When = r.lang.T("poll.undecided")
	}
	for _, one := range g.Guests {
		data.Guests = append(data.Guests, guestRowOf(w, one, g.Protected))
	}
	for _, p := range g.People {
		name := p.Name
		if name == "" {
			name = w.called(p.Seat, g.Protected)
		}
		data.Person = append(data.Person, fieldChoice{Value: p.Key(), Text: name})
		data.People = append(data.People, personRow{name, w.spoken(p.Language), p.Language != "" && !p.Served})
	}
	for _, code := range sig.SpokenLanguages() {
		data.Spoken = append(data.Spoken, fieldChoice{Value: code, Text: w.spoken(code)})
	}
	for _, tag := range []string{"sv", "en", "ar"} {
		data.Mail = append(data.Mail, fieldChoice{Value: tag, Text: r.lang.T("spoken." + tag)})
	}
	for _, o := range g.Offers {
		name := o.Name
		if !o.Club.IsZero() {
			name = w.called(o.Club, g.Protected)
		}
		if len(o.Points) == 0 {
			data.Without = append(data.Without, callRow{Name: name, Out: []string{refusalWords(w, string(o.Why))}})
			continue
		}
		data.Offers = append(data.Offers, fieldChoice{Value: o.Key, Text: name, Hint: w.lang.T("meeting.called.points", "points", numbers(w, o.Points))})
	}
	return guestsPage.Send(r, data)
}

func guestRowOf(w itemWords, g meeting.Guest, protected bool) guestRow {
	row := guestRow{ID: g.ID.String(), Name: g.Name, What: guestWhat(w, g, protected), Points: numbers(w, g.Points)}
	switch {
	case g.EndedAt != nil:
		row.Ended, row.Kind = *g.EndedAt, "ended"
		return row
	case g.Answer == sig.InvitationDeclined:
		row.State, row.Kind = w.lang.T("guest.state.declined"), "excluded"
	case g.Kind == sig.GuestPrivate && g.ReservedAt.IsZero():
		row.State, row.Kind = w.lang.T("guest.state.unreserved"), "warn"
	case g.Answer == sig.InvitationAccepted:
		row.State, row.Kind = w.lang.T("guest.state.accepted"), "may"
	default:
		row.State, row.Kind = w.lang.T("guest.state.waiting"), "waiting"
	}
	return row
}

// guestWhat is in which capacity a guest comes.
func guestWhat(w itemWords, g meeting.Guest, protected bool) string {
	switch {
	case g.Kind == sig.GuestInterpreter:
		return w.lang.T("guest.interpreter.what", "language", w.spoken(g.Language), "identity", g.Identity)
	case g.Club.IsZero():
		return w.lang.T("guest.private")
	default:
		return w.called(g.Club, protected)
	}
}

// guestLanguage notes who needs an interpreter.
func (a *App) guestLanguage(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Person   string `form:"person,max=36"`
		Language string `form:"needs,max=3"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.guestsShow)
	}
	if err := a.deps.Meeting.NeedLanguage(r.Context(), r.Actor(), id, m, in.Person, in.Language); err != nil {
		return r.Again(renamed(err, map[string]string{"language": "needs"}), a.guestsShow)
	}
	return r.SeeOther(meetingPath(id, m)+"/guests", "flash.saved")
}

// guestInterpreter calls an interpreter.
func (a *App) guestInterpreter(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Key         string `form:"key,max=64,required"`
		Language    string `form:"language,max=3"`
		Name        string `form:"name,max=200"`
		Identity    string `form:"identity,max=200"`
		Email       string `form:"email,max=200"`
		Unrelated   bool   `form:"unrelated"`
		SameSurname bool   `form:"same_surname"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.guestsShow)
	}
	_, err = a.deps.Meeting.CallInterpreter(r.Context(), r.Actor(), meeting.NewInterpreter{
		Key: r.once(in.Key), Intervention: id, Meeting: m, Language: in.Language, Name: in.Name, Identity: in.Identity, Email: in.Email,
		Unrelated: in.Unrelated, SameSurname: in.SameSurname,
	})
	if err != nil {
		return r.Again(err, a.guestsShow)
	}
	return r.SeeOther(meetingPath(id, m)+"/guests", "flash.guest_called")
}

// guestCall calls a private recipient.
func (a *App) guestCall(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Key      string `form:"key,max=64,required"`
		Offer    string `form:"offer,max=200"`
		Name     string `form:"guest_name,max=200"`
		Email    string `form:"guest_email,max=200"`
		Language string `form:"mail_language,max=2"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.guestsShow)
	}
	_, err = a.deps.Meeting.CallGuest(r.Context(), r.Actor(), meeting.NewGuest{
		Key: r.once(in.Key), Intervention: id, Meeting: m, Offer: in.Offer, Name: in.Name, Email: in.Email, Language: in.Language,
	})
	if err != nil {
		return r.Again(renamed(err, map[string]string{"name": "guest_name", "email": "guest_email", "language": "mail_language"}), a.guestsShow)
	}
	return r.SeeOther(meetingPath(id, m)+"/guests", "flash.guest_called")
}

// renamed moves faults to the fields of a form whose names differ.
func renamed(err error, names map[string]string) error {
	wrong := asInvalid(err)
	if wrong == nil {
		return err
	}
	for i, f := range wrong.Fields {
		if to, ok := names[f.Name]; ok {
			wrong.Fields[i].Name = to
		}
	}
	return wrong
}

// guestEnd takes a guest's call back.
func (a *App) guestEnd(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var guest sig.GuestID
	if err := pathID(r, "guest", &guest); err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Meeting.EndGuest(r.Context(), r.Actor(), id, m, guest); err != nil {
		return err
	}
	return r.SeeOther(meetingPath(id, m)+"/guests", "flash.guest_ended")
}

// roomGuest notes that a guest came to the room, or left it.
func (a *App) roomGuest(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Guest sig.GuestID `form:"guest,max=36,required"`
		What  string      `form:"what,max=10,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.roomShow)
	}
	if in.What != "came" && in.What != "left" {
		var c fault.Check
		c.Fail("what", "error.choose_one")
		return r.Again(c.Err(), a.roomShow)
	}
	if err := a.deps.Meeting.AttendGuest(r.Context(), r.Actor(), id, m, in.Guest, in.What == "came"); err != nil {
		return r.Again(err, a.roomShow)
	}
	return r.SeeOther(roomPath(id, m)+"#door", "")
}
