package httpd

// caseworkRoutes are those around a case: proposals, seats, requests, search,
// journal.
func (a *App) caseworkRoutes() []Route {
	return []Route{
		{"GET", "/search", Hat, a.searchShow},
		{"POST", "/search", Hat, a.searchMake},
		{"GET", seatNamesPath, Hat, a.seatNamesList},
		{"POST", seatNamesPath, Hat, a.seatNameDecide},
		{"GET", seatNamesPath + "/:decision", Hat, a.seatNameShow},
		{"POST", seatNamesPath + "/:decision/end", Hat, a.seatNameEnd},
		{"GET", "/radar", Hat, a.radarShow},
		{"GET", "/reorganisation", Hat, a.reorganisationShow},
		{"POST", "/reorganisation", Hat, a.reorganisationAsk},
		{"GET", "/renewals", Hat, a.renewalsShow},
		{"POST", "/renewals/preview", Hat, a.renewalsCheck},
		{"POST", "/renewals", Hat, a.renewalsMake},
		{"GET", "/requests", Hat, a.requestShow},
		{"POST", "/requests", Hat, a.requestMake},
		{"GET", "/propose", Hat, a.proposalShow},
		{"POST", "/propose", Hat, a.proposalMake},
		{"GET", "/interventions/:id/seats", Hat, a.seatsShow},
		{"POST", "/interventions/:id/seats", Hat, a.seatGive},
		{"POST", "/interventions/:id/seats/:seat/end", Hat, a.seatEnd},
		{"POST", "/interventions/:id/stand-in", Hat, a.standInName},
		{"POST", "/interventions/:id/requests/:request", Hat, a.requestAnswer},
		{"GET", "/interventions/:id/journal", Hat, a.journalList},
		{"POST", "/interventions/:id/drafts", Hat, a.draftKeep},
		{"POST", "/interventions/:id/drafts/drop", Hat, a.draftDrop},
	}
}
