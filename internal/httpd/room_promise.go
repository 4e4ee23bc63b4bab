package httpd

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/plan"
	"sigportal/internal/sig"
)

// roomPromise writes a commitment that was made in the room into the plan.
func (a *App) roomPromise(r *Request) error {
	id, m, err := r.meetingAddress()
	if err != nil {
		return err
	}
	var in struct {
		Draft string `form:"draft,max=60"`
		Add   []struct {
			Seat string    `form:"seat,max=300"`
			Due  time.Time `form:"due,max=10"`
			Text string    `form:"text,max=1000,lines"`
		} `form:"add"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.roomShow)
	}
	if len(in.Add) != 1 {
		return errMalformed
	}
	promise := plan.NewCommitment{DueOn: formDate(in.Add[0].Due), Text: in.Add[0].Text}
	if in.Add[0].Seat != "" {
		if promise.Seat, err = readSeat(in.Add[0].Seat); err != nil {
			return err
		}
	}
	err = a.deps.Plan.Promise(r.Context(), r.Actor(), id, promise)
	if wrong, ok := errors.AsType[*fault.Error](err); ok && wrong.Kind == fault.Conflict {
		r.status = fiber.StatusConflict
		r.fields = r.readFields(wrong)
		return a.roomShow(r)
	}
	if err != nil {
		return r.Again(err, a.roomShow)
	}
	r.draftDone(id)
	return r.SeeOther(roomPath(id, m), "flash.plan_written")
}

func promiseDraft(m sig.MeetingID) string { return "meetings/" + m.String() + "/room/commitments" }
