package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/uuid"
)

// The field assistants of the leisure board are another authority, which the
// consent does not name, and the police in Järva another district. The
// coordinator is told so, and what to do, wherever they might be let in; they
// themselves find nothing (T08).
func otherBoards(t *testing.T) {
	coordinator := open(t, "coordinator-farsta", city.Replicas[0], desk)
	amirs := caseOf(coordinator, "Amir Rahimi")
	const marker = "Mål: hemma före tio på vardagar"
	item := coordinator.writes(amirs, "Mål i planen", marker)

	coordinator.visit(amirs + "/seats")
	offered := ask[string](coordinator, `[...document.querySelector("#assignment").options].map((o) => o.text).join("\n")`)
	if !strings.Contains(offered, "Tove Lindvall") {
		t.Errorf("a colleague of the same board is not offered: %s", offered)
	}
	for _, stranger := range []string{"Elsa Norr", "Moa Lind", "Samir Haddad"} {
		if strings.Contains(offered, stranger) {
			t.Errorf("%s of another authority is offered a part", stranger)
		}
	}

	coordinator.visit(item + "/disclose")
	coordinator.lacks("Fält och mötesplatser", "Lokalpolisområde Järva")
	for _, strange := range []string{"kulturfritid/kulturfritid-falt/field_assistant", "polisen/polis-jarva/community_police"} {
		coordinator.visit(item + "/disclose")
		// As somebody would who changes the page before sending it.
		coordinator.do(chromedp.EvaluateAsDevTools[chromedp.Void](fmt.Sprintf(
			`(() => { const box = document.querySelector("main .card .pick input"); box.value = %q; box.checked = true })()`, strange)))
		coordinator.fill("#necessity", "Möter Amir på kvällarna.")
		coordinator.press("Fortsätt och kontrollera")
		coordinator.becomes(`document.querySelector(".summary") !== null`)
		coordinator.sees("Samtycket har ingen rad från din funktion till den här mottagaren.")
		coordinator.lacks("Det här lämnas ut")
	}

	coordinator.visit(amirs)
	coordinator.press("Ändra samtycket")
	coordinator.at(amirs + "/consent")
	rows := ask[int](coordinator, `document.querySelectorAll("#grants > details").length`)
	coordinator.press("Lägg till en rad")
	row := fmt.Sprintf("grants.%d", rows)
	coordinator.becomes(fmt.Sprintf(`document.getElementById("%s.discloser") !== null`, row))
	coordinator.choose(fmt.Sprintf(`document.getElementById("%s.discloser")`, row), "SIG-samordnare, Enheten för barn och unga, Farsta")
	coordinator.choose(fmt.Sprintf(`document.getElementById("%s.recipient")`, row), "Kommunpolis, Lokalpolisområde Järva")
	coordinator.click(fmt.Sprintf(`[name="%s.categories"][value="plan_goals"]`, row))
	coordinator.choose(fmt.Sprintf(`document.getElementById("%s.purpose")`, row), "Hindra nya brott")
	coordinator.fill(fmt.Sprintf(`[id="%s.addition"]`, row), "Amir är ofta i Järva.")
	coordinator.press("Kontrollera och förhandsgranska")
	coordinator.becomes(`document.querySelector(".summary") !== null`)
	coordinator.sees(fmt.Sprintf("Rad %d: mottagaren arbetar i Järva. Nämn området.", rows+1))
	coordinator.look("a row for another district")
	coordinator.visit(amirs)
	coordinator.press("Ta bort utkastet")
	coordinator.at(amirs)

	for persona, base := range map[string]string{"field-assistant-leisure": city.Replicas[0], "police-jarva": city.Replicas[1]} {
		p := open(t, persona, base, phone)
		for _, path := range []string{"/start", "/inbox", "/interventions"} {
			p.visit(path)
			p.lacks("Amir", "Rahimi", marker)
		}
		for _, path := range []string{amirs, item, amirs + "/items", amirs + "/seats"} {
			at := strings.LastIndex(amirs, "/") + 1
			there, nowhere := p.fetch(path), p.fetch(path[:at]+uuid.NewString()+path[len(amirs):])
			if there.Status != 404 || nowhere.Status != 404 || without(there) != without(nowhere) {
				t.Errorf("%s can tell %s (%d) from what does not exist (%d)", persona, path, there.Status, nowhere.Status)
			}
		}
		p.quiet("finding nothing")
	}
	coordinator.quiet("about other boards")
}
