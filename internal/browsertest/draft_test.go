package browsertest

import (
	"fmt"
	"strings"
	"testing"
)

// What the coordinator types into the plan and does not save.
const (
	typedMarker = "Hemma före tio på vardagar"
	addedMarker = ", och mormor ringer"
)

// What is typed is kept by itself. Another window of the same person is offered
// it and keeps its own text; when the session ends in the middle, the person
// signs in again and brings the text out. Without a script the button does it.
func draftsSurvive(t *testing.T) {
	coordinator := signIn(t, "coordinator-farsta", city.Replicas[0], phone)
	defer coordinator.leave()
	edit := caseOf(coordinator, "Amir Rahimi") + "/plan/edit"
	coordinator.visit(edit)
	coordinator.wipe("#words")
	coordinator.fill("#words", typedMarker)
	coordinator.becomes(`document.querySelector("[data-draft-said]")?.textContent.includes("Utkastet är sparat")`)
	coordinator.fill("#words", addedMarker)

	beside := signIn(t, "coordinator-farsta", city.Replicas[1], phone)
	defer beside.leave()
	beside.visit(edit)
	beside.sees("Du har text som inte är sparad", "Ta fram utkastet")
	if got := ask[string](beside, `document.querySelector("#words").value`); strings.Contains(got, typedMarker) {
		t.Errorf("another window is filled in with %q, which nobody asked for", got)
	}
	beside.lookAround("a draft is offered")

	coordinator.becomes(`document.querySelector("[data-keep]").value.endsWith(".2")`)
	ask[bool](coordinator, `fetch("/logout", {method: "POST", redirect: "manual"}).then(() => true)`)
	coordinator.becomes(`!document.querySelector("main")?.innerHTML.includes("words")`)
	coordinator.lacks(typedMarker)
	coordinator.enter("coordinator-farsta")
	coordinator.visit(edit)
	coordinator.press("Ta fram utkastet")
	coordinator.becomes(fmt.Sprintf(`document.querySelector("#words")?.value === %q`, typedMarker+addedMarker))
	coordinator.sees("Här står ditt utkast")
	coordinator.lookAround("a draft brought out")
	coordinator.press("Ta fram utkastet") // another language is another page
	coordinator.becomes(fmt.Sprintf(`document.querySelector("#words")?.value === %q`, typedMarker+addedMarker))

	// Both windows go on with the same draft: each text stays.
	beside.press("Ta fram utkastet")
	beside.becomes(fmt.Sprintf(`document.querySelector("#words")?.value === %q`, typedMarker+addedMarker))
	beside.fill("#words", " Det andra fönstret.")
	beside.becomes(`document.querySelector("[data-keep]").value.endsWith(".3")`)
	coordinator.fill("#words", " Det första fönstret.")
	coordinator.becomes(`document.querySelector("[data-draft-said]")?.textContent.includes("sparas för sig")`)

	plainly := plain(t, "coordinator-farsta", city.Replicas[0], phone)
	defer plainly.leave()
	plainly.visit(edit)
	plainly.sees("Du har text som inte är sparad")
	for _, left := range []int{1, 0} {
		plainly.press("Släng utkastet")
		plainly.becomes(fmt.Sprintf(`document.readyState === "complete" && document.querySelectorAll("main li form").length === %d`, left))
	}
	plainly.lacks("Du har text som inte är sparad")
	plainly.wipe("#words")
	plainly.fill("#words", typedMarker)
	plainly.press("Spara utkast")
	plainly.sees("Utkastet är sparat", "Här står ditt utkast")
	if got := ask[string](plainly, `document.querySelector("#words").value`); got != typedMarker {
		t.Errorf("without a script the draft is %q", got)
	}
	plainly.press("Släng utkastet")
	plainly.sees("Utkastet är borta")
	for _, p := range []*person{coordinator, beside, plainly} {
		p.quiet("with drafts")
	}
}
