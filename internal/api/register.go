package api

// register makes every operation, grouped as the document groups them.
func (a *API) register() {
	a.registerMe()
	a.registerDirectory()
	a.registerInterventions()
	a.registerGuardians()
	a.registerIncidents()
	a.registerParticipations()
	a.registerRequests()
	a.registerConsents()
	a.registerSigning()
	a.registerWithdrawals()
	a.registerReceipts()
	a.registerItems()
	a.registerMeetings()
	a.registerGuests()
	a.registerRooms()
	a.registerMinutes()
	a.registerPlan()
	a.registerQuestions()
	a.registerDisclosures()
	a.registerInbox()
	a.registerDiary()
	a.registerToday()
	a.registerSessions()
	a.registerAuthZEN()
}
