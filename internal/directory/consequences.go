package directory

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Break is what an import does to one intervention at an instant: rows of its
// consent name a function that leaves for another authority (OSL 8:1) and end,
// or in which nobody sits any more; and people's parts in it end. It holds no
// content: a case by its number, and counts.
type Break struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Board        sig.AuthorityID
	Seat         sig.Seat
	At           time.Time
	To           []sig.AuthorityID // other authorities to which it, or its people, go
	Leaves       bool              // the function itself goes, and the rows end
	Asks         bool              // whether it does the file does not say, and must
	Rows         []sig.Grant       // of the consent in force, that name the seat and would last longer
	Parts        int
}

// emptied is a seat whose people all leave it by a plan.
type emptied struct {
	seat  sig.Seat
	at    time.Time
	empty bool // nobody is left in it
	goes  bool // it goes to another authority itself
	to    []sig.AuthorityID
	ended []sig.AssignmentID
}

// after is who sits where once a plan is written.
func (p *Plan) after(have *sig.Directory) *sig.Directory {
	d := &sig.Directory{Units: slices.Concat(p.write.Units, have.Units)}
	for _, m := range slices.Concat(have.Moves, p.write.Moves) {
		if !slices.Contains(p.dropped, m) {
			d.Moves = append(d.Moves, m)
		}
	}
	for _, a := range have.Assignments {
		if !slices.ContainsFunc(p.write.Assignments, func(w sig.Assignment) bool { return w.ID == a.ID }) {
			d.Assignments = append(d.Assignments, a)
		}
	}
	d.Assignments = append(d.Assignments, p.write.Assignments...)
	return d
}

func sitsAt(d *sig.Directory, a sig.Assignment, at time.Time) sig.Seat {
	return sig.Seat{Authority: a.Authority, Unit: d.CurrentUnit(a.Unit, a.Function, at, a.From), Function: a.Function}
}

// left lists the seats that a plan takes people out of, and those that it takes
// to another authority.
func (p *Plan) left(have *sig.Directory) []emptied {
	after := p.after(have).Inside()
	var list []emptied
	for _, m := range p.write.Moves {
		if u, _ := after.Unit(m.To); u.Authority != m.Authority {
			list = append(list, emptied{
				seat: sig.Seat{Authority: m.Authority, Unit: m.From, Function: m.Function}, at: m.At, empty: true, goes: true,
				to: []sig.AuthorityID{u.Authority},
			})
		}
	}
	for _, a := range after.Assignments {
		if !slices.Contains(p.ended, a.ID) {
			continue
		}
		seat := sitsAt(after, a, a.To)
		n := slices.IndexFunc(list, func(e emptied) bool { return e.seat == seat && e.at.Equal(a.To) })
		if n < 0 {
			list = append(list, emptied{seat: seat, at: a.To, empty: !slices.ContainsFunc(after.Assignments, func(o sig.Assignment) bool {
				return o.Function == a.Function && o.ActiveAt(a.To) && sitsAt(after, o, a.To) == seat
			})})
			n = len(list) - 1
		}
		list[n].ended = append(list[n].ended, a.ID)
		for _, o := range after.Assignments {
			same := o.Issuer == a.Issuer && o.StaffKey == a.StaffKey && o.Function == a.Function
			if same && o.Authority != a.Authority && o.To.After(a.To) && !slices.Contains(list[n].to, o.Authority) {
				list[n].to = append(list[n].to, o.Authority)
			}
		}
	}
	return list
}

// breaks works out what a plan does to interventions.
func (p *Plan) breaks(ctx context.Context, tx *postgres.Tx, have *sig.Directory) ([]Break, error) {
	left := p.left(have)
	if len(left) == 0 {
		return nil, nil
	}
	cases, err := rowsInForce(ctx, tx)
	if err != nil {
		return nil, err
	}
	moves := p.after(have).Inside()
	var list []Break
	for _, e := range left {
		parts, err := tx.PartsOf(ctx, e.ended, e.at)
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			b := Break{
				Intervention: c.Intervention, CaseNumber: c.CaseNumber, Board: c.Board, Seat: e.seat, At: e.at, To: e.to, Leaves: e.goes, Parts: parts[c.Intervention],
			}
			if e.empty {
				b.Rows = c.naming(moves, e.seat, e.at)
			}
			b.Asks = len(b.Rows) > 0 && len(b.To) > 0 && !b.Leaves && !slices.Contains(p.vacant, vacancyOf(b))
			if len(b.Rows) > 0 || b.Parts > 0 {
				list = append(list, b)
			}
		}
	}
	return list, nil
}

