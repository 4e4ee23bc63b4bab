package sig_test

import (
	"testing"

	"sigportal/internal/sig"
)

func TestNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]sig.PhoneNumber{
		"070-123 45 67": "+46701234567", "0701234567": "+46701234567", " +46 (0)70 123 45 67 ": "+46701234567",
		"0046701234567": "+46701234567", "+358 40 123 4567": "+358401234567", "+252611234567": "+252611234567",
	} {
		if got, ok := sig.ReadPhoneNumber(text); !ok || got != want {
			t.Errorf("%q is read as %q, %v; want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "070", "08-123 456 78", "070-123 45 678", "701234567", "+0701234567", "+4670123456x", "070-123 45 67\r\nto: x", "++46701234567",
		"+46701234567,+46701234568", "+1234567890123456", "sms:+46701234567", "٠٧٠١٢٣٤٥٦٧",
	} {
		if got, ok := sig.ReadPhoneNumber(text); ok {
			t.Errorf("%q is read as %q", text, got)
		}
	}
}
