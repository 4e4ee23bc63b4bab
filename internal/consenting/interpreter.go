package consenting

import (
	"context"
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// checkExplained looks at who interpreted an explanation: one that was made
// through an interpreter names that person.
func (m *matter) checkExplained(ctx context.Context, c *postgres.Consent, in Explaining) error {
	var check fault.Check
	if in.Method == MethodInterpreter && strings.TrimSpace(in.Interpreter.ID) == "" {
		check.Fail("interpreter", "error.required")
	}
	if err := m.checkInterpreter(ctx, &check, c, in.Interpreter); err != nil {
		return err
	}
	return check.Err()
}

// checkInterpreter refuses a relative as interpreter (T25, JO 186-2009): whoever
// records it says that it is none, and no word of the name is one of the
// family's or of somebody close whom the version names.
func (m *matter) checkInterpreter(ctx context.Context, check *fault.Check, c *postgres.Consent, in Interpreting) error {
	in.ID = strings.TrimSpace(in.ID)
	if in.ID == "" {
		return nil
	}
	_, notANumber := sig.ParsePersonalNumber(in.ID)
	switch {
	case !sig.Writable(in.ID) || strings.ContainsAny(in.ID, "\n\t"):
		check.Fail("interpreter", "error.bad_text")
		return nil
	case len([]rune(in.ID)) > sig.InterpreterMax:
		check.Fail("interpreter", "error.too_long", "max", sig.InterpreterMax)
		return nil
	case notANumber == nil:
		check.Fail("interpreter", "error.interpreter_personal_number")
		return nil
	}
	close, err := m.privateNames(ctx, m.rows[c.ID])
	if err != nil {
		return err
	}
	family := []string{m.youth.Name}
	for _, g := range m.guardians {
		family = append(family, g.Name)
	}
	for _, row := range m.rows[c.ID] {
		if row.Private == sig.PrivateCloseContact {
			family = append(family, close[row.ID])
		}
	}
	if name := (sig.Interpreter{ID: in.ID}).Relative(family); name != "" {
		check.Fail("interpreter", "error.interpreter_relative", "name", name)
	}
	if !in.Unrelated {
		check.Fail("interpreter_unrelated", "error.interpreter_confirm")
	}
	return nil
}
