package twintest

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/casework"
	"sigportal/internal/consenting"
	"sigportal/internal/inquiry"
	"sigportal/internal/meeting"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// People of the story beside the family.
const (
	karin = "coordinator-farsta"
	malin = "school-counsellor"
)

// secret is what one of the twins has and the other has not.
type secret struct {
	name string
	text string       // of the hidden item, instead of the usual one
	act  func(*world) // at a minute of its own
}

// secrets are what neither the observing guardian nor the young person may
// learn.
var secrets = []secret{
	{name: "a hidden item", act: (*world).hidesAnother},
	{name: "how long a hidden text is", text: strings.Repeat("Malin skriver upp allt som Amir har sagt. ", 80)},
	{name: "who has read a hidden item", act: (*world).readsTheHidden},
	{name: "a meeting of the board's own", act: (*world).meetsInside},
	{name: "the other guardian's address", act: (*world).changesSara},
	{name: "what the other guardian asks", act: (*world).saraAsks},
	{name: "what the other guardian alone may see", act: (*world).showsSaraAlone},
	{name: "that the other guardian looks around", act: (*world).saraLooksAround},
	{name: "what the young person decides over alone", act: (*world).amirDecidesAlone},
	{name: "that custody changes on a day ahead", act: (*world).saraIsReplaced},
}

// happens plays the story that both twins share, and in the one what is secret.
// Each secret has its minute in both.
func (w *world) happens(kept ...secret) {
	w.t.Helper()
	ctx := w.t.Context()
	w.step()
	story, err := w.town.InForce(ctx, sample.Families()[0], sig.ProgrammeSIG)
	w.must(err, "bring Amir's consent into force")
	w.id = story.Intervention
	w.serve()
	w.step()
	w.must(w.town.Talk(ctx, w.id), "have Amir's people talk")
	w.step()
	text := "Amir har berättat något hemma."
	for _, s := range kept {
		if s.text != "" {
			text = s.text
		}
	}
	w.hidden, w.copied = w.hides(text)
	w.step()
	w.must(w.town.Meet(ctx, w.id), "call a meeting")
	w.step()
	w.must(w.town.Planned(ctx, w.id), "write the plan")
	w.step()
	w.asks("omid", "guardian", "Vem bestämmer tiden för mötet?")
	w.asks("amir", "youth", "Kan mötet vara efter träningen?")
	for _, s := range secrets {
		w.step()
		if s.act != nil && slices.ContainsFunc(kept, func(k secret) bool { return k.name == s.name }) {
			s.act(w)
		}
	}
	w.step()
	w.settle()
}

// hides writes an item at school, decides that nobody in the family sees it,
// and tells the coordinator.
func (w *world) hides(text string) (sig.ItemID, sig.DisclosureID) {
	w.t.Helper()
	ctx, sender := w.t.Context(), w.as(malin, "")
	item, err := w.town.Sharing.WriteItem(ctx, sender, sharing.NewItem{
		Key: uuid.NewString(), Intervention: w.id, Categories: []sig.Category{sig.CategorySchoolWellbeing}, Text: text,
	})
	w.must(err, "write an item")
	w.decides(item, sharing.NewVisibility{Ground: "osl_12_3_severe_harm", Reason: "kan skada Amir hemma"}, "")
	sent, err := w.town.Sharing.Disclose(ctx, sender, sharing.NewDisclosure{
		Key: uuid.NewString(), Intervention: w.id, Item: item, Recipients: []sig.Seat{sample.Coordinator}, Necessity: "behövs för planen",
	})
	w.must(err, "tell the coordinator")
	return item, sent[0].ID
}

// decides takes one decision for everybody in the family, or for one by name.
func (w *world) decides(item sig.ItemID, v sharing.NewVisibility, name string) {
	w.t.Helper()
	open, err := w.town.Sharing.OpenItem(w.t.Context(), w.as(malin, ""), w.id, item)
	w.must(err, "open an item")
	for _, member := range open.Family {
		if name == "" || strings.HasPrefix(member.Name, name) {
			v.Intervention, v.Item, v.Viewer = w.id, item, member.Viewer
			w.must(w.town.Sharing.DecideVisibility(w.t.Context(), w.as(malin, ""), v), "decide visibility")
		}
	}
}

