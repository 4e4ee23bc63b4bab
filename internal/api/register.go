package api

// register makes every operation, grouped as the document groups them.
func (a *API) register() {
	a.registerInterventions()
	a.registerWithdrawals()
	a.registerReceipts()
	a.registerInbox()
}
