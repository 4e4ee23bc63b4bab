package ledger_test

import (
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sigportal/internal/ledger"
)

// tables is a whole ledger in memory, as its tables would hold it.
type tables struct {
	signer *ledger.Signer
	rows   []ledger.Row
	leaves []ledger.Leaf
	hashes []ledger.StoredHash
	heads  []ledger.Head
}

// folded lays out a ledger of n rows, a head after every seventh row and the last.
func folded(t rapid.TB, signer *ledger.Signer, n int64) *tables {
	t.Helper()
	s := newStore(t)
	l := &tables{signer: signer}
	for i := range n {
		row := withdrawal(3*i + 2) // ids have gaps: transactions come to nothing
		l.rows = append(l.rows, row)
		l.leaves = append(l.leaves, ledger.Leaf{LeafIndex: i, LedgerID: row.ID, LeafHash: row.LeafHash})
		s.append(t, ledger.Hash(row.LeafHash))
		if i%7 == 6 || i == n-1 {
			l.head(t, i+1, s.root(t))
		}
	}
	for i, h := range s.hashes {
		l.hashes = append(l.hashes, ledger.StoredHash{Position: int64(i), Hash: slices.Clone(h[:])})
	}
	return l
}

func (l *tables) head(t rapid.TB, size int64, root ledger.Hash) {
	t.Helper()
	signed, err := l.signer.Sign(size, root)
	if err != nil {
		t.Fatal(err)
	}
	l.heads = append(l.heads, ledger.Head{Size: size, Root: slices.Clone(root[:]), Signed: signed})
}

