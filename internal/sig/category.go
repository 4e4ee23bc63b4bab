package sig

import "slices"

// Category is an enumerated kind of information that a consent can name.
// Criminal records (OSL 35:3) and family counselling (OSL 26:3) are not among
// them: no consent can break their secrecy, so the words must not exist.
type Category string

// The categories, in the order in which pages list them.
const (
	CategoryAttendance         Category = "attendance"
	CategorySchoolResults      Category = "school_results"
	CategorySchoolWellbeing    Category = "school_wellbeing"
	CategoryPupilHealth        Category = "pupil_health"
	CategoryPoliceObservation  Category = "police_preventive_observation"
	CategoryPoliceSuspicion    Category = "police_suspicion_or_report"
	CategorySocialMeasures     Category = "social_current_measures"
	CategorySocialFamily       Category = "social_family_situation"
	CategorySocialHistory      Category = "social_history"
	CategorySubstanceUse       Category = "substance_use"
	CategoryHealthPsychiatric  Category = "health_psychiatric"
	CategoryHealthOther        Category = "health_other"
	CategoryLeisureObservation Category = "leisure_field_observation"
	CategoryPeerNetwork        Category = "peer_network"
	CategoryWhereabouts        Category = "whereabouts"
	CategoryEmploymentKAA      Category = "employment_kaa"
	CategoryPlanGoals          Category = "plan_goals"
	CategoryMeetingLogistics   Category = "meeting_logistics"
)

var categories = []Category{
	CategoryAttendance, CategorySchoolResults, CategorySchoolWellbeing, CategoryPupilHealth,
	CategoryPoliceObservation, CategoryPoliceSuspicion, CategorySocialMeasures, CategorySocialFamily,
	CategorySocialHistory, CategorySubstanceUse, CategoryHealthPsychiatric, CategoryHealthOther,
	CategoryLeisureObservation, CategoryPeerNetwork, CategoryWhereabouts, CategoryEmploymentKAA,
	CategoryPlanGoals, CategoryMeetingLogistics,
}

// Categories lists every category in the order in which pages show them.
func Categories() []Category { return slices.Clone(categories) }

// Overlap reports whether two lists have a category in common.
func Overlap(a, b []Category) bool {
	return slices.ContainsFunc(a, func(c Category) bool { return slices.Contains(b, c) })
}

// Valid reports whether the category exists.
func (c Category) Valid() bool { return slices.Contains(categories, c) }
