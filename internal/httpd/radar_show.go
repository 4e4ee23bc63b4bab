package httpd

import (
	"sigportal/internal/casework"
	"sigportal/internal/picture"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// radarData is what the coordinator should see to about consents, by how soon.
type radarData struct {
	Base
	Ending  picture.Picture
	Parts   []radarPart
	Renews  bool // something can be renewed
	Nothing bool
}

// radarPart is what is as urgent as each other.
type radarPart struct {
	Title string
	Lines []radarRow
}

// radarRow is one thing in a sentence, and the act that mends it.
type radarRow struct{ Youth, Case, CasePath, Text, More, Act, Path string }

// radarShow shows it.
func (a *App) radarShow(r *Request) error {
	found, err := a.deps.Casework.Radar(r.Context(), r.Actor())
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	data := radarData{Base: r.Base("radar.title")}
	data.fill(w, found)
	return radarPage.Send(r, data)
}

func (d *radarData) fill(w itemWords, found *casework.Radar) {
	var endings []picture.Ending
	last := casework.Urgency("")
	for _, l := range found.Lines {
		if l.Kind == casework.RadarEnds {
			endings = append(endings, picture.Ending{Label: l.YouthName, To: l.Until})
		}
		d.Renews = d.Renews || l.Kind == casework.RadarEnds || l.Kind == casework.RadarStopped
		if l.Urgency != last {
			d.Parts, last = append(d.Parts, radarPart{Title: w.lang.T("radar.urgency." + string(l.Urgency))}), l.Urgency
		}
		part := &d.Parts[len(d.Parts)-1]
		part.Lines = append(part.Lines, radarRowOf(w, found, l))
	}
	d.Ending = picture.Radar(w.lang, found.Now, casework.RadarEndsDays, endings)
	d.Nothing = len(found.Lines) == 0
}

func radarRowOf(w itemWords, found *casework.Radar, l casework.RadarLine) radarRow {
	row := radarRow{Youth: l.YouthName, Case: l.CaseNumber, CasePath: casePath(l.Intervention), Path: casePath(l.Intervention)}
	act := "case"
	key := "radar." + string(l.Kind)
	switch l.Kind { //nolint:exhaustive // what an urgency is made of is no line
	case casework.RadarEnds:
		act = "renew"
		row.Text = w.lang.N(key, words.Days(found.Now, l.Until), "until", w.lang.Until(l.Until))
	case casework.RadarStopped:
		act = "renew"
		row.Text = w.lang.T(key, "until", familyWords{Language: w.lang}.lastDay(l.Until))
	case casework.RadarSilent:
		act = "explain"
		row.Text, row.Path = w.lang.T(key, "person", l.Name, "date", l.Until), explainPath(l.Consent)
	case casework.RadarNewGuardian, casework.RadarGuardianOut:
		act = "guardians"
		if l.Until.After(found.Now) {
			key += ".ahead"
		}
		row.Text, row.Path = w.lang.T(key, "person", l.Name, "date", l.Until), row.CasePath+"/guardians"
	case casework.RadarVacant:
		act = "seats"
		if !l.Staffed {
			key += ".nobody"
		}
		seat := w.seat(sig.Seat{Authority: l.Authority, Unit: l.Unit, Function: l.Function})
		row.Text, row.Path = w.lang.T(key, "seat", seat), row.CasePath+"/seats"
	case casework.RadarFifteen, casework.RadarEighteen:
		if l.Kind == casework.RadarEighteen && l.Signed {
			key += ".signed"
		}
		row.Text = w.lang.T(key, "person", l.YouthName, "date", l.Until)
	case casework.RadarUnused:
		act = "narrow"
		row.Text, row.Path = w.lang.N(key, l.Rows, "date", l.Until), row.CasePath+"#unused"
	}
	if l.Preparing && act != "explain" && act != "seats" {
		row.More = w.lang.T("radar.preparing")
	}
	row.Act = w.lang.T("radar.act." + act)
	return row
}

var radarPage = page("radar", func(b Base) []radarData {
	w := itemWords{lang: b.Language, dir: &sig.Directory{}}
	ago := func(days int) casework.RadarLine {
		l := casework.RadarLine{Until: sampleNow.AddDate(0, 0, -days)}
		l.CaseNumber, l.YouthName = "7KMN-4TRX", "Amir Rahimi"
		return l
	}
	of := func(kind casework.RadarKind, urgency casework.Urgency, days int, change func(*casework.RadarLine)) casework.RadarLine {
		l := ago(-days)
		l.Kind, l.Urgency = kind, urgency
		change(&l)
		return l
	}
	plain := func(*casework.RadarLine) {}
	named := func(l *casework.RadarLine) { l.Name = "Omid Rahimi" }
	all := &casework.Radar{Now: sampleNow, Lines: []casework.RadarLine{
		of(casework.RadarEnds, casework.UrgencyWeek, 4, plain),
		of(casework.RadarNewGuardian, casework.UrgencyWeek, -3, named),
		of(casework.RadarGuardianOut, casework.UrgencyWeek, -3, named),
		of(casework.RadarStopped, casework.UrgencyFortnight, 9, func(l *casework.RadarLine) { l.Preparing = true }),
		of(casework.RadarSilent, casework.UrgencyFortnight, -8, named),
		of(casework.RadarVacant, casework.UrgencyFortnight, 0, func(l *casework.RadarLine) { l.Function, l.Staffed = sig.RolePolice, true }),
		of(casework.RadarVacant, casework.UrgencyFortnight, 0, func(l *casework.RadarLine) { l.Function = sig.RolePrincipal }),
		of(casework.RadarNewGuardian, casework.UrgencyFortnight, 10, named),
		of(casework.RadarGuardianOut, casework.UrgencyFortnight, 10, named),
		of(casework.RadarFifteen, casework.UrgencyLater, 40, plain),
		of(casework.RadarEighteen, casework.UrgencyLater, 45, plain),
		of(casework.RadarEighteen, casework.UrgencyLater, 45, func(l *casework.RadarLine) { l.Signed = true }),
		of(casework.RadarUnused, casework.UrgencyReview, -60, func(l *casework.RadarLine) { l.Rows = 2 }),
	}}
	full, empty := radarData{Base: b}, radarData{Base: b}
	full.fill(w, all)
	empty.fill(w, &casework.Radar{Now: sampleNow})
	return []radarData{full, empty}
})
