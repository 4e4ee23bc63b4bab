package httpd

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/plan"
	"sigportal/internal/sig"
)

// exportedPlan is the plan as the board's case system takes it over. The names
// of its fields are part of what such systems rely on.
type exportedPlan struct {
	Format      string             `json:"format"`
	Case        string             `json:"case_number"`
	Version     int                `json:"version"`
	FollowUp    string             `json:"follow_up"`
	Goals       []string           `json:"goals"`
	Words       []string           `json:"young_persons_words"`
	Commitments []exportedPromised `json:"commitments"`
}

type exportedPromised struct {
	Function exportedSeat        `json:"function"`
	Text     string              `json:"text"`
	DueOn    string              `json:"due_on"`
	State    sig.CommitmentState `json:"state"`
	ClosedOn string              `json:"closed_on,omitempty"`
	Note     string              `json:"note,omitempty"`
}

// planToExport opens the plan for the board's staff: the opening is in the log.
// Nobody else takes it out as a file.
func (a *App) planToExport(r *Request) (*plan.Open, itemWords, error) {
	var id sig.InterventionID
	if err := pathID(r, "id", &id); err != nil {
		return nil, itemWords{}, err
	}
	open, err := a.deps.Plan.Open(r.Context(), r.Actor(), id)
	if err != nil {
		return nil, itemWords{}, err
	}
	if !open.OnBoard || open.Version == 0 {
		return nil, itemWords{}, fault.Missing()
	}
	w, err := r.itemWords()
	return open, w, err
}

// planExport sends the plan as JSON.
func (a *App) planExport(r *Request) error {
	open, w, err := a.planToExport(r)
	if err != nil {
		return err
	}
	out := exportedPlan{
		Format: "sigportal.plan/1", Case: open.CaseNumber, Version: open.Version, FollowUp: open.FollowUp.String(),
		Goals: textsOf(open.Goals), Words: textsOf(open.Words),
	}
	for _, c := range open.Commitments {
		unit, _ := w.dir.Unit(c.Seat.Unit)
		one := exportedPromised{
			Function: exportedSeat{string(c.Seat.Authority), w.authority(c.Seat.Authority), string(c.Seat.Unit), unit.Name, c.Seat.Function},
			Text:     c.Text, DueOn: c.DueOn.String(), State: c.State, Note: c.Note,
		}
		if c.State != sig.CommitmentOpen {
			one.ClosedOn = c.Closed.String()
		}
		out.Commitments = append(out.Commitments, one)
	}
	text, err := json.MarshalIndent(out, "", "  ")
	if err != nil {
		return fmt.Errorf("write a plan as a file: %w", err)
	}
	return sendPlan(r, "application/json; charset=utf-8", "json", append(text, '\n'))
}

// planNote sends the plan as a journal note: text to paste into the board's own
// file.
func (a *App) planNote(r *Request) error {
	open, w, err := a.planToExport(r)
	if err != nil {
		return err
	}
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, " ") + "\r\n") }
	line(w.lang.T("plan.title")+",", w.lang.T("intervention.number", "number", open.CaseNumber)+",", w.lang.T("plan.version", "number", open.Version))
	line(w.lang.T("plan.follow_up"), w.lang.Date(open.FollowUp.Start()))
	section := func(title string, texts []string) {
		if len(texts) > 0 {
			line()
			line(title)
		}
		for _, text := range texts {
			line("-", text)
		}
	}
	section(w.lang.T("plan.goals"), textsOf(open.Goals))
	section(w.lang.T("plan.words"), textsOf(open.Words))
	var promised []string
	for _, c := range open.Commitments {
		row := commitmentRowOf(w, "", c, open.Protected)
		text := row.Who + ": " + c.Text + " " + w.lang.T("plan.due", "date", row.Due) + ". " + row.State + "."
		if c.Note != "" {
			text += " " + w.lang.T("plan.note", "text", c.Note)
		}
		promised = append(promised, text)
	}
	section(w.lang.T("plan.commitments"), promised)
	return sendPlan(r, "text/plain; charset=utf-8", "txt", []byte(b.String()))
}

// sendPlan sends it under a name that says nothing of whom it is about.
func sendPlan(r *Request, kind, ending string, text []byte) error {
	r.Set(fiber.HeaderContentType, kind)
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="plan.`+ending+`"`)
	return r.Ctx.Send(text)
}
