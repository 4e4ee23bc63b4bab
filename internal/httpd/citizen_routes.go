package httpd

// citizenRoutes are those of guardians and young people: the yes and taking it
// back, receipts, and what has been shared.
func (a *App) citizenRoutes() []Route {
	return []Route{
		{"GET", "/interventions/:id/withdraw", Citizen, a.withdrawalPreview},
		{"POST", "/interventions/:id/withdraw", Citizen, a.withdrawalMake},
		{"GET", "/receipts/:reference", Citizen, a.receiptShow},
		{"GET", "/receipts/:reference/file", Citizen, a.receiptDownload},
	}
}
