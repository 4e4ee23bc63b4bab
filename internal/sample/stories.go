package sample

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/meeting"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// Story is one case of the invented city.
type Story struct {
	Intervention sig.InterventionID
	Consent      sig.ConsentID
}

// Fill plays the city's cases: Amir's in force with something disclosed and
// read, Lina's waiting for her father, Kim's waiting to be explained, Maja's
// in force under protected identity. A city that has cases stays as it is.
func (t *Town) Fill(ctx context.Context) error {
	coordinator, err := t.As(ctx, "coordinator-farsta", "")
	if err != nil {
		return err
	}
	cases, err := t.Casework.Cases(ctx, coordinator)
	if err != nil || len(cases) > 0 {
		return err
	}
	families := Families()
	amir, err := t.InForce(ctx, families[0], sig.ProgrammeSIG)
	if err != nil {
		return err
	}
	if err := t.Talk(ctx, amir.Intervention); err != nil {
		return err
	}
	if err := t.Meet(ctx, amir.Intervention); err != nil {
		return err
	}
	if err := t.Planned(ctx, amir.Intervention); err != nil {
		return err
	}
	if _, err := t.Prepared(ctx, families[1], sig.ProgrammeSIG, "lina", "petra"); err != nil {
		return err
	}
	if _, err := t.Prepared(ctx, families[2], sig.ProgrammeSSPF); err != nil {
		return err
	}
	_, err = t.InForce(ctx, families[3], sig.ProgrammeSIG)
	return err
}

// rows is consent C1 of the scenarios, with both directions.
func rows(today sig.Date) []consenting.DraftGrant {
	to := today.AddDays(170)
	row := func(from, recipient sig.Seat, aim sig.Aim, categories ...sig.Category) consenting.DraftGrant {
		return consenting.DraftGrant{
			DiscloserUnit: from.Unit, DiscloserFunction: from.Function, RecipientUnit: recipient.Unit, RecipientFunction: recipient.Function,
			Categories: categories, Aim: aim, Districts: []sig.DistrictID{"farsta"}, From: today.Start(), To: to.End(),
		}
	}
	plan, school := sig.Aim{Purpose: sig.PurposePlan}, sig.Aim{Purpose: sig.PurposeSchool}
	return []consenting.DraftGrant{
		row(Police, Coordinator, sig.Aim{Purpose: sig.PurposeCrime}, sig.CategoryPoliceObservation, sig.CategoryPlanGoals),
		row(Coordinator, Police, plan, sig.CategoryPlanGoals, sig.CategoryMeetingLogistics),
		row(Counsellor, Coordinator, school, sig.CategoryAttendance, sig.CategorySchoolWellbeing, sig.CategoryPlanGoals),
		row(Coordinator, Counsellor, school, sig.CategoryPlanGoals, sig.CategorySocialMeasures),
		row(Principal, Coordinator, school, sig.CategoryAttendance),
		row(Coordinator, Mentor, sig.Aim{Purpose: sig.PurposeSchool, Addition: "läxhjälp på tisdagar"}, sig.CategoryPlanGoals),
		row(Police, FieldAssistant, sig.Aim{Purpose: sig.PurposeSafety, Addition: "vara på rätt plats på kvällarna"}, sig.CategoryPoliceObservation),
	}
}