func each[T any](values []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range values {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func (l *tables) audit(t rapid.TB, heads ...string) ledger.Report {
	t.Helper()
	report, err := ledger.Audit(ledger.Source{
		Rows: each(l.rows), Leaves: each(l.leaves), Hashes: each(l.hashes), Heads: each(l.heads),
	}, ledger.Witnesses{Key: l.signer.VerifierKey(), Heads: heads})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAnUntouchedLogIsGood(t *testing.T) {
	t.Parallel()
	signer := newSigner(t, "portal.example/ledger")
	for _, n := range []int64{0, 1, 2, 7, 8, 63, 64, 65, 200} {
		l := folded(t, signer, n)
		l.rows = append(l.rows, withdrawal(3*n+2), withdrawal(3*n+5))
		report := l.audit(t)
		if report.Bad != nil || report.Leaves != n || report.Pending != 2 || !report.Signed {
			t.Errorf("log of %d rows: %+v (%v)", n, report, report.Bad)
		}
	}
}

// rebuild makes leaves, hashes and roots anew from the rows, as somebody with
// every right in the database but without the key could.
func (l *tables) rebuild(t rapid.TB) {
	t.Helper()
	s := newStore(t)
	l.leaves, l.hashes = nil, nil
	heads := l.heads
	for i := range l.rows {
		l.rows[i] = sealed(l.rows[i])
		l.leaves = append(l.leaves, ledger.Leaf{LeafIndex: int64(i), LedgerID: l.rows[i].ID, LeafHash: l.rows[i].LeafHash})
		s.append(t, ledger.Hash(l.rows[i].LeafHash))
		for j := range heads {
			if root := s.root(t); heads[j].Size == int64(i+1) {
				heads[j].Root = slices.Clone(root[:])
			}
		}
	}
	for i, h := range s.hashes {
		l.hashes = append(l.hashes, ledger.StoredHash{Position: int64(i), Hash: slices.Clone(h[:])})
	}
}

// tamperings are what somebody with superuser rights may try at row i; each
// gives the first row that must be named, or 0 where only the log's end shows it.
var tamperings = map[string]func(t *rapid.T, l *tables, i int) int64{
	"change a column": func(t *rapid.T, l *tables, i int) int64 {
		row := &l.rows[i]
		fields := []*string{
			&row.Kind, &row.Outcome, &row.Reason, &row.Actor, &row.Intervention, &row.Authority, &row.Unit, &row.Function,
			&row.System, &row.Person, &row.Assignment, &row.Guardian, &row.Youth, &row.ObjectKind, &row.ObjectID,
			&row.Consent, &row.Basis, &row.RecipientAuthority, &row.RecipientUnit, &row.RecipientFunction,
			&row.Request, &row.Detail,
		}
		*rapid.SampledFrom(fields).Draw(t, "field") += "x"
		return row.ID
	},
	"change the time": func(_ *rapid.T, l *tables, i int) int64 { l.rows[i].At = l.rows[i].At.Add(1000); return l.rows[i].ID },
	"change the categories": func(_ *rapid.T, l *tables, i int) int64 {
		l.rows[i].Categories = []string{"attendance"}
		return l.rows[i].ID
	},
	"change the salt": func(_ *rapid.T, l *tables, i int) int64 { l.rows[i].Salt[5] ^= 1; return l.rows[i].ID },
	"change the body": func(_ *rapid.T, l *tables, i int) int64 {
		l.rows[i].Body = slices.Concat(l.rows[i].Body, []byte(" "))
		return l.rows[i].ID
	},
	"change body and leaf hash": func(_ *rapid.T, l *tables, i int) int64 {
		l.rows[i].Actor = "staff"
		l.rows[i] = sealed(l.rows[i])
		return l.rows[i].ID
	},
	"change row and leaf": func(_ *rapid.T, l *tables, i int) int64 {
		l.rows[i].Actor = "staff"
		l.rows[i] = sealed(l.rows[i])
		l.leaves[i].LeafHash = l.rows[i].LeafHash
		return l.rows[i].ID
	},
	"delete the row": func(_ *rapid.T, l *tables, i int) int64 {
		id := l.rows[i].ID
		l.rows = slices.Delete(l.rows, i, i+1)
		return id
	},
	"delete row and leaf": func(_ *rapid.T, l *tables, i int) int64 {
		l.rows, l.leaves = slices.Delete(l.rows, i, i+1), slices.Delete(l.leaves, i, i+1)
		if i == len(l.leaves) {
			return 0
		}
		return l.leaves[i].LedgerID
	},
	"delete the leaf": func(_ *rapid.T, l *tables, i int) int64 {
		l.leaves = slices.Delete(l.leaves, i, i+1)
		if i == len(l.leaves) {
			return 0
		}
		return l.leaves[i].LedgerID
	},
	"insert a row": func(_ *rapid.T, l *tables, i int) int64 {
		forged := withdrawal(l.rows[i].ID - 1)
		l.rows = slices.Insert(l.rows, i, forged)
		return forged.ID
	},
	"exchange two rows": func(t *rapid.T, l *tables, i int) int64 {
		j := rapid.IntRange(0, len(l.rows)-1).Filter(func(j int) bool { return j != i }).Draw(t, "other")
		l.rows[i].ID, l.rows[j].ID = l.rows[j].ID, l.rows[i].ID
		l.rows[i], l.rows[j] = l.rows[j], l.rows[i]
		return min(l.rows[i].ID, l.rows[j].ID)
	},
	"exchange two leaves": func(t *rapid.T, l *tables, i int) int64 {
		j := rapid.IntRange(0, len(l.rows)-1).Filter(func(j int) bool { return j != i }).Draw(t, "other")
		first := l.leaves[min(i, j)].LedgerID
		l.leaves[i].LedgerID, l.leaves[j].LedgerID = l.leaves[j].LedgerID, l.leaves[i].LedgerID
		return first
	},
	"change a stored hash": func(t *rapid.T, l *tables, _ int) int64 {
		h := rapid.SampledFrom(l.hashes).Draw(t, "hash")
		h.Hash[9] ^= 1
		return -1
	},
	"shorten a stored hash": func(t *rapid.T, l *tables, _ int) int64 {
		p := rapid.IntRange(0, len(l.hashes)-1).Draw(t, "hash")
		l.hashes[p].Hash = l.hashes[p].Hash[:31]
		return -1
	},
	"delete the last hash": func(_ *rapid.T, l *tables, _ int) int64 { l.hashes = l.hashes[:len(l.hashes)-1]; return -1 },
	"add a hash": func(_ *rapid.T, l *tables, _ int) int64 {
		l.hashes = append(l.hashes, ledger.StoredHash{Position: int64(len(l.hashes)), Hash: make([]byte, 32)})
		return 0
	},
	"empty a row": func(_ *rapid.T, l *tables, i int) int64 {
		l.rows[i] = ledger.Row{ID: l.rows[i].ID, At: l.rows[i].At, LeafHash: l.rows[i].LeafHash, Detail: "{}"}
		return l.rows[i].ID
	},
	"cut the newest rows and leaves": func(t *rapid.T, l *tables, i int) int64 {
		s := filledFrom(t, l.rows[:i])
		l.rows, l.leaves, l.hashes = l.rows[:i], l.leaves[:i], l.hashes[:len(s.hashes)]
		return 0
	},
	"rebuild the whole log": func(t *rapid.T, l *tables, i int) int64 {
		l.rows[i].Actor = "staff"
		l.rebuild(t)
		return -1
	},
	"rebuild it shorter": func(t *rapid.T, l *tables, i int) int64 {
		l.rows = slices.Delete(l.rows, i, i+1)
		l.rebuild(t)
		return -1
	},
	"sign with another key": func(t *rapid.T, l *tables, _ int) int64 {
		own := l.signer
		l.signer = newSigner(t, own.Origin())
		last := &l.heads[len(l.heads)-1]
		signed, err := l.signer.Sign(last.Size, ledger.Hash(last.Root))
		if err != nil {
			t.Fatal(err)
		}
		last.Signed, l.signer = signed, own
		return -1
	},
	"delete the last head": func(_ *rapid.T, l *tables, _ int) int64 { l.heads = l.heads[:len(l.heads)-1]; return -1 },
	"change a root":        func(_ *rapid.T, l *tables, _ int) int64 { l.heads[0].Root[3] ^= 1; return -1 },
	"move a head":          func(_ *rapid.T, l *tables, _ int) int64 { l.heads[0].Size--; return -1 },
}

func filledFrom(t rapid.TB, rows []ledger.Row) *store {
	t.Helper()
	s := newStore(t)
	for _, row := range rows {
		s.append(t, ledger.Hash(row.LeafHash))
	}
	return s
}

// Every kind of tampering, at random places of logs of random length, is found
// and the row that must be named is named. N = 100 for each kind.
func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	signer := newSigner(t, "portal.example/ledger")
	for what, tamper := range tamperings {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				n := rapid.Int64Range(2, 40).Draw(t, "rows")
				i := rapid.IntRange(0, int(n)-1).Draw(t, "row")
				l := folded(t, signer, n)
				want := tamper(t, l, i)
				bad := l.audit(t).Bad
				switch {
				case bad == nil:
					t.Fatal("not found")
				case want > 0 && bad.Row != want:
					t.Errorf("row %d should be named, not: %s", want, bad)
				case want == 0 && bad.Row != 0:
					t.Errorf("no row should be named, only the log's end: %s", bad)
				case want == -1 && bad.Row == 0 && bad.Reason == "":
					t.Error("nothing is named")
				}
			})
		})
	}
}

