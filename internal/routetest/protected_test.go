package routetest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/consenting"
	"sigportal/internal/inquiry"
	"sigportal/internal/meeting"
	"sigportal/internal/plan"
	"sigportal/internal/sample"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// whereabouts is where Maja is, or what tells it, put into every place that can
// hold it: fourteen texts with a marker, and the names and keys of the
// authority, the units, the district and the school.
var whereabouts = []string{"MARKER", "farsta", "utbildningsnämnden", `"utbildning"`, "disa@familj.example", "maja@familj.example"}

// canaries plants them in Maja's case and gives the values of the addresses
// under which the father can ask.
func (w *world) canaries(story sample.Story) map[string]string {
	w.t.Helper()
	ctx, id := w.t.Context(), story.Intervention
	as := func(persona, hat string) sig.Actor {
		a, err := w.town.As(ctx, persona, hat)
		w.must(err, "sign in "+persona)
		return a
	}
	karin, disa, viktor, maja := as("coordinator-farsta", ""), as("disa", "guardian"), as("viktor", "guardian"), as("maja", "youth")
	seen := func(item sig.ItemID, who uuid.UUID, visible bool) {
		w.must(w.town.Sharing.DecideVisibility(ctx, karin, sharing.NewVisibility{
			Intervention: id, Item: item, Viewer: sharing.ViewerID{UUID: who}, Visible: visible, Ground: map[bool]string{false: "osl_26_2_whereabouts"}[visible],
			Reason: "MARKER-REASON", LowRiskAtHome: visible,
		}), "decide who sees an item")
	}
	item := func(text string, categories ...sig.Category) sig.ItemID {
		id, err := w.town.Sharing.WriteItem(ctx, karin, sharing.NewItem{Key: uuid.NewString(), Intervention: id, Categories: categories, Text: text})
		w.must(err, "write an item")
		return id
	}
	where, goal := item("MARKER-WHERE", sig.CategoryWhereabouts), item("Maja tränar två gånger i veckan.", sig.CategoryPlanGoals)
	seen(where, disa.Guardian.UUID, true)
	seen(where, viktor.Guardian.UUID, false)
	seen(goal, viktor.Guardian.UUID, true)
	for _, to := range []sig.Seat{sample.Police, sample.Counsellor} {
		_, err := w.town.Sharing.Disclose(ctx, karin, sharing.NewDisclosure{
			Key: uuid.NewString(), Intervention: id, Item: goal, Recipients: []sig.Seat{to}, Necessity: "MARKER-NEED", WeakerReason: "MARKER-WEAKER",
		})
		w.must(err, "disclose the goal")
	}
	w.exec(`update sig.youth set protection = 'none' where name like 'Maja%'`) // a place from before the marking
	start := w.db.Now(w.t).AddDate(0, 0, 7)
	meets, err := w.town.Meeting.Schedule(ctx, karin, meeting.NewMeeting{
		Key: uuid.NewString(), Intervention: id, Start: start, End: start.Add(3_600_000_000_000), Place: "MARKER-PLACE",
		Link: "https://video.example/m/7", Call: []sig.Seat{sample.Coordinator, sample.Police},
		Points: []meeting.NewPoint{{Category: sig.CategoryPlanGoals, Teller: sample.Coordinator, Text: "MARKER-POINT"}},
	})
	w.must(err, "call a meeting")
	w.exec(`update sig.youth set protection = 'marked' where name like 'Maja%'`)
	form, err := w.town.Meeting.VoiceForm(ctx, maja, id, meets)
	w.must(err, "look at the table")
	w.must(w.town.Meeting.LeaveVoice(ctx, maja, id, meets, meeting.Voice{Answers: []string{"MARKER-VOICE"}, Readers: []sig.InvitationID{form.Table[0].Invitation}}), "leave a voice")
	w.must(w.town.Plan.Write(ctx, karin, plan.New{
		Intervention: id, FollowUp: sig.DateOf(start), Goals: []string{"MARKER-GOAL"}, Words: "MARKER-WORDS",
		Add: []plan.NewCommitment{{Seat: sample.Police, DueOn: sig.DateOf(start), Text: "Ringer varje vecka."}},
	}), "write the plan")
	w.showsPromise(karin, viktor, id)
	inquiries := inquiry.Service{DB: w.town.App, Sealer: w.town.Sealer}
	for who, words := range map[*sig.Actor]string{&disa: "MARKER-ASKED", &viktor: "När får jag träffa Maja?"} {
		q, err := inquiries.Ask(ctx, *who, inquiry.New{Key: uuid.NewString(), Intervention: id, Kind: sig.InquiryQuestion, Words: words})
		w.must(err, "ask")
		if who == &disa {
			w.must(inquiries.Answer(ctx, karin, q, inquiry.Answer{Words: "MARKER-ANSWER"}), "answer")
		}
	}
	_, err = w.town.Consenting.AssessMaturity(ctx, as("social-secretary-farsta", ""), id, consenting.Assessment{Outcome: sig.Mature, Reason: "MARKER-MATURE"})
	w.must(err, "assess maturity")
	return map[string]string{"item": goal.String(), "meeting": meets.String(), "hidden": where.String(), "own": uuid.NewString(), "event": meets.String() + ".ics"}
}

