package api

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"sigportal/internal/fault"
	"sigportal/internal/sharing"
	"sigportal/internal/sig"
)

// The shapes of AuthZEN 1.0. Members that they do not know are ignored, as that
// standard says, which is why each has the field that says so.
type (
	// AZSubject is who is asked about: an assignment, a guardian or a youth.
	AZSubject struct {
		_    struct{} `additionalProperties:"true"`
		Type string   `json:"type"`
		ID   string   `json:"id"`
	}
	// AZAction is what: read_copy, read_item or disclose.
	AZAction struct {
		_    struct{} `additionalProperties:"true"`
		Name string   `json:"name"`
	}
	// AZResource is a copy or an item.
	AZResource struct {
		_          struct{}      `additionalProperties:"true"`
		Type       string        `json:"type"`
		ID         string        `json:"id"`
		Properties *AZProperties `json:"properties,omitempty"`
	}
	// AZProperties places the resource.
	AZProperties struct {
		_            struct{} `additionalProperties:"true"`
		Intervention string   `json:"intervention,omitempty"`
	}
	// AZContext says to whom a disclosure would go.
	AZContext struct {
		_         struct{}     `additionalProperties:"true"`
		Recipient *AZRecipient `json:"recipient,omitempty"`
	}
	// AZRecipient is a seat.
	AZRecipient struct {
		_         struct{} `additionalProperties:"true"`
		Authority string   `json:"authority,omitempty"`
		Unit      string   `json:"unit,omitempty"`
		Function  string   `json:"function,omitempty"`
	}
	// AZQuestion is one question.
	AZQuestion struct {
		_        struct{}   `additionalProperties:"true"`
		Subject  AZSubject  `json:"subject"`
		Action   AZAction   `json:"action"`
		Resource AZResource `json:"resource"`
		Context  *AZContext `json:"context,omitempty"`
	}
	// AZPart is one of several questions; what it leaves out is the default of
	// them all.
	AZPart struct {
		_        struct{}    `additionalProperties:"true"`
		Subject  *AZSubject  `json:"subject,omitempty"`
		Action   *AZAction   `json:"action,omitempty"`
		Resource *AZResource `json:"resource,omitempty"`
		Context  *AZContext  `json:"context,omitempty"`
	}
	// AZQuestions is several questions.
	AZQuestions struct {
		AZPart

		Evaluations []AZPart   `json:"evaluations,omitempty" maxItems:"50"`
		Options     *AZOptions `json:"options,omitempty"`
	}
	// AZOptions say when to stop asking.
	AZOptions struct {
		_         struct{} `additionalProperties:"true"`
		Semantics string   `json:"evaluations_semantic,omitempty" enum:"execute_all,deny_on_first_deny,permit_on_first_permit"`
	}
	// AZAnswer is one answer.
	AZAnswer struct {
		Decision bool `json:"decision"`
	}
	// AZAnswers are several; without a list of questions, the one answer.
	AZAnswers struct {
		Decision    *bool      `json:"decision,omitempty"`
		Evaluations []AZAnswer `json:"evaluations,omitempty"`
	}
	// AZConfiguration says where to ask.
	AZConfiguration struct {
		Point       string `json:"policy_decision_point"`
		Evaluation  string `json:"access_evaluation_endpoint"`
		Evaluations string `json:"access_evaluations_endpoint"`
	}
)

// authZEN is the tag of its operations.
const authZEN = "authzen"

func (a *API) registerAuthZEN() {
	const tag = authZEN
	add(a, op{method: "POST", path: "/access/v1/evaluation", level: SignedIn, id: "evaluate-access", tag: tag, asks: true,
		says: "AuthZEN 1.0: may the subject do this? About oneself, or as coordinator about the own intervention's participants."}, a.evaluate)
	add(a, op{method: "POST", path: "/access/v1/evaluations", level: SignedIn, id: "evaluate-accesses", tag: tag, asks: true,
		says: "AuthZEN 1.0: several questions."}, a.evaluateAll)
	add(a, op{method: "GET", path: "/.well-known/authzen-configuration", level: Public, id: "show-authzen", tag: tag,
		says: "AuthZEN 1.0: where to ask."}, a.authzenShow)
}

