package browsertest

import (
	"fmt"
	"testing"
)

// Kim, 12, and both guardians are asked: assessed, explained to, signed with a
// fresh login each, decided upon (T01, T02 and T03 as far as they sign).
func signing(t *testing.T) {
	secretary, coordinator := open(t, "social-secretary-farsta", city.Replicas[0], desk), open(t, "coordinator-farsta", city.Replicas[1], desk)
	kims := caseOf(coordinator, "Kim Öberg")
	secretary.visit(kims)
	secretary.press("Bedöm mognad")
	secretary.at(kims + "/maturity")
	secretary.press("Spara bedömningen") // nothing chosen yet
	secretary.becomes(`document.querySelector(".summary")?.contains(document.activeElement)`)
	secretary.look("maturity, nothing chosen")
	secretary.pick("Tillräckligt mogen")
	secretary.fill("#reason", "Förstår vad det betyder och kan säga ifrån.")
	secretary.press("Spara bedömningen")
	secretary.at(kims)

	coordinator.visit(kims)
	explain := coordinator.link("/explain")
	for _, name := range []string{"Kim Öberg", "Helena Öberg", "Johan Öberg"} {
		explains(coordinator, explain, name)
	}
	coordinator.visit(kims)
	coordinator.sees("3 underskrifter saknas")

	helena := open(t, "helena", city.Address, phone)
	question := helena.reads()
	helena.tells(question)
	helena.identify("johan") // the other guardian holds the phone
	helena.sees("Inget är underskrivet")
	helena.look("somebody else came back")
	coordinator.visit(kims)
	coordinator.sees("3 underskrifter saknas")
	helena.signs("helena")
	coordinator.visit(kims)
	coordinator.sees("2 underskrifter saknas")
	secretary.visit(kims + "/decision")
	secretary.lacks("Bevilja insatsen") // one of three (T02)

	johan := plain(t, "johan", city.Address, phone)
	johan.signsWithKeys("johan", "ar")
	johan.leave()
	open(t, "kim", city.Address, phone).signs("kim")
	helena.visit("/start")
	helena.sees("Nu väntar ett beslut")
	helena.lacks("Får veta:")
	secretary.visit(kims + "/decision")
	secretary.lookAround("the decision")
	secretary.visit(kims)
	secretary.sees("Väntar på beslut")
	secretary.decides(kims)
	helena.visit("/start")
	helena.sees("Får veta:", "Kommunpolis")
	for _, p := range []*person{secretary, coordinator, helena} {
		p.quiet("after signing")
	}
}

// caseOf gives the path of somebody's case, from the list of cases.
func caseOf(p *person, name string) string {
	p.t.Helper()
	p.visit("/interventions")
	return p.link(name)
}

// explains records that the consent was explained to somebody in a meeting.
func explains(p *person, path, name string) {
	p.t.Helper()
	p.visit(path)
	p.pick(name)
	p.pick("På ett möte")
	p.choose(`document.querySelector("#language")`, "svenska")
	p.click("#understood")
	p.press("Spara")
	p.sees("Sparat att samtycket är förklarat")
}

// reads goes from the start page through the question to the page where it is
// signed.
func (p *person) reads() string {
	p.t.Helper()
	p.visit("/start")
	p.press("Läs frågan")
	p.becomes(`location.pathname.startsWith("/consents/") && document.readyState === "complete"`)
	p.press("Svara")
	p.becomes(`location.pathname.endsWith("/sign") && document.readyState === "complete"`)
	return ask[string](p, `location.pathname`)
}

// tells says yes on that page, and stands before the provider.
func (p *person) tells(question string) {
	p.t.Helper()
	p.at(question)
	p.click("#understood")
	p.press("Säg ja med e-legitimation")
	p.becomes(fmt.Sprintf(`location.origin !== %q && document.querySelector("button[name=persona]")`, p.base))
}

// signs goes the whole way as oneself.
func (p *person) signs(persona string) {
	p.t.Helper()
	p.tells(p.reads())
	p.identify(persona)
	p.sees("Tack. Ditt ja är sparat.")
}

// decides grants the measure.
func (p *person) decides(path string) {
	p.t.Helper()
	p.visit(path)
	p.press("Besluta")
	p.at(path + "/decision")
	p.pick("Bevilja insatsen")
	p.fill("#reference", "FSDN 2026/531")
	p.press("Spara beslutet")
	p.at(path)
	p.sees("Pågår")
}
