package ledger_test

import (
	"encoding/hex"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"sigportal/internal/ledger"
)

// store is a log in memory: its right edge, and every stored hash.
type store struct {
	log    *ledger.Log
	hashes []ledger.Hash
}

func newStore(t rapid.TB) *store {
	t.Helper()
	l, err := ledger.OpenLog(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	return &store{log: l}
}

func (s *store) read(positions []int64) ([]ledger.Hash, error) {
	var hashes []ledger.Hash
	for _, p := range positions {
		if p >= int64(len(s.hashes)) {
			return nil, fmt.Errorf("no hash at %d", p)
		}
		hashes = append(hashes, s.hashes[p])
	}
	return hashes, nil
}

func (s *store) append(t rapid.TB, leaf ledger.Hash) {
	t.Helper()
	stored, err := s.log.Append(leaf)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range stored {
		if h.Position != int64(len(s.hashes)) {
			t.Fatalf("hash for position %d after %d hashes: the dense order has a gap", h.Position, len(s.hashes))
		}
		s.hashes = append(s.hashes, h.Hash)
	}
}

func (s *store) root(t rapid.TB) ledger.Hash {
	t.Helper()
	root, err := s.log.Root()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// The leaves and roots that Certificate Transparency implementations of
// RFC 6962 have tested themselves with since 2012.
var ctLeaves = []string{
	"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
}

var ctRoots = []string{
	"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}

func TestRootsAreThoseOfRFC6962(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	for i, leaf := range ctLeaves {
		body, err := hex.DecodeString(leaf)
		if err != nil {
			t.Fatal(err)
		}
		s.append(t, ledger.LeafHash(body))
		root := s.root(t)
		if got := hex.EncodeToString(root[:]); got != ctRoots[i] {
			t.Errorf("root of %d leaves: got %s, want %s", i+1, got, ctRoots[i])
		}
	}
}

func TestAnEmptyLogHasTheRootOfNothing(t *testing.T) {
	t.Parallel()
	root := newStore(t).root(t)
	const want = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	if got := hex.EncodeToString(root[:]); got != want {
		t.Errorf("root of no leaves: got %s, want %s", got, want)
	}
}

// Whatever the sizes: a proof made by one implementation is accepted by the
// other, and by nobody after any one of its parts was changed.
func TestProofsAgreeBetweenImplementations(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, 600).Draw(t, "size")
		index := rapid.Int64Range(0, size-1).Draw(t, "index")
		older := rapid.Int64Range(1, size).Draw(t, "older")
		s := filled(t, size)
		root := s.root(t)
		olderRoot, err := tlog.TreeHash(older, tlog.HashReaderFunc(s.read))
		if err != nil {
			t.Fatal(err)
		}
		leaf := ledger.LeafHash(fmt.Appendf(nil, "row %d", index))
		inclusion, err := ledger.ProveInclusion(size, index, s.read)
		if err != nil {
			t.Fatal(err)
		}
		if err := ledger.CheckInclusion(size, index, leaf[:], ledger.Bytes(inclusion), root[:]); err != nil {
			t.Errorf("leaf %d of %d: %v", index, size, err)
		}
		if err := tlog.CheckRecord(inclusion, size, root, index, leaf); err != nil {
			t.Errorf("leaf %d of %d by its own implementation: %v", index, size, err)
		}
		consistency, err := ledger.ProveConsistency(older, size, s.read)
		if err != nil {
			t.Fatal(err)
		}
		if err := ledger.CheckConsistency(older, size, ledger.Bytes(consistency), olderRoot[:], root[:]); err != nil {
			t.Errorf("%d within %d: %v", older, size, err)
		}
		refuseChanged(t, size, index, older, leaf, inclusion, consistency, olderRoot, root)
	})
}

func filled(t rapid.TB, size int64) *store {
	t.Helper()
	s := newStore(t)
	for i := range size {
		s.append(t, ledger.LeafHash(fmt.Appendf(nil, "row %d", i)))
	}
	return s
}