// Prepared proposes a case, writes its consent, explains it to everybody and
// has those named sign.
func (t *Town) Prepared(ctx context.Context, f Family, programme sig.Programme, signers ...string) (Story, error) {
	var s Story
	var err error
	if s.Intervention, err = t.Propose(ctx, f, programme); err != nil {
		return s, err
	}
	coordinator, err := t.As(ctx, "coordinator-farsta", "")
	if err != nil {
		return s, err
	}
	today, err := t.today(ctx)
	if err != nil {
		return s, err
	}
	draft := consenting.Draft{
		Grants:     rows(today),
		Exclusions: []consenting.DraftExclusion{{Unit: Mentor.Unit, Function: Mentor.Function, Category: sig.CategorySubstanceUse}},
	}
	view, err := t.Consenting.SaveDraft(ctx, coordinator, s.Intervention, draft)
	if err != nil {
		return s, fmt.Errorf("prepare the consent of %s: %w", f.Youth, err)
	}
	s.Consent = view.Preparing.ID
	if len(signers) == 0 {
		return s, nil
	}
	for _, who := range view.Preparing.Signers {
		_, err := t.Consenting.Explain(ctx, coordinator, s.Consent, consenting.Explaining{
			Signer: consenting.SignerRef{Guardian: who.Guardian, Youth: who.Youth}, Method: consenting.MethodMeeting, Language: "sv",
		})
		if err != nil {
			return s, fmt.Errorf("explain to %s's family: %w", f.Youth, err)
		}
	}
	for _, persona := range signers {
		hat := "guardian"
		if persona == f.Youth {
			hat = "youth"
		}
		if err := t.Sign(ctx, persona, hat, s.Consent); err != nil {
			return s, err
		}
	}
	return s, nil
}

// InForce is Prepared, signed by all, decided, and with somebody in each seat.
func (t *Town) InForce(ctx context.Context, f Family, programme sig.Programme) (Story, error) {
	signers := []string{f.Youth}
	for _, g := range f.Guardians {
		signers = append(signers, g.Guardian)
	}
	s, err := t.Prepared(ctx, f, programme, signers...)
	if err != nil {
		return s, err
	}
	secretary, err := t.As(ctx, "social-secretary-farsta", "")
	if err != nil {
		return s, err
	}
	today, err := t.today(ctx)
	if err != nil {
		return s, err
	}
	_, err = t.Consenting.Decide(ctx, secretary, s.Intervention, consenting.Decision{On: today, Reference: "FSDN 2026/417"})
	if err != nil {
		return s, fmt.Errorf("decide on the measure for %s: %w", f.Youth, err)
	}
	return s, t.seat(ctx, s.Intervention)
}

// seat has each partner's lead let the function's people in.
func (t *Town) seat(ctx context.Context, intervention sig.InterventionID) error {
	for _, pair := range [][2]string{
		{"police-lead-farsta", "police-farsta"}, {"pupil-health-lead", "school-counsellor"},
		{"principal", "mentor"}, {"principal", "principal"},
	} {
		lead, err := t.As(ctx, pair[0], "")
		if err != nil {
			return err
		}
		who, err := t.As(ctx, pair[1], "")
		if err != nil {
			return err
		}
		if err := t.Casework.GivePart(ctx, lead, intervention, who.Assignment, "arbetar med den unge"); err != nil {
			return fmt.Errorf("%s lets %s in: %w", pair[0], pair[1], err)
		}
	}
	return nil
}

// Talk has Amir's people tell each other a few things, and read some.
func (t *Town) Talk(ctx context.Context, intervention sig.InterventionID) error {
	for _, told := range []struct {
		who      string
		to       sig.Seat
		reader   string
		category sig.Category
		text     string
	}{
		{"school-counsellor", Coordinator, "coordinator-farsta", sig.CategoryAttendance, "Frånvaro vecka 44–45, sex dagar. Kommer till första lektionen när någon möter upp."},
		{"police-farsta", Coordinator, "coordinator-farsta", sig.CategoryPoliceObservation, "Sågs på Farsta torg fredag kväll med två äldre. Gick hem när fältassistenterna kom."},
		{"coordinator-farsta", Police, "police-farsta", sig.CategoryPlanGoals, "Mål: hemma före 22 på vardagar till lovet. Amir har själv föreslagit tiden."},
		{"coordinator-farsta", Counsellor, "", sig.CategoryPlanGoals, "Mål: två samtal i veckan med kuratorn. Amir vill helst på morgonen."},
	} {
		sender, err := t.As(ctx, told.who, "")
		if err != nil {
			return err
		}
		item, err := t.Sharing.WriteItem(ctx, sender, sharing.NewItem{
			Key: uuid.NewString(), Intervention: intervention, Categories: []sig.Category{told.category}, Text: told.text,
		})
		if err != nil {
			return fmt.Errorf("%s writes: %w", told.who, err)
		}
		if err := t.showFamily(ctx, sender, intervention, item); err != nil {
			return err
		}
		sent, err := t.Sharing.Disclose(ctx, sender, sharing.NewDisclosure{
			Key: uuid.NewString(), Intervention: intervention, Item: item, Recipients: []sig.Seat{told.to}, Necessity: "behövs inför nätverksmötet",
		})
		if err != nil {
			return fmt.Errorf("%s discloses: %w", told.who, err)
		}
		if told.reader == "" {
			continue
		}
		reader, err := t.As(ctx, told.reader, "")
		if err != nil {
			return err
		}
		if _, err := t.Sharing.OpenCopy(ctx, reader, intervention, sent[0].ID); err != nil {
			return fmt.Errorf("%s reads: %w", told.reader, err)
		}
	}
	return nil
}

