package seal_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"sigportal/internal/dbtest"
	"sigportal/internal/fault"
	"sigportal/internal/postgres"
	"sigportal/internal/seal"
	"sigportal/internal/sig"
)

const (
	board  = sig.AuthorityID("farsta")
	police = sig.AuthorityID("polisen")
	canary = "KANARIE: Amir sågs i centrum"
)

func key(t *testing.T) []byte {
	t.Helper()
	k := make([]byte, seal.KeySize)
	if _, err := rand.Read(k); err != nil {
		t.Fatal(err)
	}
	return k
}

func sealer(t *testing.T, lookup []byte, keks ...[]byte) *seal.Sealer {
	t.Helper()
	s, err := seal.New(lookup, keks...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// world has two authorities and two interventions of the board.
func world(t *testing.T) (*dbtest.Database, sig.InterventionID, sig.InterventionID) {
	t.Helper()
	db := dbtest.New(t)
	first, second := sig.InterventionID{UUID: uuid.New()}, sig.InterventionID{UUID: uuid.New()}
	exec(t, db, `
insert into sig.authority (id, kind, name, public_body) values
  ('farsta', 'district_board', 'Farsta stadsdelsnämnd', true), ('polisen', 'police', 'Polismyndigheten', true);
insert into sig.branch (id, authority, name, regime) values ('ifo', 'farsta', 'IFO', 'social_26_1');
insert into sig.unit (id, branch, authority, name) values ('unga', 'ifo', 'farsta', 'Unga');
insert into sig.identity_provider values ('stad', 'staff', 'employee');
insert into sig.assignment (id, staff_issuer, staff_key, name, unit, authority, function, valid_from)
  values ('00000000-0000-4000-8000-000000000001', 'stad', 'e1', 'Eva', 'unga', 'farsta', 'coordinator', '2020-01-01')`)
	for i, id := range []sig.InterventionID{first, second} {
		exec(t, db, fmt.Sprintf(`
with y as (insert into sig.youth (id, authority, name, birth_date, pin_hash, pin_sealed, created_at)
  values (gen_random_uuid(), 'farsta', 'Amir', '2011-03-15', sha256('%d'), '', sig.now()) returning id)
insert into sig.intervention (id, case_number, authority, youth, programme, state_since, created_at, created_by)
select '%s', 'ABCD-EFG%d', 'farsta', y.id, 'sig', sig.now(), sig.now(), '00000000-0000-4000-8000-000000000001' from y`,
			i, id, i+2))
	}
	return db, first, second
}

func exec(t *testing.T, db *dbtest.Database, sql string) {
	t.Helper()
	if _, err := db.Super().Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// in runs fn in one transaction of the pages' role.
func in(t *testing.T, db *dbtest.Database, fn func(context.Context, *postgres.Tx) error) error {
	t.Helper()
	return db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) error { return fn(t.Context(), tx) })
}

func sealed(t *testing.T, db *dbtest.Database, s *seal.Sealer, at seal.Place, text string) []byte {
	t.Helper()
	var out []byte
	err := in(t, db, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out, err = s.Seal(ctx, tx, at, []byte(text))
		return err
	})
	if err != nil {
		t.Fatalf("seal: %v", err)
	}
	return out
}

func opened(t *testing.T, db *dbtest.Database, s *seal.Sealer, at seal.Place, ciphertext []byte) (string, error) {
	t.Helper()
	var out []byte
	err := in(t, db, func(ctx context.Context, tx *postgres.Tx) (err error) {
		out, err = s.Open(ctx, tx, at, ciphertext)
		return err
	})
	return string(out), err
}

func place(intervention sig.InterventionID) seal.Place {
	return seal.Place{Authority: board, Intervention: intervention, Field: "body", Object: uuid.New()}
}

func TestATextOpensWhereItWasSealed(t *testing.T) {
	t.Parallel()
	db, one, _ := world(t)
	s := sealer(t, key(t), key(t))
	for _, at := range []seal.Place{place(one), {Authority: board, Field: "contact", Object: one.UUID}} {
		for _, text := range []string{"", canary, strings.Repeat("å", 10_000)} {
			ciphertext := sealed(t, db, s, at, text)
			if bytes.Contains(ciphertext, []byte("KANARIE")) {
				t.Errorf("%v: the text stands in its own ciphertext", at)
			}
			got, err := opened(t, db, s, at, ciphertext)
			if err != nil || got != text {
				t.Errorf("%v: opened %.20q, %v; want %.20q", at, got, err, text)
			}
		}
	}
}

