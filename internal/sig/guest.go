package sig

import "slices"

// GuestKind is in which capacity somebody without an account comes to a meeting.
type GuestKind string

// The kinds of guests. Neither is an actor, and neither tells anything: what is
// told at a meeting is told by a function.
const (
	// GuestInterpreter is bound by the board's own secrecy (OSL 2:1, lag 1975:689).
	GuestInterpreter GuestKind = "interpreter"
	// GuestPrivate is a private recipient whom the consent names, and who has to
	// accept a reservation first (OSL 10:14, 12:2 second paragraph).
	GuestPrivate GuestKind = "private"
)

// spoken are the languages for which interpreters are called, by ISO 639 code,
// each as its speakers write it.
var spoken = []struct{ code, name string }{
	{"ar", "العربية"}, {"so", "Soomaali"}, {"prs", "دری"}, {"ti", "ትግርኛ"}, {"fi", "Suomi"}, {"en", "English"}, {"fa", "فارسی"},
	{"ps", "پښتو"}, {"ckb", "کوردیی ناوەندی"}, {"kmr", "Kurmancî"}, {"tr", "Türkçe"}, {"ru", "Русский"}, {"uk", "Українська"},
	{"pl", "Polski"}, {"bs", "Bosanski"}, {"sq", "Shqip"}, {"es", "Español"}, {"fr", "Français"}, {"rom", "Romani"}, {"am", "አማርኛ"}, {"ur", "اردو"},
	{"th", "ไทย"}, {"vi", "Tiếng Việt"}, {"swl", "Svenskt teckenspråk"},
}

// SpokenLanguages lists their codes.
func SpokenLanguages() []string {
	var list []string
	for _, s := range spoken {
		list = append(list, s.code)
	}
	return list
}

// SpokenName is what a language calls itself; empty for a code that is not known.
func SpokenName(code string) string {
	i := slices.IndexFunc(spoken, func(s struct{ code, name string }) bool { return s.code == code })
	if i < 0 {
		return ""
	}
	return spoken[i].name
}

// ForClub reports whether an association may be told a category at a meeting:
// practical matters and goals, and nothing else (OSL 10:14; the consent must
// have it besides).
func (c Category) ForClub() bool { return c == CategoryPlanGoals || c == CategoryMeetingLogistics }
