package httpd

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// roomPointData is one point of a meeting in its room.
type roomPointData struct {
	Base
	Draft       draftBox // of what is to be told
	NoteDraft   draftBox
	Top         caseTop
	Room        string // the address of the room
	Path        string // of the point
	Point       roomPointRow
	Until       time.Time
	Stops       int64
	Stopped     time.Time
	Tell, Board bool
	Key         string
	Version     int    // of the draft
	Text        string // the draft
	Necessity   string
	SavedAt     time.Time
	NoteVersion int
	Note        string
	SavedNote   string // what stands there of it
	NoteAt      time.Time
	Newer       *newerText // set when what stands there had not been seen
	Next        string     // the address of the next point
}

// newerText is what stands there now, beside what was typed.
type newerText struct {
	Text string
	Note bool
}

var roomPointPage = page("room_point", func(b Base) []roomPointData {
	teller := roomPointData{
		Base: b, Draft: draftBox{Keep: "/x/drafts", Token: "t.0"}, NoteDraft: sampleDraft, Top: sampleTop, Room: "/x/room", Path: "/x/room/points/1", Point: sampleRoomPoints[0], Until: sampleNow, Stops: 1000, Tell: true, Board: true,
		Key: "k", Version: 2, Text: "Amir går på fotboll.", Necessity: "Nätverksmöte, punkt 1", NoteVersion: 1, Note: "Ring mamma.", SavedNote: "Ring mamma.", SavedAt: sampleNow, NoteAt: sampleNow, Next: "/x/room/points/2",
	}
	hears := roomPointData{Base: b, Top: sampleTop, Room: "/x/room", Path: "/x/room/points/2", Point: sampleRoomPoints[1]}
	stopped := teller
	stopped.Tell, stopped.Stopped, stopped.Stops = false, sampleNow, 0
	newer, stamped := teller, teller
	newer.Newer, stamped.Newer = &newerText{"En annan text.", false}, &newerText{"", true}
	theirs := teller
	theirs.Point.Family, theirs.Point.Alone, theirs.Draft, theirs.NoteDraft = true, false, draftBox{}, draftBox{}
	return []roomPointData{teller, hears, stopped, newer, stamped, theirs}
})

// pointAddress reads the address of a point.
func (r *Request) pointAddress() (id sig.InterventionID, m sig.MeetingID, p sig.PointID, err error) {
	if id, m, err = r.meetingAddress(); err == nil {
		err = pathID(r, "point", &p)
	}
	return id, m, p, err
}

// roomPointShow shows one point, with what its reader may write there.
func (a *App) roomPointShow(r *Request) error {
	return a.roomPoint(r, nil)
}

