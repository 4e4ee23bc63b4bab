package httpd

// meetingRoutes are those of network meetings: calling one is the board's
// coordinator's, seeing one theirs who are called.
func (a *App) meetingRoutes() []Route {
	return []Route{
		{"GET", "/meetings", Hat, a.weekShow},
		{"GET", "/calendar", Hat, a.feedShow},
		{"POST", "/calendar", Hat, a.feedMake},
		{"POST", "/calendar/end", Hat, a.feedEnd},
		{"GET", "/interventions/:id/meetings", Hat, a.meetingsList},
		{"GET", "/interventions/:id/meetings/new", Hat, a.meetingNew},
		{"POST", "/interventions/:id/meetings/new", Hat, a.meetingMake},
		{"GET", "/interventions/:id/meetings/:meeting", Hat, a.meetingShow},
		{"GET", "/interventions/:id/meetings/:meeting/move", Hat, a.meetingMoveShow},
		{"POST", "/interventions/:id/meetings/:meeting/move", Hat, a.meetingMove},
		{"GET", "/interventions/:id/meetings/:meeting/call", Hat, a.meetingCallShow},
		{"POST", "/interventions/:id/meetings/:meeting/call", Hat, a.meetingCall},
		{"POST", "/interventions/:id/meetings/:meeting/cancel", Hat, a.meetingCancel},
		{"POST", "/interventions/:id/meetings/:meeting/answer", Hat, a.meetingAnswer},
		{"POST", "/interventions/:id/meetings/:meeting/reviewed", Hat, a.meetingReview},
		{"GET", "/interventions/:id/meetings/:meeting/room", Hat, a.roomShow},
		{"POST", "/interventions/:id/meetings/:meeting/room/open", Hat, a.roomOpen},
		{"POST", "/interventions/:id/meetings/:meeting/room/attendance", Hat, a.roomAttend},
		{"POST", "/interventions/:id/meetings/:meeting/room/end", Hat, a.roomEnd},
		{"GET", "/interventions/:id/meetings/:meeting/room/commitments", Hat, a.roomShow},
		{"POST", "/interventions/:id/meetings/:meeting/room/commitments", Hat, a.roomPromise},
		{"GET", "/interventions/:id/meetings/:meeting/room/points/:point", Hat, a.roomPointShow},
		{"POST", "/interventions/:id/meetings/:meeting/room/points/:point", Hat, a.roomPointWrite},
		{"GET", "/interventions/:id/meetings/:meeting/room/points/:point/note", Hat, a.roomPointShow},
		{"POST", "/interventions/:id/meetings/:meeting/room/points/:point/note", Hat, a.roomNote},
		{"GET", "/interventions/:id/meetings/:meeting/minutes", Hat, a.minutesShow},
		{"POST", "/interventions/:id/meetings/:meeting/minutes", Hat, a.minutesWrite},
		{"POST", "/interventions/:id/meetings/:meeting/minutes/approve", Hat, a.minutesApprove},
		{"GET", "/interventions/:id/meetings/:meeting/minutes/send", Hat, a.minutesShow},
		{"POST", "/interventions/:id/meetings/:meeting/minutes/send", Hat, a.minutesSend},
		{"GET", "/interventions/:id/meetings/:meeting/voice", Hat, a.voiceShow},
		{"GET", "/interventions/:id/meetings/:meeting/voice/write", Hat, a.voiceWriteShow},
		{"POST", "/interventions/:id/meetings/:meeting/voice/write", Hat, a.voiceWrite},
		{"POST", "/interventions/:id/meetings/:meeting/voice/write/take-back", Hat, a.voiceWriteTakeBack},
	}
}
