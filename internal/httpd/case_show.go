package httpd

import (
	"sigportal/internal/sig"
)

// caseShow is one intervention. The board whose case it is has a page of its
// own; everybody else who takes part gets the partner's.
func (a *App) caseShow(r *Request) error {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return err
	}
	head, err := a.deps.Sharing.Head(r.Context(), r.Actor(), id)
	if err != nil {
		return err
	}
	if head.OnBoard() {
		return a.boardCaseShow(r, id)
	}
	return a.partnerCaseShow(r, id)
}
