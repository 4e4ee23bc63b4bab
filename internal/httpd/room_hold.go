package httpd

import (
	"sigportal/internal/fault"
	"sigportal/internal/meeting"
	"sigportal/internal/sig"
)

// roomOpen opens the room.
func (a *App) roomOpen(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Meeting.OpenRoom(r.Context(), r.Actor(), id, m); err != nil {
		return err
	}
	return r.SeeOther(roomPath(id, m), "flash.room_opened")
}

// roomEnd says that the meeting is over.
func (a *App) roomEnd(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Meeting.EndRoom(r.Context(), r.Actor(), id, m); err != nil {
		return err
	}
	return r.SeeOther(roomPath(id, m), "flash.room_ended")
}

// roomAttend notes that somebody came or left.
func (a *App) roomAttend(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Invitation sig.InvitationID `form:"invitation,required"`
		Person     sig.AssignmentID `form:"person"`
		What       string           `form:"what,max=4,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.roomShow)
	}
	who := meeting.Attend{Intervention: id, Meeting: m, Invitation: in.Invitation, Person: in.Person}
	switch in.What {
	case "came":
		err = a.deps.Meeting.Came(r.Context(), r.Actor(), who)
	case "left":
		err = a.deps.Meeting.Left(r.Context(), r.Actor(), who)
	default:
		var c fault.Check
		c.Fail("what", "error.choose_one")
		err = c.Err()
	}
	if err != nil {
		return r.Again(err, a.roomShow)
	}
	return r.SeeOther(roomPath(id, m)+"#door", "")
}