func TestACiphertextMovedElsewhereDoesNotOpen(t *testing.T) {
	t.Parallel()
	db, one, two := world(t)
	s := sealer(t, key(t), key(t))
	home := place(one)
	ciphertext := sealed(t, db, s, home, canary)
	for _, other := range []seal.Place{
		{Authority: police, Intervention: one}, {Authority: board, Intervention: two}, {Authority: board},
	} { // so that it is not the missing key that refuses
		sealed(t, db, s, other, "")
	}
	for name, move := range map[string]func(*seal.Place){
		"another authority":    func(p *seal.Place) { p.Authority = police },
		"another intervention": func(p *seal.Place) { p.Intervention = two },
		"no intervention":      func(p *seal.Place) { p.Intervention = sig.InterventionID{} },
		"another column":       func(p *seal.Place) { p.Field = "reason" },
		"another row":          func(p *seal.Place) { p.Object[0] ^= 1 },
	} {
		at := home
		move(&at)
		if got, err := opened(t, db, s, at, ciphertext); err == nil || fault.KindOf(err) != fault.Internal || got != "" {
			t.Errorf("%s: opened %q, %v; want a fault of ours", name, got, err)
		}
	}
	for i := range ciphertext {
		changed := slices.Clone(ciphertext)
		changed[i] ^= 0x10
		if _, err := opened(t, db, s, home, changed); err == nil {
			t.Fatalf("a ciphertext with byte %d changed opens", i)
		}
	}
}

func TestAWrappedKeyPutInAnotherOwnersRowDoesNotOpen(t *testing.T) {
	t.Parallel()
	db, one, two := world(t)
	s := sealer(t, key(t), key(t))
	sealed(t, db, s, place(one), canary)
	at := place(two)
	ciphertext := sealed(t, db, s, at, canary)
	exec(t, db, fmt.Sprintf(`update sig.seal_key set wrapped = (select wrapped from sig.seal_key where intervention = '%s')
		where intervention = '%s'`, one, two))
	if _, err := opened(t, db, s, at, ciphertext); err == nil || !strings.Contains(err.Error(), "does not unwrap") {
		t.Errorf("a moved data key: %v; want it refused", err)
	}
}

func TestWithoutItsKeyEncryptionKeyNothingOpens(t *testing.T) {
	t.Parallel()
	db, one, _ := world(t)
	lookup, old, renewed := key(t), key(t), key(t)
	at := place(one)
	ciphertext := sealed(t, db, sealer(t, lookup, old), at, canary)

	if got, err := opened(t, db, sealer(t, lookup, renewed), at, ciphertext); err == nil || got != "" {
		t.Errorf("the wrong key-encryption key opened %q", got)
	}
	both := sealer(t, lookup, renewed, old)
	if got, err := opened(t, db, both, at, ciphertext); err != nil || got != canary {
		t.Errorf("with the old key kept beside the new: %q, %v", got, err)
	}
	for _, want := range []int{1, 0} {
		var n int
		err := db.Owner().Do(t.Context(), sig.System("rewrap"), func(tx *postgres.Tx) (err error) {
			n, err = both.Rewrap(t.Context(), tx, 100)
			return err
		})
		if err != nil || n != want {
			t.Fatalf("rewrapped %d, %v; want %d", n, err, want)
		}
	}
	if got, err := opened(t, db, sealer(t, lookup, renewed), at, ciphertext); err != nil || got != canary {
		t.Errorf("after rewrapping, under the new key alone: %q, %v", got, err)
	}
	if _, err := opened(t, db, sealer(t, lookup, old), at, ciphertext); err == nil {
		t.Error("after rewrapping the old key still opens")
	}
}

func TestADestroyedDataKeyTakesItsTextsWithIt(t *testing.T) {
	t.Parallel()
	db, one, two := world(t)
	s := sealer(t, key(t), key(t))
	gone, kept := place(one), place(two)
	goneText, keptText := sealed(t, db, s, gone, canary), sealed(t, db, s, kept, canary)
	exec(t, db, fmt.Sprintf(`delete from sig.seal_key where intervention = '%s'`, one))
	if _, err := opened(t, db, s, gone, goneText); err == nil {
		t.Error("a text opens although its data key was destroyed")
	}
	if got, err := opened(t, db, s, kept, keptText); err != nil || got != canary {
		t.Errorf("another intervention's text: %q, %v", got, err)
	}
}