func (w *world) hidesAnother() {
	_, told := w.hides("Amir vill inte att någon hemma får veta.")
	_, err := w.town.Sharing.OpenCopy(w.t.Context(), w.as(karin, ""), w.id, told)
	w.must(err, "read the copy")
}

func (w *world) readsTheHidden() {
	for range 3 {
		_, err := w.town.Sharing.OpenCopy(w.t.Context(), w.as(karin, ""), w.id, w.copied)
		w.must(err, "read the hidden copy")
	}
	_, err := w.town.Sharing.OpenItem(w.t.Context(), w.as(malin, ""), w.id, w.hidden)
	w.must(err, "read the hidden item")
}

// meetsInside calls a meeting of the board's own people, at which nothing is
// told by consent.
func (w *world) meetsInside() {
	start := began.Add(50 * time.Hour)
	_, err := w.town.Meeting.Schedule(w.t.Context(), w.as(karin, ""), meeting.NewMeeting{
		Key: "inside", Intervention: w.id, Start: start, End: start.Add(time.Hour), Place: "Nämndens rum",
		Points: []meeting.NewPoint{{Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: "Vad vi gör nu."}},
		Call:   []sig.Seat{sample.Coordinator, sample.FieldAssistant},
	})
	w.must(err, "call a meeting inside the board")
}

// changesSara gives Sara another address, telephone and language.
func (w *world) changesSara() {
	ctx, officer := w.t.Context(), w.as(karin, "")
	var sara uuid.UUID
	w.must(w.db.Super().QueryRow(ctx, `select id from sig.guardianship where name like 'Sara%'`).Scan(&sara), "find Sara")
	text, err := json.Marshal(casework.Contact{Email: "sara.rahimi.flyttad@annanstans.example", Phone: "+46701740605", Language: "ar"})
	w.must(err, "write contact data")
	var sealed []byte
	err = w.town.App.Do(ctx, officer, func(tx *postgres.Tx) error {
		sealed, err = w.town.Sealer.Seal(ctx, tx, seal.Place{Authority: officer.Authority, Field: "contact", Object: sara}, text)
		return err
	})
	w.must(err, "seal contact data")
	_, err = w.db.Super().Exec(ctx, `update sig.guardianship set contact_sealed = $1 where id = $2`, sealed, sara)
	w.must(err, "change contact data")
}

// saraIsReplaced records that somebody else decides in Sara's place from a day
// ahead.
func (w *world) saraIsReplaced() {
	viktor, err := sample.Find("viktor")
	w.must(err, "find Viktor")
	number, err := viktor.Number()
	w.must(err, "read Viktor's number")
	_, err = w.town.Consenting.RecordGuardian(w.t.Context(), w.as(karin, ""), w.id, consenting.NewGuardian{
		Number: number, Name: viktor.Name, Kind: "appointed", Source: "judgment", VerifiedOn: sig.DateOf(began), Replaces: w.as("sara", "guardian").Guardian,
		From: sig.DateOf(began).AddDays(90), Email: "viktor@annanstans.example",
	})
	w.must(err, "record that Sara is replaced")
}

func (w *world) asks(persona, hat, text string) {
	w.t.Helper()
	asking := &inquiry.Service{DB: w.town.App, Sealer: w.town.Sealer}
	_, err := asking.Ask(w.t.Context(), w.as(persona, hat), inquiry.New{
		Key: uuid.NewString(), Intervention: w.id, Kind: sig.InquiryQuestion, Words: text,
	})
	w.must(err, persona+" asks")
}

func (w *world) saraAsks() { w.asks("sara", "guardian", "Får Omid veta var jag bor?") }

// showsSaraAlone has the school write something that only Sara may see.
func (w *world) showsSaraAlone() {
	item, _ := w.hides("Sara har ringt till skolan.")
	w.decides(item, sharing.NewVisibility{Visible: true, LowRiskAtHome: true}, "Sara")
}

// saraLooksAround has Sara sign in, read what she may, and ask what a
// withdrawal would do.
func (w *world) saraLooksAround() {
	o := w.observer("sara", "guardian")
	o.crawl()
}

