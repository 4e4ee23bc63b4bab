package httpd

// meetingRoutes are those of network meetings: calling one is the board's
// coordinator's, seeing one theirs who are called.
func (a *App) meetingRoutes() []Route {
	return []Route{
		{"GET", "/meetings", Hat, a.weekShow},
		{"GET", "/interventions/:id/meetings", Hat, a.meetingsList},
		{"GET", "/interventions/:id/meetings/new", Hat, a.meetingNew},
		{"POST", "/interventions/:id/meetings/new", Hat, a.meetingMake},
		{"GET", "/interventions/:id/meetings/:meeting", Hat, a.meetingShow},
		{"GET", "/interventions/:id/meetings/:meeting/move", Hat, a.meetingMoveShow},
		{"POST", "/interventions/:id/meetings/:meeting/move", Hat, a.meetingMove},
		{"POST", "/interventions/:id/meetings/:meeting/cancel", Hat, a.meetingCancel},
		{"POST", "/interventions/:id/meetings/:meeting/answer", Hat, a.meetingAnswer},
		{"POST", "/interventions/:id/meetings/:meeting/reviewed", Hat, a.meetingReview},
	}
}