// unread is a fault as AuthZEN 1.0 has it: what is missing or of no known value is
// a request that cannot be read (400), as another type is, not one at a field (422).
func unread(err error) error {
	if wrong, ok := errors.AsType[*fault.Error](err); ok && wrong.Kind == fault.Invalid {
		return fault.New(fault.Malformed, "error.malformed")
	}
	return err
}

func (a *API) authzenShow(context.Context, *caller, *none) (AZConfiguration, error) {
	base := a.deps.BaseURL
	return AZConfiguration{base, base + "/access/v1/evaluation", base + "/access/v1/evaluations"}, nil
}

func (a *API) evaluate(ctx context.Context, who *caller, in *body[AZQuestion]) (AZAnswer, error) {
	echoRequest(who.http)
	b := &in.Body
	yes, err := a.ask(ctx, who, &b.Subject, &b.Action, &b.Resource, b.Context)
	return AZAnswer{yes}, err
}

func (a *API) evaluateAll(ctx context.Context, who *caller, in *body[AZQuestions]) (AZAnswers, error) {
	echoRequest(who.http)
	b := &in.Body
	parts := b.Evaluations
	if len(parts) == 0 {
		parts = []AZPart{{}}
	}
	stopAt := map[string]bool{}
	if b.Options != nil {
		stopAt["deny_on_first_deny"], stopAt["permit_on_first_permit"] = false, true
	}
	var out AZAnswers
	for _, p := range parts {
		subject, action, resource, about := or(p.Subject, b.Subject), or(p.Action, b.Action), or(p.Resource, b.Resource), or(p.Context, b.Context)
		if subject == nil || action == nil || resource == nil {
			return AZAnswers{}, fault.New(fault.Malformed, "error.malformed")
		}
		yes, err := a.ask(ctx, who, subject, action, resource, about)
		if err != nil {
			return AZAnswers{}, err
		}
		if len(b.Evaluations) == 0 {
			return AZAnswers{Decision: &yes}, nil
		}
		out.Evaluations = append(out.Evaluations, AZAnswer{yes})
		if b.Options == nil {
			continue
		}
		if at, stops := stopAt[b.Options.Semantics]; stops && at == yes {
			break
		}
	}
	return out, nil
}

func or[T any](one, other *T) *T {
	if one != nil {
		return one
	}
	return other
}

// ask puts one question to the decision. What names nothing that there is, in
// whatever form, answers as a refusal.
func (a *API) ask(ctx context.Context, who *caller, s *AZSubject, does *AZAction, r *AZResource, about *AZContext) (bool, error) {
	kinds := map[string]sig.ActorKind{"assignment": sig.ActorStaff, "guardian": sig.ActorGuardian, "youth": sig.ActorYouth}
	q := sharing.Question{Kind: kinds[s.Type], Subject: uuidOf(ID(s.ID)), Action: does.Name, Object: uuidOf(ID(r.ID))}
	if r.Properties != nil {
		q.Intervention = sig.InterventionID{UUID: uuidOf(ID(r.Properties.Intervention))}
	}
	if about != nil && about.Recipient != nil {
		to := about.Recipient
		q.Recipient = sig.Seat{Authority: sig.AuthorityID(to.Authority), Unit: sig.UnitID(to.Unit), Function: sig.Function(to.Function)}
	}
	fits := map[string]string{sharing.AskReadCopy: "copy", sharing.AskReadItem: "item", sharing.AskDisclose: "item"}
	if q.Kind == "" || q.Subject == uuid.Nil || fits[does.Name] == "" || fits[does.Name] != strings.TrimSpace(r.Type) {
		q = sharing.Question{Kind: sig.ActorNobody, Subject: q.Subject, Action: "unknown"}
	}
	return a.deps.Sharing.Evaluate(ctx, who.actor, q)
}

var requestForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// echoRequest answers with the request id that the client has sent, as AuthZEN
// demands; the portal's own stands in its log.
func echoRequest(c *fiber.Ctx) {
	if id := c.Get(fiber.HeaderXRequestID); requestForm.MatchString(id) {
		c.Set(fiber.HeaderXRequestID, id)
	}
}
