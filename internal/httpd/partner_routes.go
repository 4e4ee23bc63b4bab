package httpd

// partnerRoutes are those of items and copies, for everybody who takes part.
func (a *App) partnerRoutes() []Route {
	return []Route{
		{"GET", "/inbox", Hat, a.inboxList},
		{"GET", "/registry", Hat, a.registryList},
		{"GET", "/interventions", Hat, a.casesList},
		{"GET", "/interventions/:id", Hat, a.caseShow},
		{"GET", "/interventions/:id/items", Hat, a.itemsList},
		{"GET", "/interventions/:id/items/new", Hat, a.itemNew},
		{"POST", "/interventions/:id/items/new", Hat, a.itemWrite},
		{"GET", "/interventions/:id/items/:item", Hat, a.itemOpen},
		{"POST", "/interventions/:id/items/:item/block", Hat, a.itemBlock},
		{"GET", "/interventions/:id/items/:item/visibility", Hat, a.visibilityShow},
		{"POST", "/interventions/:id/items/:item/visibility", Hat, a.visibilityDecide},
		{"GET", "/interventions/:id/items/:item/disclose", Hat, a.disclosureChoose},
		{"POST", "/interventions/:id/items/:item/disclose", Hat, a.disclosureSend},
		{"GET", "/interventions/:id/disclosures/:disclosure", Hat, a.disclosureShow},
		{"POST", "/interventions/:id/disclosures/:disclosure/approve", Hat, a.disclosureApprove},
		{"POST", "/interventions/:id/disclosures/:disclosure/cancel", Hat, a.disclosureCancel},
		{"GET", "/directed-questions", Hat, a.questionsList},
		{"GET", "/directed-questions/:question", Hat, a.questionShow},
		{"POST", "/directed-questions/:question/answer", Hat, a.questionAnswer},
		{"POST", "/directed-questions/:question/decline", Hat, a.questionDecline},
		{"POST", "/directed-questions/:question/take-back", Hat, a.questionTakeBack},
		{"GET", "/interventions/:id/directed-questions/new", Hat, a.questionNew},
		{"POST", "/interventions/:id/directed-questions/new", Hat, a.questionAsk},
		{"GET", "/interventions/:id/copies/:copy", Hat, a.copyOpen},
		{"GET", "/interventions/:id/copies/:copy/export.json", Hat, a.registrarExport},
		{"POST", "/interventions/:id/copies/:copy/transferred", Hat, a.registrarTransfer},
	}
}