// writeBreaks says what a plan does to interventions, a line each.
func (p *Plan) writeBreaks(to io.Writer) error {
	for _, b := range p.Breaks {
		var says []string
		if n := len(b.Rows); n > 0 && b.Leaves {
			says = append(says, fmt.Sprintf("%s of the consent in force end, because the function goes to %s, another authority", count(n, "row"), keys(b.To)))
		} else if n > 0 {
			text := fmt.Sprintf("%s of the consent in force have nobody, because nobody sits there", count(n, "row"))
			if len(b.To) > 0 {
				text += " (its people go to " + keys(b.To) + ", another authority)"
			}
			if b.Asks {
				text += "; say under function_moves that the function goes with them, or under vacancies that it stays"
			}
			says = append(says, text)
		}
		if b.Parts > 0 {
			says = append(says, count(b.Parts, "participation")+" ends")
		}
		_, err := fmt.Fprintf(to, "%-8s case %s, %s at %s, from %s on: %s\n",
			"stops", b.CaseNumber, b.Seat.Function, b.Seat.Unit, instant(b.At), strings.Join(says, "; "))
		if err != nil {
			return fmt.Errorf("write the consequences: %w", err)
		}
	}
	return nil
}

func vacancyOf(b Break) Vacancy {
	return Vacancy{Function: b.Seat.Function, Unit: b.Seat.Unit, At: b.At}
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// asked is the function of the board that is asked for a new version: the
// coordinator's or, where that is itself the one that goes or stands empty, the
// social secretary's, who decides on the intervention.
func (b *Break) asked() sig.Function {
	if b.Seat.Authority == b.Board && b.Seat.Function == sig.RoleCoordinator {
		return sig.RoleSocialSecretary
	}
	return sig.RoleCoordinator
}

// movedRow is a row in a journal note, as package consenting writes it.
type movedRow struct {
	From       sig.Seat       `json:"from"`
	To         sig.Seat       `json:"to"`
	Categories []sig.Category `json:"categories"`
}

// tell writes, for each intervention whose rows end or stay empty, the board's
// journal note, and asks its coordinator for a new version. Where a function that
// was to leave stays, it says so and takes the task back.
func (p *Plan) tell(ctx context.Context, tx *postgres.Tx) error {
	for _, b := range p.Breaks {
		if len(b.Rows) == 0 {
			continue
		}
		on := sig.DateOf(b.At)
		if err := noteMove(tx, b.Intervention, b.Board, postgres.JournalFunctionMoved, on, b.Rows); err != nil {
			return err
		}
		tx.InsertTask(postgres.Task{
			ID: sig.TaskID{UUID: uuid.New()}, Intervention: b.Intervention, Authority: b.Board, Function: b.asked(),
			Kind: postgres.TaskFunctionMoved, DueOn: on,
		})
	}
	for _, c := range p.touched {
		if err := tx.SetAlarm(postgres.AlarmFunctionLeaves, c.Intervention, c.Intervention.UUID, tx.Now()); err != nil {
			return err
		}
		if !c.stays {
			continue
		}
		if err := noteMove(tx, c.Intervention, c.Board, postgres.JournalFunctionStays, c.on, c.Rows); err != nil {
			return err
		}
		if _, err := tx.FinishTasks(ctx, c.Intervention, postgres.TaskFunctionMoved, "done", nil); err != nil {
			return err
		}
	}
	return nil
}

func noteMove(tx *postgres.Tx, i sig.InterventionID, board sig.AuthorityID, kind postgres.JournalKind, on sig.Date, grants []sig.Grant) error {
	var rows []movedRow
	for _, g := range grants {
		rows = append(rows, movedRow{g.Discloser, g.Recipient, g.Categories})
	}
	return tx.WriteNote(postgres.JournalNote{
		Intervention: i, Authority: board, Kind: kind, At: tx.Now(), Facts: map[string]any{"on": on.String(), "rows": rows},
	})
}
