package sample

// Protection is how a person's particulars are protected in the register of
// the population.
type Protection string

// The two kinds that the invented families need.
const (
	Unprotected Protection = "none"
	Marked      Protection = "marked" // sekretessmarkering
)

// Custody is one guardian's standing in a family.
type Custody struct {
	Guardian   string // persona id
	Protection Protection
	LivesApart bool // must not learn where the child lives (OSL 26:2)
}

// Family is a young person with those who have custody, jointly where there
// are two.
type Family struct {
	Youth      string // persona id
	District   string
	Protection Protection
	Guardians  []Custody
}

// Families lists the invented families.
func Families() []Family {
	return []Family{
		{Youth: "amir", District: "farsta", Protection: Unprotected, Guardians: joint("sara", "omid")},
		{Youth: "lina", District: "farsta", Protection: Unprotected, Guardians: joint("petra", "anders")},
		{Youth: "kim", District: "farsta", Protection: Unprotected, Guardians: joint("helena", "johan")},
		{Youth: "maja", District: "farsta", Protection: Marked, Guardians: []Custody{
			{Guardian: "disa", Protection: Marked}, {Guardian: "viktor", Protection: Unprotected, LivesApart: true},
		}},
	}
}

func joint(a, b string) []Custody {
	return []Custody{{Guardian: a, Protection: Unprotected}, {Guardian: b, Protection: Unprotected}}
}
