package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"sigportal/internal/ledger"
)

// Sequencer folds committed rows of the ledger into the Merkle log and signs
// its head. Every replica runs one; a session lock lets one of them work at a
// time, and another takes over when the holder's connection ends.
//
// Rows commit out of the order of their ids: one transaction may have drawn id
// 7 and still be busy when id 8 is committed. A fold must not pass 7 by, or 7
// would never be in the log; and leaves are to stand in the order of ids, so
// that within one intervention the order of locks, ids and leaves is the same.
// So a fold goes in four steps, in one transaction:
//
//  1. Note the last id that the sequence has given out.
//  2. Draw a transaction number of our own. sig.append_ledger draws its number
//     before its id, so whoever holds an id up to the noted one has a lower
//     number than ours.
//  3. Wait until no transaction with a lower number is running.
//  4. Now every such row is committed and visible, or will never be: fold all
//     rows after the last leaf up to the noted id, in the order of ids.
//
// No row's own transaction number is needed, and a row is folded exactly once
// because the last leaf names the last id. The wait is as long as the longest
// writing transaction at that moment; the timeouts of every connection bound it.
type Sequencer struct {
	db     *DB
	signer *ledger.Signer
	log    *slog.Logger
	// Alarmed is told when the stored log is found to contradict its signed
	// head; set it before Run.
	Alarmed func()
	alarmed bool          // it has been told
	again   time.Duration // how soon a tampered log is looked at again
}

// NewSequencer makes a sequencer that works through the worker's pool. The
// signing key is nowhere in the database: who can write every table still
// cannot sign a head.
func NewSequencer(db *DB, signer *ledger.Signer, log *slog.Logger) *Sequencer {
	return &Sequencer{db: db, signer: signer, log: log, again: sequencerAgain}
}

const (
	// sequencerPoll is how often new rows are looked for. A NOTIFY on every row
	// would cost a third of all commits; an empty look costs one read of a sequence.
	sequencerPoll = 100 * time.Millisecond
	// sequencerRetry is how often a waiting replica tries to take over.
	sequencerRetry = 250 * time.Millisecond
	// sequencerAgain is how often a log that was tampered with is looked at again.
	sequencerAgain = 15 * time.Second
	// sequencerBatch bounds one fold, so that heads come often under load.
	sequencerBatch = 5000
)

// The lock has two 32-bit keys, a space of its own beside the 64-bit keys of
// interventions.
const (
	holdSequencerSQL = `select pg_try_advisory_lock(1397311308, 1)`
	// A holder that is stopped, not dead, is cut off by the server, so that
	// another can take over; a working one is never silent for so long.
	sequencerLimitsSQL = `select set_config('idle_session_timeout', '5s', false),
       set_config('application_name', 'sigportal sequencer', false)`
)

// errNotHolder means that another replica is folding.
var errNotHolder = errors.New("another replica folds the ledger")

// Run folds until the context ends, waiting for the lock while another replica
// has it. Neither a lost connection is an end nor a log that does not lead to
// its own signed head: of that it sounds the alarm, signs nothing, and looks
// again now and then, because a portal that stops would keep people from taking
// back what they gave. It never returns an error.
func (s *Sequencer) Run(ctx context.Context) error {
	for {
		err := s.hold(ctx)
		if ctx.Err() != nil {
			return nil //nolint:nilerr // asked to stop
		}
		if tampered, ok := errors.AsType[*TamperedError](err); ok {
			s.alarm(ctx, tampered)
			if !pause(ctx, s.again) {
				return nil
			}
			continue
		}
		if err != nil && !errors.Is(err, errNotHolder) {
			s.log.WarnContext(ctx, "the ledger's sequencer lost its connection", "error", err)
		}
		if !pause(ctx, sequencerRetry) {
			return nil
		}
	}
}

// hold takes the lock on a connection of its own and folds until something
// fails. Ending the connection gives the lock back whatever happened.
func (s *Sequencer) hold(ctx context.Context) error {
	pooled, err := s.db.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	conn := pooled.Hijack()
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	var held bool
	if err := conn.QueryRow(ctx, holdSequencerSQL).Scan(&held); err != nil {
		return fmt.Errorf("take the sequencer's lock: %w", err)
	}
	if !held {
		return errNotHolder
	}
	if _, err := conn.Exec(ctx, sequencerLimitsSQL); err != nil {
		return fmt.Errorf("limit the sequencer's session: %w", err)
	}
	var settled int64
	for agrees := false; ; {
		folded, err := s.fold(ctx, conn, &settled)
		if err != nil {
			return err
		}
		if folded > 0 && !agrees {
			if err := s.endAlarm(ctx, conn); err != nil {
				return err
			}
			agrees = true
		}
		if folded < sequencerBatch && !pause(ctx, sequencerPoll) {
			return nil
		}
	}
}

const (
	lastGivenSQL = `select case when is_called then last_value else 0 end from sig.ledger_id_seq`
	lastLeafSQL  = `select leaf_index + 1 as size, ledger_id from sig.ledger_leaf order by leaf_index desc limit 1`
	ownNumberSQL = `select pg_current_xact_id()::text`
	settledSQL   = `select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8`
	toFoldSQL    = `select id, leaf_hash from sig.ledger where id > $1 and id <= $2 order by id limit $3`
	saveLeafSQL  = `insert into sig.ledger_leaf (leaf_index, ledger_id, leaf_hash) select * from unnest($1::bigint[], $2::bigint[], $3::bytea[])`
	saveHashSQL  = `insert into sig.ledger_hash (position, hash) select * from unnest($1::bigint[], $2::bytea[])`
	saveHeadSQL  = `insert into sig.ledger_checkpoint (size, root, signed, at) values ($1, $2, $3, sig.now())`
	lastHeadSQL  = `select size, signed from sig.ledger_checkpoint order by size desc limit 1`
)

