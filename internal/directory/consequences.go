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
// consent name a function in which nobody sits any more (another board's is
// another authority's, OSL 8:1), and people's parts in it end. It holds no
// content: a case by its number, and counts.
type Break struct {
	Intervention sig.InterventionID
	CaseNumber   string
	Board        sig.AuthorityID
	Seat         sig.Seat
	At           time.Time
	To           []sig.AuthorityID // other authorities to which its people go
	Rows         []sig.Grant       // of the consent in force, that name the seat and would last longer
	Parts        int
}

// emptied is a seat whose people all leave it by a plan.
type emptied struct {
	seat  sig.Seat
	at    time.Time
	empty bool // nobody is left in it
	to    []sig.AuthorityID
	ended []sig.AssignmentID
}

// after is who sits where once a plan is written.
func (p *Plan) after(have *sig.Directory) *sig.Directory {
	d := &sig.Directory{Moves: slices.Concat(have.Moves, p.write.Moves)}
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

// left lists the seats that a plan takes people out of.
func (p *Plan) left(have *sig.Directory) []emptied {
	after := p.after(have)
	var list []emptied
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
	cases, err := tx.RowsInForce(ctx)
	if err != nil {
		return nil, err
	}
	moves := p.after(have)
	names := func(seat, written sig.Seat, at time.Time) bool {
		written.Unit = moves.CurrentUnit(written.Unit, written.Function, at, time.Time{})
		return written == seat
	}
	var list []Break
	for _, e := range left {
		parts, err := tx.PartsOf(ctx, e.ended, e.at)
		if err != nil {
			return nil, err
		}
		for _, c := range cases {
			b := Break{
				Intervention: c.Intervention, CaseNumber: c.CaseNumber, Board: c.Board, Seat: e.seat, At: e.at, To: e.to, Parts: parts[c.Intervention],
			}
			for _, g := range c.Rows {
				if e.empty && g.To.After(e.at) && (names(e.seat, g.Discloser, e.at) || names(e.seat, g.Recipient, e.at)) {
					b.Rows = append(b.Rows, g)
				}
			}
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
		if n := len(b.Rows); n > 0 {
			text := fmt.Sprintf("%s of the consent in force stop, because nobody sits there", count(n, "row"))
			if len(b.To) > 0 {
				text += " (they go to " + keys(b.To) + ", another authority)"
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

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// movedRow is a row in a journal note, as package consenting writes it.
type movedRow struct {
	From       sig.Seat       `json:"from"`
	To         sig.Seat       `json:"to"`
	Categories []sig.Category `json:"categories"`
}

// tell writes, for each intervention whose rows stop, the board's journal note,
// and asks its coordinator for a new version.
func (p *Plan) tell(tx *postgres.Tx) error {
	for _, b := range p.Breaks {
		if len(b.Rows) == 0 {
			continue
		}
		var rows []movedRow
		for _, g := range b.Rows {
			rows = append(rows, movedRow{g.Discloser, g.Recipient, g.Categories})
		}
		on := sig.DateOf(b.At)
		err := tx.WriteNote(postgres.JournalNote{
			Intervention: b.Intervention, Authority: b.Board, Kind: postgres.JournalFunctionMoved, At: tx.Now(),
			Facts: map[string]any{"on": on.String(), "rows": rows},
		})
		if err != nil {
			return err
		}
		tx.InsertTask(postgres.Task{
			ID: sig.TaskID{UUID: uuid.New()}, Intervention: b.Intervention, Authority: b.Board, Function: sig.RoleCoordinator,
			Kind: postgres.TaskFunctionMoved, DueOn: on,
		})
	}
	return nil
}
