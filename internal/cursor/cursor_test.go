package cursor_test

import (
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/cursor"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

func TestACursorIsOfOneSessionAndOneList(t *testing.T) {
	one, err := cursor.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	other, err := cursor.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var mine, theirs, otherHat sig.Actor
	mine.Session.UUID, theirs.Session.UUID = uuid.New(), uuid.New()
	otherHat.Session, otherHat.Assignment.UUID = mine.Session, uuid.New()
	text, err := one.Write(mine, "inbox", 17)
	if err != nil {
		t.Fatal(err)
	}
	var at int
	if err := one.Read(mine, "inbox", text, &at); err != nil || at != 17 {
		t.Errorf("the own cursor: %d, %v", at, err)
	}
	for name, read := range map[string]func() error{
		"another session":     func() error { return one.Read(theirs, "inbox", text, &at) },
		"another assignment":  func() error { return one.Read(otherHat, "inbox", text, &at) },
		"another list":        func() error { return one.Read(mine, "diary", text, &at) },
		"another key":         func() error { return other.Read(mine, "inbox", text, &at) },
		"one letter changed":  func() error { return one.Read(mine, "inbox", "A"+text[1:len(text)-1]+"A", &at) },
		"cut short":           func() error { return one.Read(mine, "inbox", text[:8], &at) },
		"not of this writing": func() error { return one.Read(mine, "inbox", "%", &at) },
	} {
		if f, ok := read().(*fault.Error); !ok || f.Kind != fault.Malformed {
			t.Errorf("%s is not refused as malformed", name)
		}
	}
}
