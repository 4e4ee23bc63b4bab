package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Voice is what a young person wants said before a meeting, without its
// answers; the zero id means that there is none.
type Voice struct {
	ID        sig.VoiceID
	SpokenBy  string // youth, or coordinator in the young person's words
	WrittenAt time.Time
	Readers   []sig.InvitationID
}

// VoiceAnswer is one answer, sealed.
type VoiceAnswer struct {
	Question   int
	BodySealed []byte
}

const voiceSQL = `
select v.id, v.spoken_by, v.written_at, coalesce((select array_agg(r.invitation) from sig.voice_reader r where r.voice = v.id), '{}')
  from sig.voice v where v.meeting = @meeting and v.intervention = @intervention and v.taken_back_at is null`

func queueVoice(b *pgx.Batch, args pgx.StrictNamedArgs, into *Voice) {
	b.Queue(voiceSQL, args).Query(func(rows pgx.Rows) error {
		return each(rows, func() error { return rows.Scan(&into.ID, &into.SpokenBy, &into.WrittenAt, &into.Readers) })
	})
}

const tableSQL = `
select v.id from sig.meeting_invitation v
 where v.meeting = @meeting and v.intervention = @intervention and v.ended_at is null and sig.may_hear(v.id)`

const maySpeakSQL = `select sig.may_speak_before(@meeting)`

// VoiceBefore reads the voice that is left for a meeting, who is at the table
// and whether the actor may still speak.
func (tx *Tx) VoiceBefore(
	ctx context.Context, intervention sig.InterventionID, meeting sig.MeetingID,
) (voice Voice, table []sig.InvitationID, may bool, err error) {
	b := &pgx.Batch{}
	args := pgx.StrictNamedArgs{"meeting": meeting, "intervention": intervention}
	queueVoice(b, args, &voice)
	b.Queue(tableSQL, args).Query(func(rows pgx.Rows) (err error) {
		table, err = pgx.CollectRows(rows, pgx.RowTo[sig.InvitationID])
		return err
	})
	b.Queue(maySpeakSQL, pgx.StrictNamedArgs{"meeting": meeting}).QueryRow(func(row pgx.Row) error { return row.Scan(&may) })
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return voice, nil, false, fmt.Errorf("read what is left for a meeting: %w", err)
	}
	return voice, table, may, nil
}

const hasVoiceSQL = `select exists (select from sig.voice v where v.meeting = @meeting and v.id = any ((select sig.my_voices())::uuid[]))`

// HasVoice reports whether a voice for a meeting is meant for a seat of the actor.
func (tx *Tx) HasVoice(ctx context.Context, meeting sig.MeetingID) (bool, error) {
	var has bool
	err := tx.QueryRow(ctx, hasVoiceSQL, pgx.StrictNamedArgs{"meeting": meeting}).Scan(&has)
	if err != nil {
		return false, fmt.Errorf("look for a voice: %w", err)
	}
	return has, nil
}

const (
	takeVoiceBackSQL = `update sig.voice set taken_back_at = @at where id = @id and taken_back_at is null`
	insertVoiceSQL   = `
insert into sig.voice (id, meeting, intervention, authority, spoken_by, written_by, written_at)
values (@id, @meeting, @intervention, @authority, @by, @writer, @at)`
	insertVoiceAnswerSQL = `
insert into sig.voice_answer (voice, question, intervention, authority, body_sealed) values (@voice, @question, @intervention, @authority, @body)`
	insertVoiceReaderSQL = `
insert into sig.voice_reader (voice, invitation, intervention) values (@voice, @invitation, @intervention)`
)

// TakeVoiceBack takes a voice back; its answers are deleted with it.
func (tx *Tx) TakeVoiceBack(ctx context.Context, id sig.VoiceID) error {
	return tx.one(ctx, "take a voice back", takeVoiceBackSQL, pgx.StrictNamedArgs{"id": id, "at": tx.Now()})
}

// LeaveVoice leaves a voice for some at the table of a meeting. The second wall
// refuses a reader who may not be there.
func (tx *Tx) LeaveVoice(ctx context.Context, m *Meeting, v Voice, answers []VoiceAnswer) error {
	b := &pgx.Batch{}
	b.Queue(insertVoiceSQL, pgx.StrictNamedArgs{
		"id": v.ID, "meeting": m.ID, "intervention": m.Intervention, "authority": m.Host.Authority, "by": v.SpokenBy,
		"writer": orNull(tx.Actor.Assignment), "at": tx.Now(),
	})
	for _, a := range answers {
		b.Queue(insertVoiceAnswerSQL, pgx.StrictNamedArgs{
			"voice": v.ID, "question": a.Question, "intervention": m.Intervention, "authority": m.Host.Authority, "body": a.BodySealed,
		})
	}
	for _, r := range v.Readers {
		b.Queue(insertVoiceReaderSQL, pgx.StrictNamedArgs{"voice": v.ID, "invitation": r, "intervention": m.Intervention})
	}
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return fmt.Errorf("leave a voice: %w", err)
	}
	return nil
}

// The answers are read in the statement that writes the ledger row.
const readVoiceSQL = `
with content as materialized (
  select a.question, a.body_sealed
    from sig.voice v join sig.voice_answer a on a.voice = v.id
   where v.meeting = @meeting and v.intervention = @intervention and v.taken_back_at is null),
logged as materialized (
  select sig.append_ledger(sig.instant(), 'read_voice', intervention => @intervention::uuid, object_kind => 'meeting', object_id => @meeting::uuid,
           consent => (select k.id from sig.consent k where k.intervention = @intervention and k.state = 'active'),
           basis => 'consent', request => @request::uuid) as id
    where exists (select from content))
select c.question, c.body_sealed from logged left join content c on true where c.question is not null order by c.question`

// ReadVoice opens the answers for somebody for whom they are meant: lock, facts,
// content and ledger row in one round trip, as of a copy. The answers that come
// are those that the second wall lets pass.
func (tx *Tx) ReadVoice(
	ctx context.Context, intervention sig.InterventionID, meeting sig.MeetingID, request any,
) (*CaseFacts, *MeetingParts, Voice, []VoiceAnswer, error) {
	var facts CaseFacts
	var found []MeetingParts
	var voice Voice
	var answers []VoiceAnswer
	tx.ShareCase(intervention)
	tx.later("look at one meeting", `select set_config('app.meeting', $1, true)`, meeting.String())
	b := &pgx.Batch{}
	args := pgx.StrictNamedArgs{"meeting": meeting, "intervention": intervention}
	queueMeeting(b, pointsSQL, args, args, &found)
	queueVoice(b, args, &voice)
	b.Queue(readVoiceSQL, pgx.StrictNamedArgs{"meeting": meeting, "intervention": intervention, "request": request}).Query(func(rows pgx.Rows) (err error) {
		answers, err = pgx.CollectRows(rows, pgx.RowToStructByPos[VoiceAnswer])
		return err
	})
	QueueCaseFacts(b, intervention, &facts)
	queueRowsOfMeeting(b, meeting, &facts)
	if err := tx.SendBatch(ctx, b).Close(); err != nil {
		return nil, nil, voice, nil, fmt.Errorf("read a voice: %w", err)
	}
	if len(found) == 0 {
		return nil, nil, voice, nil, pgx.ErrNoRows
	}
	return &facts, &found[0], voice, answers, nil
}
