package httpd

// citizenRoutes are those of guardians and young people: the yes and taking it
// back, receipts, and what has been shared.
func (a *App) citizenRoutes() []Route {
	return []Route{
		{"GET", "/shared", Citizen, a.diaryFind},
		{"GET", "/questions", Citizen, a.inquiriesFind},
		{"GET", "/consents/:id", Citizen, a.citizenConsent},
		{"GET", "/consents/:id/sign", Citizen, a.consentSignCheck},
		{"POST", "/consents/:id/sign", Citizen, a.consentSignStart},
		{"GET", "/consents/:id/sign/finish", StepUp, a.consentSignFinish},
		{"GET", "/consents/:id/signed", Citizen, a.consentSigned},
		{"GET", "/consents/:id/refuse", Citizen, a.consentRefuseShow},
		{"POST", "/consents/:id/refuse", Citizen, a.consentRefuse},
		{"GET", "/interventions/:id/withdraw", Citizen, a.withdrawalPreview},
		{"POST", "/interventions/:id/withdraw", Citizen, a.withdrawalMake},
		{"GET", "/interventions/:id/hide", Citizen, a.hideShow},
		{"POST", "/interventions/:id/hide", Citizen, a.hideMake},
		{"GET", "/interventions/:id/mine", Citizen, a.mineShow},
		{"POST", "/interventions/:id/mine/:own/yes", Citizen, a.mineGive},
		{"GET", "/interventions/:id/mine/:own/yes/finish", StepUp, a.mineGiven},
		{"POST", "/interventions/:id/mine/:own/no", Citizen, a.mineEnd},
		{"GET", "/receipts/:reference", Citizen, a.receiptShow},
		{"GET", "/receipts/:reference/file", Citizen, a.receiptDownload},
		{"GET", "/receipts/:reference/receipt.pdf", Citizen, a.receiptPaper},
		{"GET", "/interventions/:id/diary", Citizen, a.diaryShow},
		{"GET", "/interventions/:id/diary/extract", Citizen, a.diaryExtract},
		{"GET", "/interventions/:id/diary/extract.pdf", Citizen, a.diaryPaper},
		{"GET", "/interventions/:id/shared/:item", Citizen, a.diaryItem},
		{"GET", "/interventions/:id/inquiries", Citizen, a.inquiriesShow},
		{"POST", "/interventions/:id/inquiries", Citizen, a.inquiryAsk},
		{"GET", "/interventions/:id/inquiries/new", Citizen, a.inquiryNew},
		{"GET", "/interventions/:id/our-plan", Citizen, a.familyPlanShow},
		{"GET", "/interventions/:id/our-meetings", Citizen, a.familyMeetingsShow},
		{"GET", "/interventions/:id/our-meetings/:meeting/minutes", Citizen, a.familyMinutesShow},
		{"GET", "/interventions/:id/our-meetings/:meeting/voice", Citizen, a.familyVoiceShow},
		{"POST", "/interventions/:id/our-meetings/:meeting/voice", Citizen, a.familyVoiceLeave},
		{"POST", "/interventions/:id/our-meetings/:meeting/voice/take-back", Citizen, a.familyVoiceTakeBack},
	}
}
