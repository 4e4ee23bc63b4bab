package sig

// SecrecyRegime is a rule of secrecy. Some hold for everything in a branch of
// activity; others for a kind of datum wherever it is.
type SecrecyRegime string

// The regimes that a branch can work under.
const (
	RegimeSocial            SecrecyRegime = "social_26_1"
	RegimeHealth            SecrecyRegime = "health_25_1"
	RegimeSchoolPupilHealth SecrecyRegime = "school_pupil_health_23_2a"
	RegimeSchoolSupport     SecrecyRegime = "school_support_23_2b"
	RegimeSchoolOther       SecrecyRegime = "school_other_23_2c"
	RegimePolice            SecrecyRegime = "police_35_1"
	RegimeFamilyCounselling SecrecyRegime = "family_counselling_26_3"
	RegimePrivateSocial     SecrecyRegime = "private_social"
	RegimePrivateSchool     SecrecyRegime = "private_school"
	RegimeNone              SecrecyRegime = "none"
)

// The regimes of single data, in whatever branch they lie.
const (
	RegimeConcernReport    SecrecyRegime = "concern_report_40_7g"
	RegimeCriminalRecord   SecrecyRegime = "criminal_record_35_3"
	RegimeAnyHealthSex     SecrecyRegime = "any_health_sex_21_1"
	RegimeAddressHarassed  SecrecyRegime = "address_harassed_21_3"
	RegimeAddressProtected SecrecyRegime = "address_protected_21_3a"
	RegimeGDPRMisuse       SecrecyRegime = "gdpr_misuse_21_7"
)

// SecrecyRule is what the law says about a regime.
type SecrecyRule struct {
	Source   string // the provision, as lawyers cite it
	MaxYears int    // how long secrecy lasts at most; 0 where the law sets no time
	Branch   bool   // whether a branch of activity can work under it
}

var secrecyRules = map[SecrecyRegime]SecrecyRule{
	RegimeSocial:            {"OSL 26:1", 70, true},
	RegimeHealth:            {"OSL 25:1", 70, true},
	RegimeSchoolPupilHealth: {"OSL 23:2 första stycket", 70, true},
	RegimeSchoolSupport:     {"OSL 23:2 andra stycket", 70, true},
	RegimeSchoolOther:       {"OSL 23:2 tredje stycket", 70, true},
	RegimePolice:            {"OSL 35:1 första stycket 1 och 4", 70, true},
	RegimeFamilyCounselling: {"OSL 26:3", 70, true},
	RegimePrivateSocial:     {"SoL 17:11", 0, true},
	RegimePrivateSchool:     {"skollagen 29:14", 0, true},
	RegimeNone:              {"", 0, true},
	RegimeConcernReport:     {"OSL 40:7 g", 70, false},
	RegimeCriminalRecord:    {"OSL 35:3", 70, false},
	RegimeAnyHealthSex:      {"OSL 21:1", 70, false},
	RegimeAddressHarassed:   {"OSL 21:3", 70, false},
	RegimeAddressProtected:  {"OSL 21:3 a", 70, false},
	RegimeGDPRMisuse:        {"OSL 21:7", 0, false},
}

// Rule gives what the law says about the regime; the zero rule for a regime
// that does not exist.
func (r SecrecyRegime) Rule() SecrecyRule { return secrecyRules[r] }

// Valid reports whether the regime exists.
func (r SecrecyRegime) Valid() bool { _, ok := secrecyRules[r]; return ok }

// OfBranch reports whether a branch of activity can work under the regime.
func (r SecrecyRegime) OfBranch() bool { return secrecyRules[r].Branch }
