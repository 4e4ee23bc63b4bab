package httpd

// planRoutes are those of the implementation plan: writing it is the board's
// coordinator's and social secretary's; each function sees its own part.
func (a *App) planRoutes() []Route {
	return []Route{
		{"GET", "/interventions/:id/plan", Hat, a.planShow},
		{"GET", "/interventions/:id/plan/changes", Hat, a.planChangesShow},
		{"GET", "/interventions/:id/plan/export.json", Hat, a.planExport},
		{"GET", "/interventions/:id/plan/export.txt", Hat, a.planNote},
		{"GET", "/interventions/:id/plan/copy", Hat, a.planCopyShow},
		{"POST", "/interventions/:id/plan/copy", Hat, a.planCopySend},
		{"GET", "/interventions/:id/plan/edit", Hat, a.planEdit},
		{"POST", "/interventions/:id/plan/edit", Hat, a.planWrite},
		{"GET", "/interventions/:id/plan/visibility", Hat, a.planVisibilityShow},
		{"POST", "/interventions/:id/plan/visibility", Hat, a.planVisibilityDecide},
		{"GET", "/interventions/:id/plan/commitments/:commitment/done", Hat, a.planReportShow},
		{"POST", "/interventions/:id/plan/commitments/:commitment/done", Hat, a.planReport},
		{"POST", "/interventions/:id/plan/commitments/:commitment/stop", Hat, a.planStop},
	}
}