// fold folds what is settled by now and gives the number of rows. Up to
// settled there is nothing left to fold: ids of transactions that came to
// nothing would else be looked for again and again.
func (s *Sequencer) fold(ctx context.Context, conn *pgx.Conn, settled *int64) (int, error) {
	var size, last, given int64
	err := conn.QueryRow(ctx, lastLeafSQL).Scan(&size, &last)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("find the last leaf: %w", err)
	}
	if err := conn.QueryRow(ctx, lastGivenSQL).Scan(&given); err != nil {
		return 0, fmt.Errorf("note the last id: %w", err)
	}
	if given <= max(last, *settled) {
		return 0, nil
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return 0, fmt.Errorf("begin a fold: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	if err := settle(ctx, tx); err != nil {
		return 0, err
	}
	rows, err := tx.Query(ctx, toFoldSQL, last, given, sequencerBatch)
	if err != nil {
		return 0, fmt.Errorf("read the rows to fold: %w", err)
	}
	leaves, err := pgx.CollectRows(rows, pgx.RowToStructByName[leafRow])
	if err != nil {
		return 0, fmt.Errorf("read the rows to fold: %w", err)
	}
	if len(leaves) == 0 {
		*settled = given
		return 0, nil
	}
	if err := s.extend(ctx, tx, size, leaves); err != nil {
		return 0, err
	}
	if err := tx.Commit(ctx); err != nil {
		return 0, fmt.Errorf("commit a fold: %w", err)
	}
	return len(leaves), nil
}

// settle waits until every transaction that began to write before this one is over.
func settle(ctx context.Context, tx pgx.Tx) error {
	var number string
	if err := tx.QueryRow(ctx, ownNumberSQL).Scan(&number); err != nil {
		return fmt.Errorf("draw a transaction number: %w", err)
	}
	for wait := time.Millisecond; ; wait = min(2*wait, 50*time.Millisecond) {
		var settled bool
		if err := tx.QueryRow(ctx, settledSQL, number).Scan(&settled); err != nil {
			return fmt.Errorf("wait for earlier transactions: %w", err)
		}
		if settled {
			return nil
		}
		if !pause(ctx, wait) {
			return ctx.Err()
		}
	}
}

type leafRow struct {
	ID       int64
	LeafHash []byte
}

// extend adds the leaves to a log of the size, with their hashes and a signed head.
func (s *Sequencer) extend(ctx context.Context, tx pgx.Tx, size int64, leaves []leafRow) error {
	log, err := s.openLog(ctx, tx, size)
	if err != nil {
		return err
	}
	var indexes, ids, positions []int64
	var leafHashes, hashes [][]byte
	for _, leaf := range leaves {
		indexes, ids, leafHashes = append(indexes, log.Size()), append(ids, leaf.ID), append(leafHashes, leaf.LeafHash)
		if len(leaf.LeafHash) != len(ledger.Hash{}) {
			return &TamperedError{fmt.Sprintf("row %d has no leaf hash", leaf.ID)}
		}
		stored, err := log.Append(ledger.Hash(leaf.LeafHash))
		if err != nil {
			return err
		}
		for _, h := range stored {
			positions, hashes = append(positions, h.Position), append(hashes, h.Hash[:])
		}
	}
	root, err := log.Root()
	if err != nil {
		return err
	}
	signed, err := s.signer.Sign(log.Size(), root)
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	batch.Queue(saveLeafSQL, indexes, ids, leafHashes)
	batch.Queue(saveHashSQL, positions, hashes)
	batch.Queue(saveHeadSQL, log.Size(), root[:], signed)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("store %d leaves: %w", len(leaves), err)
	}
	return nil
}

// openLog loads the right edge of the log and holds it to the last signed
// head, so that nothing is ever signed on top of a changed log.
func (s *Sequencer) openLog(ctx context.Context, tx pgx.Tx, size int64) (*ledger.Log, error) {
	log, err := ledger.OpenLog(size, hashReader(ctx, tx))
	if err != nil {
		if _, lost := errors.AsType[*pgconn.PgError](err); lost || ctx.Err() != nil || tx.Conn().IsClosed() {
			return nil, err
		}
		return nil, &TamperedError{err.Error()}
	}
	var headSize int64
	var signed string
	err = tx.QueryRow(ctx, lastHeadSQL).Scan(&headSize, &signed)
	if errors.Is(err, pgx.ErrNoRows) && size == 0 {
		return log, nil
	}
	if errors.Is(err, pgx.ErrNoRows) || (err == nil && headSize != size) {
		return nil, &TamperedError{fmt.Sprintf("it has %d leaves and a last head of %d", size, headSize)}
	}
	if err != nil {
		return nil, fmt.Errorf("read the last head: %w", err)
	}
	root, err := log.Root()
	if err != nil {
		return nil, err
	}
	head, err := ledger.OpenCheckpoint(signed, s.signer.VerifierKey())
	if err != nil {
		return nil, &TamperedError{err.Error()}
	}
	if head.Size != size || !bytes.Equal(head.Root, root[:]) {
		return nil, &TamperedError{fmt.Sprintf("its %d leaves do not lead to the signed head", size)}
	}
	return log, nil
}

// pause waits on the wall clock, which is right for polling; it reports
// whether to go on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
