package httpd

// boardRoutes are those of the board whose case it is: the consent from its
// first draft to its end, and the ledger.
func (a *App) boardRoutes() []Route {
	return []Route{
		{"GET", "/interventions/:id/consent", Hat, a.consentEdit},
		{"POST", "/interventions/:id/consent", Hat, a.consentSave},
		{"POST", "/interventions/:id/consent/check", Hat, a.consentCheck},
		{"POST", "/interventions/:id/consent/discard", Hat, a.consentDiscard},
		{"GET", "/interventions/:id/consent/import", Hat, a.importShow},
		{"POST", "/interventions/:id/consent/import", Hat, a.importMake},
		{"GET", "/interventions/:id/consent/preview", Hat, a.previewShow},
		{"POST", "/interventions/:id/amend", Hat, a.consentAmend},
		{"POST", "/interventions/:id/suspend", Hat, a.consentSuspend},
		{"POST", "/interventions/:id/resume", Hat, a.consentResume},
		{"GET", "/consents/:id/explain", Hat, a.explainShow},
		{"POST", "/consents/:id/explain", Hat, a.explainMake},
		{"GET", "/interventions/:id/decision", Hat, a.decisionShow},
		{"POST", "/interventions/:id/decision", Hat, a.decisionMake},
		{"POST", "/consents/:id/override", Hat, a.refusalOverride},
		{"GET", "/interventions/:id/maturity", Hat, a.maturityShow},
		{"POST", "/interventions/:id/maturity", Hat, a.maturityMake},
		{"GET", "/interventions/:id/withdrawals/new", Hat, a.recordShow},
		{"POST", "/interventions/:id/withdrawals/new", Hat, a.recordMake},
		{"GET", "/interventions/:id/withdrawals/:reference", Hat, a.recordedShow},
		{"GET", "/interventions/:id/outcome", Hat, a.outcomeShow},
		{"POST", "/interventions/:id/outcome", Hat, a.outcomeMake},
		{"GET", "/interventions/:id/end", Hat, a.endShow},
		{"POST", "/interventions/:id/end", Hat, a.endMake},
		{"GET", "/interventions/:id/incidents", Hat, a.incidentsShow},
		{"POST", "/interventions/:id/incidents/:incident", Hat, a.incidentClose},
		{"GET", "/interventions/:id/log", Hat, a.ledgerShow},
		{"GET", "/review", Hat, a.reviewShow},
		{"GET", "/inquiries", Hat, a.inquiriesWaiting},
		{"GET", "/inquiries/:inquiry", Hat, a.inquiryShow},
		{"POST", "/inquiries/:inquiry", Hat, a.inquiryAnswer},
		{"GET", "/directory", Hat, a.directoryShow},
	}
}
