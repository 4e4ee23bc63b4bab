package browsertest

import "testing"

// The order matters: what looks comes first, what takes back comes last.
func TestPortalInABrowser(t *testing.T) {
	t.Run("the start pages have no fault", startPages)
	t.Run("a consent is explained, signed by all and decided upon", signing)
	t.Run("what is told is read by those who may, and hidden from those who may not", disclosing)
	t.Run("a weaker recipient wants a reason", weakerRecipient)
	t.Run("who has no part finds nobody", snooping)
	t.Run("the main stories need no scripts", withoutScripts)
	t.Run("the keyboard is enough to take back", withTheKeyboard)
	t.Run("a withdrawal cuts everybody off at once", cutOff)
}

func startPages(t *testing.T) {
	for _, who := range []struct {
		persona string
		width   int64
	}{{"sara", phone}, {"coordinator-farsta", desk}, {"police-farsta", phone}} {
		t.Run(who.persona, func(t *testing.T) {
			p := open(t, who.persona, city.Address, who.width)
			p.look(who.persona)
			p.speak("ar")
			p.look(who.persona + ", ar")
			p.speak("sv")
		})
	}
}