// showsPromise lets the father see the promise of the police, which names who promised.
func (w *world) showsPromise(karin, viktor sig.Actor, id sig.InterventionID) {
	w.t.Helper()
	open, err := w.town.Plan.Open(w.t.Context(), karin, id)
	w.must(err, "open the plan")
	w.must(w.town.Plan.DecideVisibility(w.t.Context(), karin, id, plan.Decision{
		Text: sig.PlanTextID{UUID: open.Commitments[0].ID.UUID}, Viewer: plan.ViewerID{UUID: viktor.Guardian.UUID}, Visible: true,
	}), "show a promise")
}

// P-1: where a young person with protected identity is reaches the other
// guardian by no page, no answer to a program, no file and no mail, before
// signing, after, and in a receipt.
func TestP1ProtectedIdentityTellsTheOtherGuardianNothing(t *testing.T) {
	w := newWorld(t)
	w.planted = whereabouts
	family := sample.Families()[3]
	story, err := w.town.InForce(t.Context(), family, sig.ProgrammeSIG)
	w.must(err, "bring Maja's consent into force")
	at := w.canaries(story)
	at["id"], at["consent"] = story.Intervention.String(), story.Consent.String()
	pages := w.visitsAll("viktor", at)
	if pages < 20 {
		t.Errorf("the father saw %d pages, want 20 or more", pages)
	}
	if got := w.get("viktor", "/interventions/"+at["id"]+"/our-meetings"); !strings.Contains(got.body, "https://video.example/m/7") {
		t.Errorf("the father has no link to the meeting, and he cannot come: %s", brief(got)) // his meetings are remote
	}
	for _, guess := range []string{"to:farsta-sdn/farsta-unga/coordinator", "to:utbildning//", "to:polisen/polis-farsta/community_police"} {
		page := "/interventions/" + at["id"] + "/withdraw"
		form := w.filled("viktor", page, page, "scope", guess)
		if got := w.post("viktor", page, form); got.status != http.StatusUnprocessableEntity && got.status != http.StatusBadRequest {
			t.Errorf("a guess at a unit is answered with %d", got.status)
		}
	}
	for _, by := range []string{"farsta-sdn", "jarva-sdn", "utbildning"} {
		a, b := w.get("viktor", "/interventions/"+at["id"]+"/diary?by=nobody"), w.get("viktor", "/interventions/"+at["id"]+"/diary?by="+by)
		if strings.Count(a.body, `<ul class="feed">`) != strings.Count(b.body, `<ul class="feed">`) {
			t.Errorf("the diary of %s answers a guess", by)
		}
	}
	page := "/interventions/" + at["id"] + "/withdraw"
	got := w.post("viktor", page, w.filled("viktor", page, page, "scope", "to://"+string(sig.RoleSchoolCounsellor)))
	if got.status != seeOther {
		t.Fatalf("the father takes the counsellor back: %d: %s", got.status, brief(got))
	}
	at["reference"] = strings.TrimPrefix(got.header.Get("Location"), "/receipts/")
	at["reference"], _, _ = strings.Cut(at["reference"], "?")
	w.silent("viktor", w.get("viktor", "/receipts/"+at["reference"]), "the receipt")
	// The proof is there once the row is in the log, which takes up to a second.
	w.waitFor(`(select max(size) from sig.ledger_checkpoint) >= (select count(*) from sig.ledger)`)
	w.visitsAll("viktor", at)
	if n := w.text(`select count(*)::text from sig.mail m join sig.guardianship g on g.id = m.guardian where g.name like 'Viktor%'`); n != "0" {
		t.Errorf("%s mails to the father of somebody protected", n)
	}
}

// visitsAll has somebody ask every route that is there for more than staff, with
// everything that they can know, and gives how many answered with a page.
func (w *world) visitsAll(who string, at map[string]string) int {
	w.t.Helper()
	n := 0
	for route, level := range levelOf {
		method, pattern, _ := strings.Cut(route, " ")
		if method != http.MethodGet || level == "hat" || slices.Contains([]string{"/live", "/static/:name", "/openapi.json"}, pattern) ||
			strings.Contains(pattern, ":secret") || strings.Contains(pattern, ":provider") || strings.Contains(pattern, "openapi") || strings.Contains(pattern, "/directory") {
			continue
		}
		parts := strings.Split(pattern, "/")
		for i, part := range parts {
			name, param := strings.CutPrefix(part, ":")
			if !param {
				continue
			}
			if i > 0 && parts[i-1] == "consents" {
				name = "consent"
			}
			if name == "reference" && at[name] == "" {
				at[name] = "2345-6789-ABCD"
			}
			if at[name] == "" {
				w.t.Fatalf("the test does not know what to ask at %s", pattern)
			}
			parts[i] = url.PathEscape(at[name])
		}
		got := w.get(who, strings.Join(parts, "/"))
		w.silent(who, got, pattern)
		if got.status == http.StatusOK {
			n++
		}
	}
	w.silent(who, w.get(who, "/interventions/"+at["id"]+"/shared/"+at["hidden"]), "the hidden item")
	return n
}

// silent fails where an answer holds anything that was planted.
func (w *world) silent(who string, got answer, of string) {
	w.t.Helper()
	if got.status >= 500 {
		w.t.Errorf("%s for %s: %d", of, who, got.status)
	}
	all := strings.ToLower(got.body)
	for name, values := range got.header {
		all += strings.ToLower("\n" + name + ": " + strings.Join(values, " "))
	}
	for _, marker := range w.planted {
		if i := strings.Index(all, strings.ToLower(marker)); i >= 0 {
			w.t.Errorf("%s tells %s %q: …%s…", of, who, marker, all[max(0, i-80):min(len(all), i+40)])
		}
	}
}
