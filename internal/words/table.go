package words

import "strings"

// script is how a language writes dates, times and lists.
type script struct {
	months [12]string
	short  func(month string) string // for pictures; nil is the whole name
	day    string                    // between a day and its month
	clock  string                    // between date and time
	dot    bool                      // hours and minutes are parted by a dot
	and    string                    // before the last of a list
	comma  string
}

// letters shortens names that are longer than four letters.
func letters(n int, end string) func(string) string {
	return func(month string) string {
		r := []rune(month)
		if len(r) <= 4 {
			return month
		}
		return string(r[:n]) + end
	}
}

var (
	swedish = script{
		short: letters(3, "."), day: " ", clock: " kl. ", dot: true, and: " och ", comma: ", ",
		months: [12]string{
			"januari", "februari", "mars", "april", "maj", "juni",
			"juli", "augusti", "september", "oktober", "november", "december",
		},
	}
	english = script{
		short: letters(3, ""), day: " ", clock: " at ", and: " and ", comma: ", ",
		months: [12]string{
			"January", "February", "March", "April", "May", "June",
			"July", "August", "September", "October", "November", "December",
		},
	}
	arabic = script{
		day: " ", clock: " الساعة ", and: " و", comma: "، ",
		months: [12]string{
			"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
			"يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر",
		},
	}
	finnish = script{
		short: func(month string) string { return strings.TrimSuffix(month, "kuuta") }, day: ". ", clock: " klo ", dot: true, and: " ja ", comma: ", ",
		months: [12]string{
			"tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta", "kesäkuuta",
			"heinäkuuta", "elokuuta", "syyskuuta", "lokakuuta", "marraskuuta", "joulukuuta",
		},
	}
	somali = script{
		short: letters(4, ""), day: " ", clock: ", saacadda ", and: " iyo ", comma: ", ",
		months: [12]string{
			"Jannaayo", "Febraayo", "Maarso", "Abriil", "Maajo", "Juun",
			"Luuliyo", "Ogosto", "Sebtembar", "Oktoobar", "Nofembar", "Desembar",
		},
	}
	dari = script{
		day: " ", clock: "، ساعت ", and: " و ", comma: "، ",
		months: [12]string{
			"جنوری", "فبروری", "مارچ", "اپریل", "می", "جون",
			"جولای", "اگست", "سپتمبر", "اکتوبر", "نومبر", "دسمبر",
		},
	}
	tigrinya = script{
		day: " ", clock: " ሰዓት ", and: " ከምኡውን ", comma: "፣ ",
		months: [12]string{
			"ጥሪ", "ለካቲት", "መጋቢት", "ሚያዝያ", "ግንቦት", "ሰነ",
			"ሓምለ", "ነሓሰ", "መስከረም", "ጥቅምቲ", "ሕዳር", "ታሕሳስ",
		},
	}
)

// table is the own list of languages. Matching against it is exact: a library's
// "closest" language matched Sorani to Arabic and Pashto to English.
var table = []*Language{
	{tag: "sv", name: "Svenska", dir: "ltr", script: swedish},
	{tag: "en", name: "English", dir: "ltr", script: english},
	{tag: "ar", name: "العربية", dir: "rtl", script: arabic},
	{tag: "sv-simple", name: "Lätt svenska", dir: "ltr", script: swedish, reader: family},
	{tag: "fi", name: "Suomi", dir: "ltr", script: finnish, reader: family},
	{tag: "so", name: "Soomaali", dir: "ltr", script: somali, reader: family},
	{tag: "prs", name: "دری", dir: "rtl", script: dari, reader: family, asked: []string{"fa-af"}, rules: "fa-AF"},
	{tag: "ti", name: "ትግርኛ", dir: "ltr", script: tigrinya, reader: family},
}
