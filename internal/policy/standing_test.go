package policy_test

import (
	"testing"

	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// TestBoardMay is the whole table: who in the board does what about a consent.
// Another board's coordinator, and the police, do none of it.
func TestBoardMay(t *testing.T) {
	t.Parallel()
	const board sig.AuthorityID = "farsta-sdn"
	may := map[policy.Duty]map[sig.Function]bool{
		policy.DutyRead:    {sig.RoleCoordinator: true, sig.RoleSocialSecretary: true, sig.RoleFieldAssistant: true, sig.FunctionOpenCare: true},
		policy.DutyPrepare: {sig.RoleCoordinator: true},
		policy.DutyExplain: {sig.RoleCoordinator: true, sig.RoleSocialSecretary: true},
		policy.DutyAssess:  {sig.RoleSocialSecretary: true},
		policy.DutyDecide:  {sig.RoleSocialSecretary: true},
		policy.DutyRecord:  {sig.RoleCoordinator: true, sig.RoleSocialSecretary: true},
		policy.DutyHear:    {sig.RoleCoordinator: true, sig.RoleSocialSecretary: true},
		policy.DutyPaper:   {sig.RoleCoordinator: true},
		policy.DutyConfirm: {sig.RoleCoordinator: true, sig.RoleSocialSecretary: true, sig.RoleFieldAssistant: true, sig.FunctionOpenCare: true},
		policy.DutySuspend: {sig.RoleCoordinator: true, sig.RoleSocialSecretary: true},
		policy.DutyOutcome: {sig.RoleSocialSecretary: true},
		policy.DutyCustody: {sig.RoleCoordinator: true, sig.RoleSocialSecretary: true},
		policy.DutyProtect: {sig.RoleCoordinator: true, sig.RoleSocialSecretary: true},
		policy.DutyPrevent: {sig.RoleSocialSecretary: true},
		"unheard_of":       {},
	}
	for duty, functions := range may {
		for _, f := range []sig.Function{
			sig.RoleCoordinator, sig.RoleSocialSecretary, sig.RoleFieldAssistant, sig.FunctionOpenCare,
		} {
			seat := sig.Seat{Authority: board, Unit: "farsta-unga", Function: f}
			if got := policy.BoardMay(duty, board, []sig.Seat{seat}); got != functions[f] {
				t.Errorf("%s in the board may %s: %v, want %v", f, duty, got, functions[f])
			}
			seat.Authority = "jarva-sdn"
			if policy.BoardMay(duty, board, []sig.Seat{seat}) {
				t.Errorf("%s of another board may %s", f, duty)
			}
		}
		if policy.BoardMay(duty, board, nil) {
			t.Errorf("somebody without a seat may %s", duty)
		}
	}
}
