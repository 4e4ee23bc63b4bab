package sig

import "slices"

// Function is a role in an organisation: what a consent must name instead of
// "socialtjänsten" as a whole.
type Function string

// The functions that the directory may use.
const (
	RoleCoordinator           Function = "coordinator"
	RoleSocialSecretary       Function = "social_secretary"
	FunctionOpenCare          Function = "open_care"
	RoleFieldAssistant        Function = "field_assistant"
	RolePolice                Function = "community_police"
	RolePrincipal             Function = "principal"
	RoleSchoolCounsellor      Function = "school_counsellor"
	RoleMentor                Function = "mentor"
	FunctionPupilHealth       Function = "pupil_health"
	FunctionKAA               Function = "kaa"
	FunctionAddictionCare     Function = "addiction_care"
	FunctionPsychiatry        Function = "psychiatry"
	FunctionClubMentor        Function = "club_mentor"
	RoleCaseworker            Function = "caseworker" // board staff without a part in any intervention
	RoleRegistrar             Function = "registrar"
	RoleLogReviewer           Function = "log_reviewer"
	RoleAdministrator         Function = "administrator"
	FunctionFamilyCounselling Function = "family_counselling" // exists only to be refused: OSL 26:3
)

var functions = []Function{
	RoleCoordinator, RoleSocialSecretary, FunctionOpenCare, RoleFieldAssistant, RolePolice,
	RolePrincipal, RoleSchoolCounsellor, RoleMentor, FunctionPupilHealth, FunctionKAA,
	FunctionAddictionCare, FunctionPsychiatry, FunctionClubMentor, RoleCaseworker,
	RoleRegistrar, RoleLogReviewer, RoleAdministrator, FunctionFamilyCounselling,
}

// Functions lists every known function in the directory's own order.
func Functions() []Function { return slices.Clone(functions) }

// Valid reports whether the function is one that the portal knows.
func (f Function) Valid() bool { return slices.Contains(functions, f) }

// HandlesCases reports whether somebody in the function may take part in an
// intervention: offices that only keep the portal, and family counselling, whose
// secrecy holds inside its own house, may not, whoever lets them in.
func (f Function) HandlesCases() bool { return f == RoleCaseworker || f.Consentable() }

// Consentable reports whether a consent may name the function: offices that
// only keep the portal (registrar, reviewer, administrator), staff named as a
// whole, and family counselling (OSL 26:3) may not be told anything by consent.
func (f Function) Consentable() bool {
	switch f {
	case RoleRegistrar, RoleLogReviewer, RoleAdministrator, RoleCaseworker, FunctionFamilyCounselling:
		return false
	default:
		return f.Valid()
	}
}
