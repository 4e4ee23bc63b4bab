package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// MeetingLine is a meeting in a list: when, and in which case. What the actor's
// own function has answered stands beside it.
type MeetingLine struct {
	ID           sig.MeetingID
	Intervention sig.InterventionID
	CaseNumber   string
	YouthName    string
	State        sig.MeetingState
	StartsAt     time.Time
	EndsAt       time.Time
	Called       bool // a seat of the actor is called
	Answer       sig.InvitationAnswer
}

// The statement decides by itself, as that of the inbox does: it shows no text
// and takes no lock. One ledger row stands for the list.
const meetingLinesSQL = `
with content as materialized (
  select m.id, m.intervention, i.case_number, coalesce(y.name, '') as youth_name, m.state, m.starts_at, m.ends_at,
         v.id is not null as called, coalesce(v.answer, '') as answer
    from sig.meeting m
    join sig.intervention i on i.id = m.intervention
    left join sig.youth y on y.id = i.youth
    left join lateral (
      select n.id, n.answer from sig.meeting_invitation n
        join unnest((select sig.my_seats())::sig.seat[]) s
          on s.intervention = n.intervention and s.authority = n.authority and s.function = n.function and n.unit = any (s.units)
       where n.meeting = m.id and n.ended_at is null limit 1) v on true
   where (@intervention::uuid is null or m.intervention = @intervention::uuid)
     and (@from::timestamptz is null or m.ends_at > @from::timestamptz)
     and (@to::timestamptz is null or m.starts_at < @to::timestamptz)
   order by m.starts_at, m.id
   limit 500),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'read_meetings', intervention => @intervention::uuid,
           detail => jsonb_build_object('rows', (select count(*) from content)), request => @request::uuid) as id)
select c.* from logged left join content c on true where c.id is not null order by c.starts_at, c.id`

// instant is an instant as a setting; none is empty.
func instant(at *time.Time) string {
	if at == nil {
		return ""
	}
	return at.UTC().Format("2006-01-02T15:04:05.999999Z07:00")
}

// MeetingLines lists the meetings that the actor may see, in the order of their
// times: of one case or of all, and between two instants where they are given.
func (tx *Tx) MeetingLines(
	ctx context.Context, intervention *sig.InterventionID, from, to *time.Time, request any,
) ([]MeetingLine, error) {
	tx.later("look at some meetings", `select set_config('app.meetings_from', $1, true), set_config('app.meetings_to', $2, true)`,
		instant(from), instant(to))
	rows, err := tx.Query(ctx, meetingLinesSQL, pgx.StrictNamedArgs{
		"intervention": intervention, "from": from, "to": to, "request": request,
	})
	if err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByName[MeetingLine])
	if err != nil {
		return nil, fmt.Errorf("list meetings: %w", err)
	}
	return lines, nil
}
