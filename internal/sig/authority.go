package sig

// AuthorityKind is what sort of body an authority is. The kind decides whether
// the OSL applies to it directly.
type AuthorityKind string

// The kinds of authorities.
const (
	KindMunicipalBoard  AuthorityKind = "municipal_board"
	KindDistrictBoard   AuthorityKind = "district_board"
	KindLeisureBoard    AuthorityKind = "leisure_board"
	KindEducationBoard  AuthorityKind = "education_board"
	KindPolice          AuthorityKind = "police"
	KindRegionHealth    AuthorityKind = "region_health"
	KindStateOther      AuthorityKind = "state_other"
	KindPrivateSchool   AuthorityKind = "private_school"
	KindPrivateProvider AuthorityKind = "private_provider"
	KindCivilSociety    AuthorityKind = "civil_society"
)

// Valid reports whether the kind exists.
func (k AuthorityKind) Valid() bool {
	switch k {
	case KindMunicipalBoard, KindDistrictBoard, KindLeisureBoard, KindEducationBoard, KindPolice,
		KindRegionHealth, KindStateOther, KindPrivateSchool, KindPrivateProvider, KindCivilSociety:
		return true
	default:
		return false
	}
}

// PublicBody reports whether the OSL applies to bodies of this kind directly.
// Private bodies have a duty of silence from another statute, or none; a
// disclosure to them is never one between authorities (OSL 10:15 a).
func (k AuthorityKind) PublicBody() bool {
	switch k {
	case KindPrivateSchool, KindPrivateProvider, KindCivilSociety:
		return false
	default:
		return k.Valid()
	}
}

// SocialServices reports whether bodies of this kind run social services: the
// side that, with the police, an intervention cannot do without.
func (k AuthorityKind) SocialServices() bool {
	return k == KindDistrictBoard || k == KindMunicipalBoard
}

// MunicipalityCode is the four-digit code of a municipality, "0180" for
// Stockholm; empty for national and private bodies.
type MunicipalityCode string

// Authority is the secrecy subject of OSL 8:1: the border runs round it, also
// between two district boards of one city.
type Authority struct {
	ID           AuthorityID
	Kind         AuthorityKind
	Name         string
	Municipality MunicipalityCode
	Districts    []DistrictID // empty: the whole municipality, or the nation
	PublicBody   bool
}

// District is a geographic area that boards answer for and consents name.
type District struct {
	ID   DistrictID
	Name string
}
