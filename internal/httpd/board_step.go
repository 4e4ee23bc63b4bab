package httpd

import (
	"strings"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/sig"
)

// boardStep is the one thing that should happen next, for whoever reads.
type boardStep struct {
	Title, Text string
	Missing     []string // who has not answered yet
	Acts        []boardAct
}

// boardAct is a link, or a button where the act is one post.
type boardAct struct {
	Path, Text, Hint string
	Post, Grave      bool
}

// renewWithin is how long before its end a consent should be renewed.
const renewWithin = 30 * 24 * time.Hour

// stepOf finds the next thing. It offers only what the service offers; what
// somebody else must do is said without a button.
func stepOf(w familyWords, c *consenting.Case) *boardStep {
	path := casePath(c.ID)
	say := func(key string, acts ...boardAct) *boardStep {
		return &boardStep{Title: w.T("board.step." + key + ".title"), Text: w.T("board.step." + key + ".text"), Acts: acts}
	}
	link := func(key, to string) boardAct { return boardAct{Path: to, Text: w.T(key)} }
	switch {
	case c.Can(consenting.ActionOutcome):
		return say("outcome", link("board.act.outcome", path+"/outcome"))
	case c.State.Ended():
		return nil
	case len(c.Unsigned) > 0:
		step := say("unsigned_decide")
		step.Text = w.T("board.step.unsigned_decide.text", "names", strings.Join(c.Unsigned, ", "))
		if c.Can(consenting.ActionDecide) {
			step.Acts = []boardAct{link("board.act.decide", path+"/decision")}
		}
		return step
	case c.Can(consenting.ActionDecide):
		return overNo(w, c.Preparing, say("decide", link("board.act.decide", path+"/decision")))
	case c.State == sig.InterventionAwaitingDecision:
		return overNo(w, c.Preparing, say("await_decision"))
	case c.Gap == sig.MaturityUnknown && c.Can(consenting.ActionAssess):
		return say("assess", link("board.act.assess", path+"/maturity"))
	case c.Gap == sig.MaturityUnknown:
		return say("await_assess")
	case c.Gap == sig.NoGuardian:
		return say("guardian")
	case c.InForce != nil && c.InForce.State == sig.ConsentSuspended && c.InForce.Can(consenting.ActionExplain):
		return unsignedStep(c.InForce, say, link)
	case c.Preparing != nil:
		return preparingStep(w, c, say, link)
	case c.Can(consenting.ActionRenew):
		return say("renew", boardAct{Path: path + "/amend", Text: w.T("board.act.renew"), Post: true})
	case c.InForce == nil && c.Can(consenting.ActionPrepare):
		return say("ask", link("board.act.ask", path+"/consent"))
	case c.InForce == nil:
		return say("await_coordinator")
	case c.Can(consenting.ActionAmend) && lastEnd(c.InForce).Sub(c.Now) <= renewWithin:
		return say("renew_soon", boardAct{Path: path + "/amend", Text: w.T("board.act.renew"), Post: true})
	}
	return nil
}

// overNo says of a version that waits for the decision who has said no to it.
func overNo(w familyWords, v *consenting.Version, step *boardStep) *boardStep {
	if v == nil {
		return step
	}
	for _, s := range v.Signers {
		if s.Answer == sig.AnswerRefused && s.Overridden {
			step.Text = w.T("board.step.over_no", "name", s.Name) + " " + step.Text
		}
	}
	return step
}

// unsignedStep is for a version in force that waits for a guardian who is new to it.
func unsignedStep(v *consenting.Version, say func(string, ...boardAct) *boardStep, link func(key, to string) boardAct) *boardStep {
	step := say("new_guardian", link("board.act.explain", explainPath(v.ID)))
	for _, s := range v.Signers {
		if s.Required && s.Answer == "" {
			step.Missing = append(step.Missing, s.Name)
		}
	}
	return step
}

func preparingStep(
	w familyWords, c *consenting.Case, say func(string, ...boardAct) *boardStep, link func(key, to string) boardAct,
) *boardStep {
	v, path := c.Preparing, casePath(c.ID)
	explain := link("board.act.explain", explainPath(v.ID))
	switch {
	case v.State == sig.ConsentDraft && !v.Can(consenting.ActionExplain):
		return say("await_explained")
	case v.State == sig.ConsentDraft && c.InForce != nil:
		return say("draft_change", link("board.act.preview", path+"/consent/preview"), explain)
	case v.State == sig.ConsentDraft:
		return say("draft", explain)
	}
	var missing []string
	explained := true
	for _, s := range v.Signers {
		if s.Required && s.Answer == "" {
			missing = append(missing, s.Name)
			explained = explained && !s.Explained.IsZero()
		}
	}
	step := say("sign")
	for _, s := range v.Signers { // one no holds it up until somebody decides over it
		if s.Required && s.Answer == sig.AnswerRefused && !s.Overridden {
			step = say("said_no")
			step.Title = w.T("board.step.said_no.title", "name", s.Name)
			if c.Youth.Age >= sig.OwnRightFrom {
				step.Text = w.T("board.step.said_no.from_fifteen")
			}
			if v.Can(consenting.ActionOverride) {
				step.Acts = append(step.Acts, link("board.step.said_no.override", explainPath(v.ID)+"#override"))
			}
			step.Missing = missing
			return step
		}
	}
	if !explained && v.Can(consenting.ActionExplain) {
		step = say("explain_more", explain)
	}
	step.Missing = missing
	return step
}

// actsOf lists what else may be done about the consent, besides the next step.
func actsOf(w familyWords, c *consenting.Case) []boardAct {
	path := casePath(c.ID)
	var list []boardAct
	offer := func(when bool, act boardAct) {
		if when {
			list = append(list, act)
		}
	}
	act := func(key, to string) boardAct { return boardAct{Path: to, Text: w.T(key)} }
	post := func(key, to string) boardAct {
		one := act(key, to)
		one.Post, one.Hint = true, w.T(key+".hint")
		return one
	}
	record := act("board.act.record", path+"/withdrawals/new")
	offer(c.Can(consenting.ActionRecord), record)
	offer(c.Can(consenting.ActionAmend) && c.Preparing == nil, post("board.act.amend", path+"/amend"))
	offer(c.Can(consenting.ActionAssess) && needsMaturity(c), act("board.act.assess", path+"/maturity"))
	offer(c.Board && len(c.Alone) > 0, act("own.title", path+"/own"))
	offer(c.Can(consenting.ActionSuspend), act("board.act.suspend", path+"/suspend"))
	offer(c.Can(consenting.ActionResume), post("board.act.resume", path+"/resume"))
	offer(c.Can(consenting.ActionProtect), act("protection.title", path+"/protection"))
	offer(c.Board, act("guardians.title", path+"/guardians"))
	offer(c.Can(consenting.ActionCustody), act("home.title", path+"/at-home"))
	offer(c.Can(consenting.ActionImport), act("board.act.import", path+"/consent/import"))
	offer(c.Can(consenting.ActionEnd), act("board.act.end", path+"/end"))
	return list
}

// needsMaturity reports whether the age is one at which maturity is assessed,
// or it has been already.
func needsMaturity(c *consenting.Case) bool {
	return c.Gap == sig.MaturityUnknown || c.Maturity != "" || c.Youth.Age >= 11 && c.Youth.Age <= 15
}
