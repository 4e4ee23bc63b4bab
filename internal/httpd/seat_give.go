package httpd

import "sigportal/internal/sig"

// seatGive lets somebody take part.
func (a *App) seatGive(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Assignment sig.AssignmentID `form:"assignment,max=36,required"`
		Reason     string           `form:"reason,max=1000,lines,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.seatsShow)
	}
	if err := a.deps.Casework.GivePart(r.Context(), r.Actor(), id, in.Assignment, in.Reason); err != nil {
		return r.Again(err, a.seatsShow)
	}
	return r.SeeOther(casePath(id)+"/seats", "flash.participant_added")
}

// seatEnd ends somebody's part, at once.
func (a *App) seatEnd(r *Request) error {
	var id sig.InterventionID
	var seat sig.ParticipationID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := pathID(r, "seat", &seat); err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Casework.EndPart(r.Context(), r.Actor(), id, seat); err != nil {
		return err
	}
	return r.SeeOther(casePath(id)+"/seats", "flash.participant_ended")
}

// standInName names who fills the coordinator's seat until a day.
func (a *App) standInName(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	var in struct {
		Assignment sig.AssignmentID `form:"stand_in,max=36,required"`
		Until      string           `form:"until,max=10,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.seatsShow)
	}
	until, err := sig.ParseDate(in.Until)
	if err != nil {
		until = sig.Date{} // the service says at the field what a day must be
	}
	if err := a.deps.Casework.StandIn(r.Context(), r.Actor(), id, in.Assignment, until); err != nil {
		return r.Again(err, a.seatsShow)
	}
	return r.SeeOther(casePath(id)+"/seats", "flash.participant_added")
}

// requestAnswer grants or refuses a request to take part.
func (a *App) requestAnswer(r *Request) error {
	var id sig.InterventionID
	var request sig.RequestID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	if err := pathID(r, "request", &request); err != nil {
		return err
	}
	var in struct {
		Answer string `form:"answer,max=10,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.seatsShow)
	}
	if in.Answer != "grant" && in.Answer != "refuse" {
		return errMalformed
	}
	if err := a.deps.Casework.AnswerRequest(r.Context(), r.Actor(), id, request, in.Answer == "grant"); err != nil {
		return err
	}
	return r.SeeOther(casePath(id)+"/seats", "flash.saved")
}
