package httpd

import "sigportal/internal/sig"

// boardCaseShow is the case for those who take part for its board.
func (a *App) boardCaseShow(r *Request, id sig.InterventionID) error { return a.partnerCaseShow(r, id) }