func TestManyOpenInTheOrderAsked(t *testing.T) {
	t.Parallel()
	db, one, two := world(t)
	s := sealer(t, key(t), key(t))
	var asked []seal.Sealed
	for i := range 50 {
		at := place([]sig.InterventionID{one, two}[i%2])
		asked = append(asked, seal.Sealed{Place: at, Bytes: sealed(t, db, s, at, fmt.Sprint(i))})
	}
	var texts [][]byte
	err := in(t, db, func(ctx context.Context, tx *postgres.Tx) (err error) {
		texts, err = s.OpenAll(ctx, tx, asked)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		if string(text) != fmt.Sprint(i) {
			t.Errorf("text %d is %q", i, text)
		}
	}
}

func TestTwoThatSealFirstAgreeOnTheKey(t *testing.T) {
	t.Parallel()
	db, one, _ := world(t)
	s := sealer(t, key(t), key(t))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			at := place(one)
			var ciphertext []byte
			err := db.App().Do(t.Context(), sig.System("test"), func(tx *postgres.Tx) (err error) {
				ciphertext, err = s.Seal(t.Context(), tx, at, []byte(canary))
				return err
			})
			if err != nil {
				t.Errorf("seal: %v", err)
				return
			}
			if got, err := opened(t, db, s, at, ciphertext); err != nil || got != canary {
				t.Errorf("open: %q, %v", got, err)
			}
		})
	}
	wg.Wait()
	var keys int
	if err := db.Super().QueryRow(t.Context(), `select count(*) from sig.seal_key`).Scan(&keys); err != nil || keys != 1 {
		t.Errorf("%d data keys, %v; want 1", keys, err)
	}
}

func TestSizesTellOnlyBlocks(t *testing.T) {
	t.Parallel()
	db, one, _ := world(t)
	s := sealer(t, key(t), key(t))
	at := place(one)
	sizes := map[int]bool{}
	for n := range 61 {
		sizes[len(sealed(t, db, s, at, strings.Repeat("x", n)))] = true
	}
	if len(sizes) != 1 {
		t.Errorf("texts of 0 to 60 bytes have %d sealed sizes, want 1", len(sizes))
	}
	for size := range sizes {
		if next := len(sealed(t, db, s, at, strings.Repeat("x", 61))); next != size+64 {
			t.Errorf("61 bytes are sealed in %d, want %d", next, size+64)
		}
	}
}

func TestJobsReachContactKeysAndNoOthers(t *testing.T) {
	t.Parallel()
	db, one, _ := world(t)
	s := sealer(t, key(t), key(t))
	contact := seal.Place{Authority: board, Field: "contact", Object: one.UUID}
	body := place(one)
	contactText, bodyText := sealed(t, db, s, contact, canary), sealed(t, db, s, body, canary)
	err := db.Worker().Do(t.Context(), sig.System("mail"), func(tx *postgres.Tx) error {
		got, err := s.Open(t.Context(), tx, contact, contactText)
		if err != nil || string(got) != canary {
			t.Errorf("contact data for a job: %q, %v", got, err)
		}
		if got, err := s.Open(t.Context(), tx, body, bodyText); err == nil {
			t.Errorf("a job opened an intervention's text: %q", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestHashesNeedTheLookupKeyAndKeepTheirFields(t *testing.T) {
	t.Parallel()
	lookup := key(t)
	s := sealer(t, lookup, key(t))
	same, other := sealer(t, lookup, key(t)), sealer(t, key(t), key(t))
	number := "201103152383"
	if h := s.PINHash(number); len(h) != 32 || !bytes.Equal(h, same.PINHash(number)) {
		t.Error("the same number under the same lookup key gives another hash")
	}
	for name, unlike := range map[string][]byte{
		"another number": s.PINHash("201103152391"), "another key": other.PINHash(number),
		"the term of a search": s.TermHash("personal_number", number),
	} {
		if bytes.Equal(s.PINHash(number), unlike) {
			t.Errorf("the hash of a number equals that of %s", name)
		}
	}
	if bytes.Equal(s.TermHash("a", "bc"), s.TermHash("ab", "c")) {
		t.Error("two different searches have one hash")
	}
}

func TestKeysThatAreNoKeysAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "short", "AAAA", strings.Repeat("A", 64)} {
		if k, err := seal.ReadKey(text); err == nil {
			t.Errorf("%q was read as a key of %d bytes", text, len(k))
		} else if text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("the refusal of %q repeats it", text)
		}
	}
	if _, err := seal.ReadKey("MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="); err != nil {
		t.Errorf("32 bytes in base64: %v", err)
	}
	if _, err := seal.New(key(t)); err == nil {
		t.Error("a sealer without a key-encryption key was made")
	}
	if _, err := seal.New(key(t)[:31], key(t)); err == nil {
		t.Error("a lookup key of 31 bytes was accepted")
	}
}
