package sig

import "slices"

// Purpose is why a row of a consent lets something be told (domain 3.1, lines
// 3-5), as one of a list that has words in every language. A free text would be
// Swedish to whoever is asked for a yes in Arabic.
type Purpose string

// The purposes, in the order in which pages list them. Other says nothing by
// itself: the coordinator writes what it is.
const (
	PurposeCoordinate Purpose = "coordinate_support"
	PurposePlan       Purpose = "follow_plan"
	PurposeSchool     Purpose = "school_attendance"
	PurposeWork       Purpose = "work"
	PurposeLeisure    Purpose = "leisure"
	PurposeHealth     Purpose = "health"
	PurposeSafety     Purpose = "safety"
	PurposeCrime      Purpose = "prevent_crime"
	PurposeLeaveCrime Purpose = "leave_crime"
	PurposeParents    Purpose = "support_parents"
	PurposeOther      Purpose = "other"
)

var purposes = []Purpose{
	PurposeCoordinate, PurposePlan, PurposeSchool, PurposeWork, PurposeLeisure, PurposeHealth, PurposeSafety, PurposeCrime,
	PurposeLeaveCrime, PurposeParents, PurposeOther,
}

// Purposes lists every purpose in the order in which pages show them.
func Purposes() []Purpose { return slices.Clone(purposes) }

// Valid reports whether the purpose is one of the list.
func (p Purpose) Valid() bool { return slices.Contains(purposes, p) }

// Aim is the purpose of a row, and what the coordinator added to it in her own
// words. Those stay in Swedish: nobody translates them.
type Aim struct {
	Purpose  Purpose
	Addition string
}
