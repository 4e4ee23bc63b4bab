package postgres_test

import (
	"testing"

	"sigportal/internal/dbtest"
	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// signer of a withdrawal: somebody standing in one guardianship.
func guardian() sig.Actor {
	a := sig.Actor{Kind: sig.ActorGuardian}
	draw(&a.Person)
	draw(&a.Guardian)
	return a
}

func TestAReceiptIsMadeWhenTheRowIsInTheLogAndHoldsForEver(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	withdrawn := ledger.Entry{
		Kind: ledger.WithdrawConsent, Intervention: newCase(), Detail: ledger.Detail{"whole": true},
		Object: ledger.Of(ledger.ObjectWithdrawal, sig.NewID[struct{}]()),
	}
	history(t, db, signer, 2, 3)
	id := write(t, db.App(), guardian(), withdrawn)[0]
	get := func(open ...string) (r ledger.Receipt, err error) {
		err = db.Owner().Do(t.Context(), guardian(), func(tx *postgres.Tx) (err error) {
			r, err = tx.Receipt(t.Context(), id, open...)
			return err
		})
		return r, err
	}
	if _, err := get(); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("before the row is in the log: got %v, want to be asked to wait", err)
	}
	fold(t, db, signer)
	early, err := get("object", "detail")
	if err != nil {
		t.Fatal(err)
	}
	history(t, db, signer, 3, 7)
	late, err := get()
	if err != nil {
		t.Fatal(err)
	}
	for when, r := range map[string]ledger.Receipt{"early": early, "late": late} {
		file, err := r.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		read, err := ledger.ParseReceipt(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := read.Verify(signer.VerifierKey())
		if err != nil {
			t.Fatalf("%s receipt: %v", when, err)
		}
		if s.Row != id || s.Kind != ledger.WithdrawConsent || s.LeafIndex != 6 || s.Actor != "guardian" {
			t.Errorf("%s receipt: %+v", when, s)
		}
	}
	if report := audit(t, db, signer, early.Checkpoint, late.Checkpoint); report.Bad != nil || report.Witnessed != 2 {
		t.Errorf("the log beside the heads of both receipts: %+v (%v)", report, report.Bad)
	}
}

func TestNobodyGetsAReceiptOfARowThatIsNotTheirs(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	id := write(t, db.App(), guardian(), ledger.Entry{Kind: ledger.WithdrawConsent, Intervention: newCase()})[0]
	fold(t, db, signer)
	for what, ask := range map[string]int64{"somebody else's row": id, "a row that is not": id + 1000} {
		err := db.App().Do(t.Context(), guardian(), func(tx *postgres.Tx) error {
			if err := tx.ReadClock(t.Context()); err != nil {
				return err
			}
			_, err := tx.Receipt(t.Context(), ask, "object")
			return err
		})
		if fault.KindOf(err) != fault.NotFound || err.Error() != fault.Missing().Error() {
			t.Errorf("%s: got %v, want the same no as for what does not exist", what, err)
		}
	}
}

func TestHeadsOfOneLogAreConsistent(t *testing.T) {
	t.Parallel()
	db, signer := dbtest.New(t), newSigner(t)
	history(t, db, signer, 1, 5)
	older := kept(t, db)
	history(t, db, signer, 2, 6)
	a, err := ledger.OpenCheckpoint(older, signer.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	b, err := ledger.OpenCheckpoint(kept(t, db), signer.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	var path []ledger.Hash
	err = db.App().Do(t.Context(), coordinator(), func(tx *postgres.Tx) (err error) {
		path, err = tx.ConsistencyProof(t.Context(), a.Size, b.Size)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := ledger.CheckConsistency(a.Size, b.Size, ledger.Bytes(path), a.Root, b.Root); err != nil {
		t.Error(err)
	}
}