func refuseChanged(t *rapid.T, size, index, older int64, leaf ledger.Hash, inclusion, consistency []ledger.Hash, olderRoot, root ledger.Hash) {
	bit := rapid.IntRange(0, 255).Draw(t, "bit")
	flip := func(h ledger.Hash) ledger.Hash { h[bit/8] ^= 1 << (bit % 8); return h }
	changed := func(path []ledger.Hash) [][]byte {
		out := ledger.Bytes(path)
		at := rapid.IntRange(0, len(path)-1).Draw(t, "at")
		h := flip(path[at])
		out[at] = h[:]
		return out
	}
	wrongLeaf, wrongRoot, wrongOlder := flip(leaf), flip(root), flip(olderRoot)
	refused := map[string]error{
		"leaf":        ledger.CheckInclusion(size, index, wrongLeaf[:], ledger.Bytes(inclusion), root[:]),
		"root":        ledger.CheckInclusion(size, index, leaf[:], ledger.Bytes(inclusion), wrongRoot[:]),
		"beyond":      ledger.CheckInclusion(size, size, leaf[:], ledger.Bytes(inclusion), root[:]),
		"negative":    ledger.CheckInclusion(size, -1, leaf[:], ledger.Bytes(inclusion), root[:]),
		"longer":      ledger.CheckInclusion(size, index, leaf[:], append(ledger.Bytes(inclusion), root[:]), root[:]),
		"newer root":  ledger.CheckConsistency(older, size, ledger.Bytes(consistency), olderRoot[:], wrongRoot[:]),
		"older root":  ledger.CheckConsistency(older, size, ledger.Bytes(consistency), wrongOlder[:], root[:]),
		"longer tree": ledger.CheckConsistency(older, size, append(ledger.Bytes(consistency), root[:]), olderRoot[:], root[:]),
		"from zero":   ledger.CheckConsistency(0, size, nil, olderRoot[:], root[:]),
		"backwards":   ledger.CheckConsistency(size+1, size, nil, olderRoot[:], root[:]),
		"short hash":  ledger.CheckConsistency(size, size, nil, root[:31], root[:31]),
	}
	if len(inclusion) > 0 {
		refused["path"] = ledger.CheckInclusion(size, index, leaf[:], changed(inclusion), root[:])
		refused["shorter"] = ledger.CheckInclusion(size, index, leaf[:], ledger.Bytes(inclusion)[1:], root[:])
	}
	if len(consistency) > 0 {
		refused["consistency path"] = ledger.CheckConsistency(older, size, changed(consistency), olderRoot[:], root[:])
	}
	for what, err := range refused {
		if err == nil {
			t.Errorf("changed %s of leaf %d, %d within %d: accepted", what, index, older, size)
		}
	}
}

func TestALogGoesOnFromItsRightEdge(t *testing.T) {
	t.Parallel()
	whole, parts := filled(t, 300), newStore(t)
	for i := range int64(300) {
		reopened, err := ledger.OpenLog(i, parts.read)
		if err != nil {
			t.Fatal(err)
		}
		parts.log = reopened
		parts.append(t, ledger.LeafHash(fmt.Appendf(nil, "row %d", i)))
	}
	if diff := cmp.Diff(whole.hashes, parts.hashes); diff != "" {
		t.Errorf("stored hashes of a log reopened before every leaf (-at once +reopened):\n%s", diff)
	}
}

func TestALogWithoutItsEdgeIsNotOpened(t *testing.T) {
	t.Parallel()
	s := filled(t, 5)
	s.hashes = s.hashes[:4]
	if _, err := ledger.OpenLog(5, s.read); err == nil {
		t.Error("a log whose right edge is gone was opened")
	}
	if _, err := ledger.ProveConsistency(0, 5, s.read); err == nil {
		t.Error("a consistency proof from an empty log was made: it proves nothing")
	}
}
