package sig_test

import (
	"testing"
	"time"

	"sigportal/internal/sig"
)

// What a family is told of a seat: each row of who was there and who is.
func TestWhatIsToldOfASeat(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 10, 0, 0, 0, 0, time.UTC)
	soon, later, past := at.AddDate(0, 0, 14), at.AddDate(0, 1, 0), at.Add(-time.Microsecond)
	type who = sig.SeatHolders
	for _, tc := range []struct {
		what      string
		told, now who
		kind      sig.SeatChangeKind
		until     time.Time
	}{
		{"nobody, as before", who{}, who{}, "", time.Time{}},
		{"the same person", who{"a": nil}, who{"a": nil}, "", time.Time{}},
		{"another person", who{"a": nil}, who{"b": nil}, sig.SeatNewPerson, time.Time{}},
		{"the first person", who{}, who{"a": nil}, sig.SeatNewPerson, time.Time{}},
		{"one more", who{"a": nil}, who{"a": nil, "b": nil}, sig.SeatNewPerson, time.Time{}},
		{"nobody any more", who{"a": nil}, who{}, sig.SeatVacant, time.Time{}},
		{"one of two went", who{"a": nil, "b": nil}, who{"b": nil}, sig.SeatLeft, time.Time{}},
		{"a substitute beside", who{"a": nil}, who{"a": nil, "b": &soon}, sig.SeatSubstitute, soon},
		{"a substitute instead", who{"a": nil}, who{"b": &soon}, sig.SeatSubstitute, soon},
		{"two substitutes", who{}, who{"b": &soon, "c": &later}, sig.SeatSubstitute, later},
		{"the substitute stays longer", who{"a": nil, "b": &soon}, who{"a": nil, "b": &later}, sig.SeatSubstitute, later},
		{"the same end, read from another zone", who{"b": &soon}, who{"b": new(soon.In(time.FixedZone("", 3600)))}, "", time.Time{}},
		{"the substitute went at the end that was told", who{"a": nil, "b": &at}, who{"a": nil}, "", time.Time{}},
		{"the substitute went a microsecond after it", who{"a": nil, "b": &past}, who{"a": nil}, "", time.Time{}},
		{"the substitute went before it", who{"a": nil, "b": &soon}, who{"a": nil}, sig.SeatLeft, time.Time{}},
		{"the substitute went and nobody is there", who{"b": &at}, who{}, sig.SeatVacant, time.Time{}},
		{"the substitute stays for good", who{"b": &soon}, who{"b": nil}, sig.SeatNewPerson, time.Time{}},
		{"the person is there as a substitute now", who{"b": nil}, who{"b": &soon}, sig.SeatSubstitute, soon},
		{"a new person and a substitute", who{}, who{"a": nil, "b": &soon}, sig.SeatNewPerson, time.Time{}},
	} {
		kind, until, changed := sig.SeatChange(tc.told, tc.now, at)
		if kind != tc.kind || !until.Equal(tc.until) || changed != (tc.kind != "") {
			t.Errorf("%s: %s until %s, %t", tc.what, kind, until, changed)
		}
	}
}
