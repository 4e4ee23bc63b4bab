package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Question is a directed question: who asks whom in which category until when.
// It holds no text: question and answer are items and their disclosures.
type Question struct {
	ID           sig.QuestionID
	Intervention sig.InterventionID
	Category     sig.Category
	Asker        sig.Seat
	Asked        sig.Seat
	AskedBy      sig.AssignmentID
	AskedAt      time.Time
	EndsAt       time.Time
	Item         sig.ItemID
	Disclosure   sig.DisclosureID
	AnsweredAt   *time.Time
	AnswerItem   *sig.ItemID
	Answer       *sig.DisclosureID
	EndedAt      *time.Time
	EndedBy      string
}

const insertQuestionSQL = `
insert into sig.directed_question (id, intervention, category, asker_authority, asker_unit, asker_function,
  asked_authority, asked_unit, asked_function, asked_by, asked_at, ends_at, item, disclosure)
values (@id, @intervention, @category, @asker_authority, @asker_unit, @asker_function,
  @asked_authority, @asked_unit, @asked_function, @by, @at, @ends_at, @item, @disclosure)`

// InsertQuestion writes down that a disclosure asks something.
func (tx *Tx) InsertQuestion(q Question) {
	tx.laterOne("put a question", insertQuestionSQL, pgx.StrictNamedArgs{
		"id": q.ID, "intervention": q.Intervention, "category": q.Category,
		"asker_authority": q.Asker.Authority, "asker_unit": q.Asker.Unit, "asker_function": q.Asker.Function,
		"asked_authority": q.Asked.Authority, "asked_unit": q.Asked.Unit, "asked_function": q.Asked.Function,
		"by": tx.Actor.Assignment, "at": tx.Now(), "ends_at": q.EndsAt, "item": q.Item, "disclosure": q.Disclosure,
	})
}

const questionColumns = `q.id, q.intervention, q.category, q.asker_authority, q.asker_unit, q.asker_function, q.asked_authority, q.asked_unit,
       q.asked_function, q.asked_by, q.asked_at, q.ends_at, q.item, q.disclosure, q.answered_at, q.answer_item, q.answer, q.ended_at, coalesce(q.ended_by, '')`

func scanQuestion(row pgx.CollectableRow) (Question, error) {
	var q Question
	err := row.Scan(&q.ID, &q.Intervention, &q.Category, &q.Asker.Authority, &q.Asker.Unit, &q.Asker.Function, &q.Asked.Authority, &q.Asked.Unit,
		&q.Asked.Function, &q.AskedBy, &q.AskedAt, &q.EndsAt, &q.Item, &q.Disclosure, &q.AnsweredAt, &q.AnswerItem, &q.Answer, &q.EndedAt, &q.EndedBy)
	return q, err
}

const questionSQL = `select ` + questionColumns + ` from sig.directed_question q where q.id = @id`

// Question reads one that the actor's function has put, or been put.
func (tx *Tx) Question(ctx context.Context, id sig.QuestionID) (Question, error) {
	rows, err := tx.Query(ctx, questionSQL, pgx.StrictNamedArgs{"id": id})
	if err != nil {
		return Question{}, wrap("read a question", err)
	}
	q, err := pgx.CollectExactlyOneRow(rows, scanQuestion)
	return q, wrap("read a question", err)
}

// An open question comes first, the one that ends soonest before the others;
// then what is over, newest first.
const questionsSQL = `select ` + questionColumns + `
  from sig.directed_question q
 order by num_nonnulls(q.answered_at, q.ended_at) > 0 or q.ends_at <= @at,
          case when num_nonnulls(q.answered_at, q.ended_at) = 0 and q.ends_at > @at then q.ends_at end,
          q.asked_at desc, q.id
 limit @limit`

// Questions lists those that the actor's function has put, or been put, in all
// interventions.
func (tx *Tx) Questions(ctx context.Context, limit int) ([]Question, error) {
	rows, err := tx.Query(ctx, questionsSQL, pgx.StrictNamedArgs{"at": tx.Now(), "limit": limit})
	if err != nil {
		return nil, wrap("list questions", err)
	}
	list, err := pgx.CollectRows(rows, scanQuestion)
	return list, wrap("list questions", err)
}

const answerQuestionSQL = `
update sig.directed_question set answered_at = @at, answered_by = @by, answer_item = @item, answer = @answer
 where id = @id and intervention = @intervention and answered_at is null and ended_at is null and @at < ends_at`

// AnswerQuestion writes down which disclosure answers it.
func (tx *Tx) AnswerQuestion(ctx context.Context, q Question, item sig.ItemID, answer sig.DisclosureID) error {
	return tx.one(ctx, "answer a question", answerQuestionSQL, pgx.StrictNamedArgs{
		"id": q.ID, "intervention": q.Intervention, "at": tx.Now(), "by": tx.Actor.Assignment, "item": item, "answer": answer,
	})
}

const endQuestionSQL = `
update sig.directed_question set ended_at = @at, ended_by = @by
 where id = @id and intervention = @intervention and answered_at is null and ended_at is null`

// EndQuestion ends one that is open, without an answer.
func (tx *Tx) EndQuestion(intervention sig.InterventionID, id sig.QuestionID, by string) {
	tx.laterOne("end a question", endQuestionSQL, pgx.StrictNamedArgs{"id": id, "intervention": intervention, "at": tx.Now(), "by": by})
}

const openQuestionsSQL = `select ` + questionColumns + `
  from sig.directed_question q
 where q.intervention = @intervention and q.answered_at is null and q.ended_at is null and q.ends_at > @at order by q.asked_at, q.id`

func queueOpenQuestions(batch *pgx.Batch, intervention sig.InterventionID, at time.Time, into *[]Question) {
	batch.Queue(openQuestionsSQL, pgx.StrictNamedArgs{"intervention": intervention, "at": at}).Query(func(rows pgx.Rows) (err error) {
		*into, err = pgx.CollectRows(rows, scanQuestion)
		return err
	})
}

// The end of an intervention ends all that is open in one statement, with a
// ledger row for each; its tasks are dropped with the others.
const endQuestionsSQL = `
with ended as materialized (
  update sig.directed_question set ended_at = @at, ended_by = @by
   where intervention = @intervention and answered_at is null and ended_at is null and ends_at > @at
  returning id, asked_authority, asked_unit, asked_function, category)
select sig.append_ledger(@at, 'end_question', reason => @by, intervention => @intervention, object_kind => 'question', object_id => id,
         recipient_authority => asked_authority, recipient_unit => asked_unit, recipient_function => asked_function, categories => array[category]) from ended`

// EndQuestions ends every open question of an intervention.
func (tx *Tx) EndQuestions(intervention sig.InterventionID, by string) {
	tx.later("end questions", endQuestionsSQL, pgx.StrictNamedArgs{"intervention": intervention, "by": by, "at": tx.Now()})
}
