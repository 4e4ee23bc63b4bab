package policy

import (
	"slices"

	"sigportal/internal/sig"
)

// Duty is something that the board's own staff do about a consent. Who takes
// part in the intervention in one of the duty's functions, or stands in for
// somebody who does, may do it; nobody else.
type Duty string

// The duties.
const (
	DutyRead    Duty = "read"    // see the whole consent
	DutyPrepare Duty = "prepare" // write the draft, amend, discard, import
	DutyExplain Duty = "explain" // explain a version to a signer
	DutyAssess  Duty = "assess"  // assess a youth's maturity, override a refusal
	DutyDecide  Duty = "decide"  // decide on the measure
	DutyRecord  Duty = "record"  // record a withdrawal that reached somebody else (3.7.12)
	DutyHear    Duty = "hear"    // record a yes that was said aloud
	DutyPaper   Duty = "paper"   // record a signature on paper
	DutyConfirm Duty = "confirm" // confirm, as a second person, what another heard
	DutySuspend Duty = "suspend" // pause a consent and take it up again
	DutyOutcome Duty = "outcome" // consider other measures
	DutyCustody Duty = "custody" // record who decides for the young person
	DutyProtect Duty = "protect" // mark that the personal data are protected (OSL 21:3)
	DutyPrevent Duty = "prevent" // record that a guardian is kept from deciding (FB 6:13)
	DutyMeet    Duty = "meet"    // call, move and cancel network meetings
	DutyPlan    Duty = "plan"    // write the implementation plan
)

var duties = map[Duty][]sig.Function{
	DutyPrepare: {sig.RoleCoordinator},
	DutyExplain: {sig.RoleCoordinator, sig.RoleSocialSecretary},
	DutyAssess:  {sig.RoleSocialSecretary},
	DutyDecide:  {sig.RoleSocialSecretary},
	DutyRecord:  {sig.RoleCoordinator, sig.RoleSocialSecretary},
	DutyHear:    {sig.RoleCoordinator, sig.RoleSocialSecretary},
	DutyPaper:   {sig.RoleCoordinator},
	DutySuspend: {sig.RoleCoordinator, sig.RoleSocialSecretary},
	DutyOutcome: {sig.RoleSocialSecretary},
	DutyCustody: {sig.RoleCoordinator, sig.RoleSocialSecretary},
	DutyProtect: {sig.RoleCoordinator, sig.RoleSocialSecretary},
	DutyPrevent: {sig.RoleSocialSecretary},
	DutyMeet:    {sig.RoleCoordinator},
	DutyPlan:    {sig.RoleCoordinator, sig.RoleSocialSecretary},
}

// BoardMay reports whether somebody who fills these seats in an intervention
// of the board may do the duty.
func BoardMay(duty Duty, board sig.AuthorityID, seats []sig.Seat) bool {
	return slices.ContainsFunc(seats, func(s sig.Seat) bool {
		return s.Authority == board && (duty == DutyRead || duty == DutyConfirm || slices.Contains(duties[duty], s.Function))
	})
}