// Who may change every table can cut the log back to an older head and leave
// no trace in it. Only a head that was kept elsewhere shows it: say so openly.
func TestACutBackLogIsFoundByAHeadKeptElsewhere(t *testing.T) {
	t.Parallel()
	signer := newSigner(t, "portal.example/ledger")
	l := folded(t, signer, 21)
	kept := l.heads[2].Signed
	if report := l.audit(t, kept, l.heads[0].Signed); report.Bad != nil || report.Witnessed != 2 {
		t.Fatalf("before the cut: %+v (%v)", report, report.Bad)
	}
	short := folded(t, signer, 14)
	if report := short.audit(t); report.Bad != nil {
		t.Fatalf("a cut that contradicts nothing inside was found inside: %v", report.Bad)
	}
	report := short.audit(t, kept)
	if report.Bad == nil || !strings.Contains(report.Bad.Reason, "21") {
		t.Errorf("a log cut back behind a head kept elsewhere: %v", report.Bad)
	}
	other := folded(t, signer, 30) // another history under the same key
	if report := other.audit(t, kept); report.Bad == nil {
		t.Error("a log with another history passed beside a head kept elsewhere")
	}
}

func TestRecordedCullingIsNoTampering(t *testing.T) {
	t.Parallel()
	signer := newSigner(t, "portal.example/ledger")
	cull := func(listed string) ledger.Report {
		l := folded(t, signer, 9)
		record := withdrawal(100)
		record.Kind, record.Detail = string(ledger.CullLedger), listed
		l.rows = append(l.rows, sealed(record))
		l.rebuild(t)
		l.heads = nil
		s := filledFrom(t, l.rows)
		l.head(t, 10, s.root(t))
		for _, i := range []int{2, 5} {
			l.rows[i] = ledger.Row{ID: l.rows[i].ID, At: l.rows[i].At, Kind: l.rows[i].Kind, LeafHash: l.rows[i].LeafHash, Detail: "{}"}
		}
		return l.audit(t)
	}
	if report := cull(`{"rows": [8, 17]}`); report.Bad != nil || report.Culled != 2 {
		t.Errorf("two rows culled by record: %+v (%v)", report, report.Bad)
	}
	if report := cull(`{"rows": [8]}`); report.Bad == nil || report.Bad.Row != 17 {
		t.Errorf("a row that no record names: %v", report.Bad)
	}
}

func TestAnAuditThatCannotBeMadeSaysSo(t *testing.T) {
	t.Parallel()
	l := folded(t, newSigner(t, "portal.example/ledger"), 5)
	lost := errors.New("connection lost")
	broken := func(yield func(ledger.Row, error) bool) {
		_ = yield(l.rows[0], nil) && yield(ledger.Row{}, lost)
	}
	report, err := ledger.Audit(ledger.Source{
		Rows: broken, Leaves: each(l.leaves), Hashes: each(l.hashes), Heads: each(l.heads),
	}, ledger.Witnesses{Key: l.signer.VerifierKey()})
	if !errors.Is(err, lost) || report.Bad != nil {
		t.Errorf("a lost connection: got %v and finding %v", err, report.Bad)
	}
	if _, err := ledger.Audit(ledger.Source{
		Rows: each(l.rows), Leaves: each(l.leaves), Hashes: each(l.hashes), Heads: each(l.heads),
	}, ledger.Witnesses{Key: l.signer.VerifierKey(), Heads: []string{"not a head"}}); err == nil {
		t.Error("a head from elsewhere that cannot be read was passed over")
	}
}