func (a *App) roomPoint(r *Request, newer *newerText) error {
	_, _, point, err := r.pointAddress()
	if err != nil {
		return err
	}
	room, err := a.roomOf(r)
	if err != nil {
		return a.roomGone(r, err)
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	for i, p := range room.Points {
		if room.Open.Points[i].ID != point {
			continue
		}
		told, note, err := r.pointDrafts(room, i)
		if err != nil {
			return err
		}
		base := r.Base("room.title", "date", r.lang.Date(room.Start))
		base.Title = r.lang.T("meeting.point", "number", p.Position)
		data := roomPointData{
			Draft: told, NoteDraft: note, Base: base, Top: roomTop(room), Room: roomPath(room.Intervention, room.ID), Until: room.Until, Stops: stopsIn(room), Stopped: room.SharingEndedAt,
			Tell: p.Tell, Board: room.Room.Note, Key: uuid.NewString(), Newer: newer, Necessity: r.lang.T("room.tell.necessity.value", "number", p.Position),
		}
		data.Point = roomPointOf(w, data.Room, room, i)
		data.Path = data.Point.Path
		if p.Draft != nil {
			data.Version, data.Text, data.SavedAt = p.Draft.Version, p.Draft.Text, p.Draft.SavedAt
		}
		if p.Note != nil {
			data.NoteVersion, data.Note, data.SavedNote, data.NoteAt = p.Note.Version, p.Note.Text, p.Note.Text, p.Note.SavedAt
		}
		data.keep(room)
		if i+1 < len(room.Points) {
			data.Next = data.Room + "/points/" + room.Open.Points[i+1].ID.String()
		}
		return roomPointPage.Send(r, data)
	}
	return fault.Missing()
}

// pointDrafts offers the writer's own drafts of the point's two forms.
func (r *Request) pointDrafts(room *meeting.Room, i int) (told, note draftBox, err error) {
	m, p := room.ID, room.Open.Points[i].ID
	forms := []string{pointDraft(m, p, true)}
	if room.Points[i].Tell {
		if told, err = r.drafts(room.Intervention, pointDraft(m, p, false)); err != nil {
			return told, note, err
		}
	} else {
		forms = append(forms, pointDraft(m, p, false)) // what can be stamped no more can be noted
	}
	if room.Room.Note {
		note, err = r.drafts(room.Intervention, forms...)
	}
	return told, note, err
}

func pointDraft(m sig.MeetingID, p sig.PointID, note bool) string {
	form := "meetings/" + m.String() + "/room/points/" + p.String()
	if note {
		return form + "/note"
	}
	return form
}

// keep fills in what the other form of the page has not sent, and puts what was
// typed, and can be stamped no more, into the box of the board's own note: it
// is never told, and not lost either.
func (d *roomPointData) keep(room *meeting.Room) {
	late := d.Text
	if d.Form.typed != nil {
		seen, err := strconv.Atoi(d.Form.Value("note_version"))
		switch {
		case d.Form.typed.Has("note"):
			if err == nil && d.Newer == nil {
				d.NoteVersion = seen
			}
			if !d.Form.typed.Has("text") || !d.Tell {
				d.Form.typed.Set("text", d.Text)
				d.Form.typed.Set("necessity", d.Necessity)
				d.Form.typed.Set("version", strconv.Itoa(d.Version))
			}
			return
		case d.Form.typed.Has("text"):
			late = d.Form.Value("text")
		}
	}
	if !d.Tell && room.Room.Note && !strings.Contains(d.Note, late) {
		d.Note = strings.TrimSpace(d.Note + "\n\n" + late)
	}
	if d.Form.typed != nil {
		d.Form.typed.Set("note", d.Note)
	}
}

// roomPointWrite keeps what the teller has written, or stamps what was told:
// act is the button.
func (a *App) roomPointWrite(r *Request) error {
	id, m, point, err := r.pointAddress()
	if err != nil {
		return err
	}
	var in struct {
		Draft     string `form:"draft,max=60"`
		Act       string `form:"act,max=5,required"`
		Key       string `form:"key,max=64,required"`
		Version   int    `form:"version,max=9,required"`
		Text      string `form:"text,max=8000,lines"`
		Necessity string `form:"necessity,max=1000"`
		Weaker    string `form:"weaker_reason,max=1000"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.roomPointShow)
	}
	switch in.Act {
	case "told":
		_, err = a.deps.Meeting.Tell(r.Context(), r.Actor(), meeting.NewTold{
			Key: r.once(in.Key), Intervention: id, Meeting: m, Point: point, Version: in.Version, Text: in.Text,
			Necessity: in.Necessity, WeakerReason: in.Weaker,
		})
	case "draft":
		_, err = a.deps.Meeting.SaveDraft(r.Context(), r.Actor(), meeting.NewDraft{
			Intervention: id, Meeting: m, Point: point, Version: in.Version, Text: in.Text,
		})
	default:
		var c fault.Check
		c.Fail("act", "error.choose_one")
		err = c.Err()
	}
	if err == nil {
		r.draftDone(id)
	}
	return a.roomWritten(r, namedFunctions(r, err), map[string]string{"told": "flash.told", "draft": "flash.draft_saved"}[in.Act])
}

// roomNote keeps the board's own note.
func (a *App) roomNote(r *Request) error {
	id, m, point, err := r.pointAddress()
	if err != nil {
		return err
	}
	var in struct {
		Draft   string `form:"draft,max=60"`
		Version int    `form:"note_version,max=9,required"`
		Note    string `form:"note,max=8000,lines"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.roomPointShow)
	}
	_, err = a.deps.Meeting.SaveDraft(r.Context(), r.Actor(), meeting.NewDraft{
		Intervention: id, Meeting: m, Point: point, Internal: true, Version: in.Version, Text: in.Note,
	})
	if err == nil {
		r.draftDone(id)
	}
	return a.roomWritten(r, err, "flash.note_saved")
}

// roomWritten answers what was written. Whoever saves over what was not seen
// gets both texts, status 409, and nothing was overwritten; what came too late
// stays in the form.
func (a *App) roomWritten(r *Request, err error, flash string) error {
	if err == nil {
		id, m, point, _ := r.pointAddress()
		return r.SeeOther(roomPath(id, m)+"/points/"+point.String(), flash)
	}
	wrong, ok := errors.AsType[*fault.Error](err)
	newer, stands := meeting.AsNewer(err)
	if !stands && (!ok || wrong.Kind != fault.Conflict) {
		return r.Again(err, a.roomPointShow)
	}
	r.status = fiber.StatusConflict
	r.fields = r.readFields(wrong)
	if !stands {
		return a.roomPoint(r, nil)
	}
	return a.roomPoint(r, &newerText{Text: newer.Text, Note: newer.Internal})
}

// namedFunctions says by their names which functions have to leave first.
func namedFunctions(r *Request, err error) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	for i, f := range wrong.Fields {
		if code, has := f.Args["function"]; has {
			wrong.Fields[i].Args = map[string]any{"function": r.lang.T("function." + code.(string))}
			wrong.Fields[i].Name = "text"
		}
	}
	return err
}