// amirDecidesAlone has the school write, before and after Amir is found to
// dispose over it alone, what was decided visible for both guardians.
func (w *world) amirDecidesAlone() {
	ctx := w.t.Context()
	write := func() sig.ItemID {
		item, err := w.town.Sharing.WriteItem(ctx, w.as(malin, ""), sharing.NewItem{
			Key: uuid.NewString(), Intervention: w.id, Categories: []sig.Category{sig.CategoryPupilHealth}, Text: "Amir har pratat med elevhälsan.",
		})
		w.must(err, "write an item")
		return item
	}
	item := write()
	for _, name := range []string{"Omid", "Sara"} {
		w.decides(item, sharing.NewVisibility{Visible: true}, name)
	}
	_, err := w.town.Consenting.AssessMaturity(ctx, w.as("social-secretary-farsta", ""), w.id, consenting.Assessment{
		Outcome: sig.Mature, Alone: []sig.Category{sig.CategoryPupilHealth}, Reason: "förstår vad det gäller",
	})
	w.must(err, "assess what Amir decides over alone")
	w.amirSaysYesAlone()
	for _, id := range []sig.ItemID{item, write()} {
		_, err := w.town.Sharing.OpenItem(ctx, w.as(malin, ""), w.id, id)
		w.must(err, "read it")
	}
}

// amirSaysYesAlone has Amir say yes in the office to what is his alone, the school
// tell by it, and both meet about it. The office is closed again, and no sign-in
// of it is kept: whoever looks later looks at home.
func (w *world) amirSaysYesAlone() {
	ctx, consent := w.t.Context(), w.town.Consenting
	w.must(consent.ProposeOwn(ctx, w.as(karin, ""), w.id, consenting.NewOwn{
		Discloser: sample.Counsellor, Recipient: sample.Coordinator, Categories: []sig.Category{sig.CategoryPupilHealth},
		Aim: sig.Aim{Purpose: sig.PurposeHealth, Addition: "planera stödet"}, LastDay: sig.DateOf(began).AddDays(30),
	}), "ask Amir alone")
	w.must(consent.SetAtHome(ctx, w.as(karin, ""), w.id, consenting.HomeOffice), "open the page in the office")
	own, err := consent.Own(ctx, w.as(karin, ""), w.id)
	w.must(err, "look at what Amir is asked")
	seen := consenting.Seen(own.Rows[0].TextHash, words.For("sv"))
	h, err := consent.AtHome(ctx, w.as(karin, ""), w.id)
	w.must(err, "read the number of the hour")
	_, amir, err := w.town.EnterOffice(ctx, "amir", h.Number)
	w.must(err, "have Amir type it")
	proof, err := w.town.ProofIn(ctx, "amir", amir, seen)
	w.must(err, "have Amir log in anew")
	w.must(consent.GiveOwn(ctx, amir, w.id, own.Rows[0].ID, seen, proof), "have Amir say yes")
	_, err = w.db.Super().Exec(ctx, `update sig.youth_home set office_until = sig.now()`)
	w.must(err, "close the office")
	_, err = w.db.Super().Exec(ctx, `delete from sig.session where id = $1`, amir.Session)
	w.must(err, "forget where Amir has signed in")
	item, err := w.town.Sharing.WriteItem(ctx, w.as(malin, ""), sharing.NewItem{
		Key: uuid.NewString(), Intervention: w.id, Categories: []sig.Category{sig.CategoryPupilHealth}, Text: "Amir vill ha stöd.",
	})
	w.must(err, "write what Amir lets be told")
	sent, err := w.town.Sharing.Disclose(ctx, w.as(malin, ""), sharing.NewDisclosure{
		Key: uuid.NewString(), Intervention: w.id, Item: item, Recipients: []sig.Seat{sample.Coordinator}, Necessity: "behövs",
	})
	w.must(err, "tell it")
	_, err = w.town.Sharing.OpenCopy(ctx, w.as(karin, ""), w.id, sent[0].ID)
	w.must(err, "read it")
	start := began.Add(51 * time.Hour)
	_, err = w.town.Meeting.Schedule(ctx, w.as(karin, ""), meeting.NewMeeting{
		Key: "alone", Intervention: w.id, Start: start, End: start.Add(time.Hour), Place: "Farstaskolan",
		Points: []meeting.NewPoint{
			{Category: sig.CategoryPupilHealth, Teller: sample.Counsellor, Text: "Hur Amir mår."},
			{Category: sig.CategoryPupilHealth, Text: "Vad Amir själv vill säga.", FamilyAlone: true},
		},
		Call: []sig.Seat{sample.Coordinator, sample.Counsellor},
	})
	w.must(err, "call a meeting about it")
}
