package httpd

import (
	"strconv"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// What the samples of a family's pages show is made up: Amir Rahimi of Farsta.

var (
	sampleNow    = time.Date(2026, 12, 3, 8, 14, 0, 0, time.UTC)
	sampleEnd    = time.Date(2027, 5, 31, 22, 0, 0, 0, time.UTC)
	sampleID     = uuid.MustParse("0b5e1f0a-6f0e-4c59-8a43-0d6d3f3f5f11")
	sampleCase   = sig.InterventionID{UUID: sampleID}
	sampleYouth  = consenting.Youth{Name: "Amir Rahimi", Age: 15}
	samplePolice = consenting.Party{
		Seat: sig.Seat{Authority: "polisen", Unit: "polis-farsta", Function: sig.RolePolice}, Unit: "Lokalpolisområde Farsta",
		Authority: "Polismyndigheten",
	}
	sampleBoard = consenting.Party{
		Seat: sig.Seat{Authority: "farsta", Unit: "unga", Function: sig.RoleCoordinator}, Unit: "Enheten för unga",
		Authority: "Farsta stadsdelsnämnd",
	}
	sampleSchool = consenting.Party{
		Seat: sig.Seat{Authority: "utb", Unit: "skola", Function: sig.RoleSchoolCounsellor}, Unit: "Farstaskolan",
		Authority: "Utbildningsnämnden",
	}
	sampleUncle = consenting.Party{Private: sig.PrivateKind("close_contact"), PrivateName: "Farid Rahimi"}
)

func sampleRow(number int, from, to consenting.Party, categories ...sig.Category) consenting.Row {
	return consenting.Row{
		ID: sig.GrantID{UUID: uuid.NewSHA1(sampleID, []byte(strconv.Itoa(number)))}, Number: number, Discloser: from, Recipient: to,
		Categories: categories, Aim: sig.Aim{Purpose: sig.PurposeSchool, Addition: "Läxhjälp på tisdagar"}, From: sampleNow.AddDate(0, 0, -2), To: sampleEnd, Open: true,
		Districts: []sig.District{{ID: "farsta", Name: "Farsta"}},
	}
}

// sampleVersion is a version in force with police, school and an uncle.
func sampleVersion() *consenting.Version {
	return &consenting.Version{
		ID: sig.ConsentID{UUID: sampleID}, Number: 2, State: sig.ConsentActive, ActivatedAt: sampleNow.AddDate(0, 0, -2),
		TextHash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		Rows: []consenting.Row{
			sampleRow(1, samplePolice, sampleBoard, sig.CategoryPoliceObservation, sig.CategoryPlanGoals),
			sampleRow(2, sampleBoard, samplePolice, sig.CategoryPlanGoals),
			sampleRow(3, sampleSchool, sampleBoard, sig.CategoryAttendance, sig.CategorySchoolWellbeing),
			sampleRow(4, sampleBoard, sampleSchool, sig.CategoryPlanGoals, sig.CategoryMeetingLogistics),
			sampleRow(5, sampleBoard, sampleUncle, sig.CategoryMeetingLogistics),
		},
		Exclusions: []consenting.Exclusion{{Category: sig.CategoryHealthPsychiatric}},
		Signers:    []consenting.Signer{{Kind: sig.SignerGuardian, Name: "Sara Rahimi", Required: true, Answer: sig.AnswerSigned, AnsweredAt: sampleNow}},
	}
}

func sampleShown() *consenting.Case {
	return &consenting.Case{
		ID: sampleCase, CaseNumber: "7KMN-4TRX", AuthorityName: "Farsta stadsdelsnämnd", State: sig.InterventionActive,
		StateSince: sampleNow.AddDate(0, 0, -2), Youth: sampleYouth, InForce: sampleVersion(), Now: sampleNow,
		Actions: []consenting.Action{consenting.ActionWithdraw}, SaidYes: true,
	}
}

var citizenStartPage = page("citizen_start", func(b Base) []citizenStartData {
	b.Title = b.T("citizen.start.title")
	w := familyWords{Language: b.Language}
	of := func(change func(*consenting.Case)) citizenStartData {
		c := sampleShown()
		change(c)
		d := citizenStartData{Base: b}
		d.show(w, c, sig.ActorGuardian)
		return d
	}
	ended := func(state sig.InterventionState) citizenStartData {
		return of(func(c *consenting.Case) {
			c.InForce, c.State, c.SharingEnded, c.Actions = nil, state, sampleNow, nil
		})
	}
	question := func(c *consenting.Case) {
		v := sampleVersion()
		v.State, v.Actions, v.Signers[0].Answer = sig.ConsentExplained, []consenting.Action{consenting.ActionSign}, ""
		c.Preparing = v
	}
	asked := of(func(c *consenting.Case) {
		question(c)
		c.InForce, c.State, c.Actions = nil, sig.InterventionConsentPending, nil
	})
	waiting := of(func(c *consenting.Case) {
		c.Preparing, c.InForce, c.State = sampleVersion(), nil, sig.InterventionConsentPending
	})
	closed := ended(sig.InterventionClosing)
	closed.Receipts = []receiptRow{{"/receipts/2345-6789-ABCD", sampleNow, "2345-6789-ABCD"}}
	closed.Earlier = []earlierCase{{"/interventions/x/diary", sampleNow.AddDate(-1, 0, 0)}}
	meets := of(func(*consenting.Case) {})
	meets.Next = &familyMeetingRow{When: "10 december 2026, 14.00–15.00", Called: "Kommunpolis, Lokalpolisområde Farsta"}
	return []citizenStartData{
		of(func(c *consenting.Case) { c.BoardReads = []sig.Function{sig.RoleCoordinator, sig.RoleSocialSecretary} }),
		of(func(*consenting.Case) {}), of(func(c *consenting.Case) { c.SaidYes = false }), of(func(c *consenting.Case) { c.SeatChanges = sampleSeatChanges }), meets, asked, of(question), waiting, ended(sig.InterventionAwaitingDecision),
		ended(sig.InterventionSharingStopped), closed, ended(sig.InterventionNotStarted), ended(sig.InterventionProposed),
		of(func(c *consenting.Case) { c.InForce.State = sig.ConsentSuspended }),
		of(func(c *consenting.Case) { // the police leave, and the school has left
			for n := range c.InForce.Rows[:4] {
				row := &c.InForce.Rows[n]
				row.Leaves, row.Over, row.Open = sampleNow.AddDate(0, 0, 9-6*(n/2)*2), n > 1, n < 2
			}
		}),
	}
})