// speaks has Amir say something before the meeting, to the police alone.
func (t *Town) speaks(ctx context.Context, intervention sig.InterventionID, id sig.MeetingID) error {
	amir, err := t.As(ctx, "amir", "youth")
	if err != nil {
		return err
	}
	form, err := t.Meeting.VoiceForm(ctx, amir, intervention, id)
	if err != nil {
		return fmt.Errorf("see who is at the table: %w", err)
	}
	v := meeting.Voice{Answers: []string{"Det är lugnare nu.", "Fotbollen."}}
	for _, at := range form.Table {
		if at.Seat == Police {
			v.Readers = append(v.Readers, at.Invitation)
		}
	}
	if err := t.Meeting.LeaveVoice(ctx, amir, intervention, id, v); err != nil {
		return fmt.Errorf("say something before a meeting: %w", err)
	}
	return nil
}

// Meet has the coordinator call Amir's network for a week ahead; the school's
// counsellor and the police see a point each that the other does not.
func (t *Town) Meet(ctx context.Context, intervention sig.InterventionID) error {
	coordinator, err := t.As(ctx, "coordinator-farsta", "")
	if err != nil {
		return err
	}
	today, err := t.today(ctx)
	if err != nil {
		return err
	}
	start := today.AddDays(7).Start().Add(14 * time.Hour)
	id, err := t.Meeting.Schedule(ctx, coordinator, meeting.NewMeeting{
		Key: "first meeting", Intervention: intervention, Start: start, End: start.Add(time.Hour), Place: "Farsta torg 1, rum 3",
		Link: "https://video.example/rum-3",
		Points: []meeting.NewPoint{
			{Category: sig.CategoryPlanGoals, Teller: Coordinator, Text: "Målen fram till lovet."},
			{Category: sig.CategoryPoliceObservation, Teller: Police, Text: "Kvällarna runt torget."},
			{Category: sig.CategorySchoolWellbeing, Teller: Counsellor, Text: "Hur det är i skolan."},
		},
		Call: []sig.Seat{Coordinator, FieldAssistant, Police, Counsellor},
	})
	if err != nil {
		return fmt.Errorf("call a meeting: %w", err)
	}
	if err := t.speaks(ctx, intervention, id); err != nil {
		return err
	}
	return nil
}

// showFamily decides an item visible for the whole family, also at home.
func (t *Town) showFamily(ctx context.Context, officer sig.Actor, intervention sig.InterventionID, item sig.ItemID) error {
	open, err := t.Sharing.OpenItem(ctx, officer, intervention, item)
	if err != nil {
		return err
	}
	for _, member := range open.Family {
		err := t.Sharing.DecideVisibility(ctx, officer, sharing.NewVisibility{
			Intervention: intervention, Item: item, Viewer: member.Viewer, Visible: true, LowRiskAtHome: true,
		})
		if err != nil {
			return fmt.Errorf("decide visibility: %w", err)
		}
	}
	return nil
}
