package httpd

import (
	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// boardCase is the case of the path for a page on which one thing is done. For
// who does not take part for its board there is no such page; who does is told
// whether it is another's to do or cannot be done now.
func (a *App) boardCase(r *Request, action consenting.Action) (*consenting.Case, error) {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return nil, err
	}
	c, err := a.deps.Consenting.Show(r.Context(), r.Actor(), id)
	if err != nil {
		return nil, err
	}
	switch {
	case !c.Board:
		return nil, fault.Missing()
	case c.Can(action):
		return c, nil
	}
	return nil, whyNot(c, action)
}

// whyNot says why somebody of the board may not do something now.
func whyNot(c *consenting.Case, action consenting.Action) error {
	stopped := ""
	switch action {
	case consenting.ActionPrepare:
		if c.Preparing != nil && c.Preparing.State != sig.ConsentDraft {
			stopped = "error.version_is_fixed"
		}
	case consenting.ActionImport:
		if c.InForce != nil || c.State != sig.InterventionProposed && c.State != sig.InterventionConsentPending {
			stopped = "error.already_has_consent"
		}
	case consenting.ActionDecide:
		if c.State != sig.InterventionAwaitingDecision {
			stopped = "error.nothing_to_decide"
		}
	case consenting.ActionOutcome:
		if c.State != sig.InterventionClosing {
			stopped = "error.nothing_to_consider"
		}
	case consenting.ActionRecord:
		if c.InForce == nil && (c.Preparing == nil || c.Preparing.SignedBy == 0) {
			stopped = "error.nothing_in_force"
		}
	default: // what only asks whether the case is open
	}
	switch {
	case c.State.Ended() && action != consenting.ActionOutcome:
		return fault.New(fault.Conflict, "error.intervention_ended")
	case stopped != "":
		return fault.New(fault.Conflict, stopped)
	}
	return fault.New(fault.Denied, "error.denied")
}
