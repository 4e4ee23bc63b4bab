package browsertest

import "testing"

// The order matters: what looks comes first, what takes back comes last.
func TestPortalInABrowser(t *testing.T) {
	t.Run("every page has no fault", everyPage)
	t.Run("the start page is light", weight)
	t.Run("the reader's own colours are enough", ownColours)
	t.Run("pages can be enlarged", enlarged)
	t.Run("a consent is explained, signed by all and decided upon", signing)
	t.Run("what is told is read by those who may, and hidden from those who may not", disclosing)
	t.Run("a weaker recipient wants a reason", weakerRecipient)
	t.Run("another board and another district are let in nowhere", otherBoards)
	t.Run("who has no part finds nobody", snooping)
	t.Run("the main stories need no scripts", withoutScripts)
	t.Run("what is typed survives a session and another window", draftsSurvive)
	t.Run("a whole meeting, one of whom is cut off in the middle", theRoom)
	t.Run("a whole meeting by the keyboard alone, on a narrow screen", roomWithTheKeyboard)
	t.Run("the keyboard is enough to take back", withTheKeyboard)
	t.Run("a family's steps need no scripts and no pointer, in both directions", familySteps)
	t.Run("who leaves quickly has left", leavingQuickly)
	t.Run("a withdrawal cuts everybody off at once", cutOff)
	t.Run("what has ended has no fault", afterwards)
	t.Run("every route was looked at", everyRoute)
}
