package policy_test

import (
	"testing"

	"sigportal/internal/policy"
	"sigportal/internal/sig"
)

// TestForesees is the whole table: who learns what of a reorganisation ahead.
func TestForesees(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		function    sig.Function
		coordinates bool
		want        policy.Outlook
	}{
		{sig.RoleCoordinator, true, policy.OutlookOwn},
		{sig.RoleCoordinator, false, policy.OutlookOwn},
		{sig.RoleSocialSecretary, true, policy.OutlookOwn}, // who stands in for a coordinator
		{sig.RoleSocialSecretary, false, policy.OutlookNone},
		{sig.RoleAdministrator, false, policy.OutlookCounts},
		{sig.RoleRegistrar, false, policy.OutlookCounts},
		{sig.RoleLogReviewer, true, policy.OutlookNone},
		{sig.RolePolice, false, policy.OutlookNone},
		{"", false, policy.OutlookNone},
	} {
		if got := policy.Foresees(tc.function, tc.coordinates); got != tc.want {
			t.Errorf("%s (coordinates: %v) has %q, want %q", tc.function, tc.coordinates, got, tc.want)
		}
	}
}
