package ledger

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"
)

// Leaf says which row became which leaf.
type Leaf struct {
	LeafIndex int64
	LedgerID  int64
	LeafHash  []byte
}

// StoredHash is one stored hash as found, whatever its length.
type StoredHash struct {
	Position int64
	Hash     []byte
}

// Head is one stored head as found.
type Head struct {
	Size   int64
	Root   []byte
	Signed string
}

// Source gives the ledger's tables, each in the order of its key.
type Source struct {
	Rows   iter.Seq2[Row, error]
	Leaves iter.Seq2[Leaf, error]
	Hashes iter.Seq2[StoredHash, error]
	Heads  iter.Seq2[Head, error]
}

// Witnesses are what somebody outside the database holds against it: the
// public key, and heads (or receipts' heads) that were kept elsewhere. Without
// them an audit finds only what contradicts itself: whoever can rewrite every
// table can also cut the newest part off, heads and all.
type Witnesses struct {
	Key   string
	Heads []string
}

// Report is the result of an audit.
type Report struct {
	Leaves    int64 // rows in the log
	Pending   int64 // rows not yet folded in
	Culled    int64 // rows emptied by a recorded culling
	Heads     int64 // signed heads checked
	Signed    bool  // whether signatures were checked
	Root      []byte
	Bad       *Finding
	Witnessed int64 // heads from elsewhere that the log leads to
}

// Finding is the first thing wrong. Row is the id of the first bad row; where
// only a signed head is contradicted, every row from Row to Last may be it.
type Finding struct {
	Row    int64
	Last   int64
	Leaf   int64
	Reason string
}

// String names the rows and what is wrong with them.
func (f *Finding) String() string {
	switch {
	case f.Row == 0:
		return f.Reason
	case f.Last > f.Row:
		return fmt.Sprintf("row %d to %d (from leaf %d): %s", f.Row, f.Last, f.Leaf, f.Reason)
	default:
		return fmt.Sprintf("row %d (leaf %d): %s", f.Row, f.Leaf, f.Reason)
	}
}

// Error makes a finding travel as an error inside the audit.
func (f *Finding) Error() string { return f.String() }

// Audit goes through the whole log and stops at the first bad row. It
// recomputes the tree with the implementation that did not build it. An error
// means that the audit could not be made; what it found is in Report.Bad.
func Audit(src Source, w Witnesses) (Report, error) {
	a := &audit{
		key:   w.Key,
		tree:  (&compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}).NewEmptyRange(0),
		empty: map[int64]int64{},
	}
	a.report.Signed = w.Key != ""
	var stops [4]func()
	a.rows, stops[0] = pull(src.Rows)
	a.leaves, stops[1] = pull(src.Leaves)
	a.hashes, stops[2] = pull(src.Hashes)
	a.heads, stops[3] = pull(src.Heads)
	defer func() {
		for _, stop := range stops {
			stop()
		}
	}()
	err := a.witnesses(w)
	if err == nil {
		err = a.run()
	}
	if bad, ok := errors.AsType[*Finding](err); ok {
		a.report.Bad, err = bad, nil
	}
	return a.report, err
}

type audit struct {
	key    string
	rows   *cursor[Row]
	leaves *cursor[Leaf]
	hashes *cursor[StoredHash]
	heads  *cursor[Head]

	tree   *compact.Range
	kept   []Checkpoint    // heads from elsewhere, smallest first
	empty  map[int64]int64 // emptied rows whose record has not come yet, with their leaf
	since  int64           // first row after the last good head
	last   int64           // row of the last leaf
	headed int64           // size of the last good head
	report Report
}

func (a *audit) witnesses(w Witnesses) error {
	for _, signed := range w.Heads {
		head, err := OpenCheckpoint(signed, w.Key)
		if err != nil {
			return fmt.Errorf("a head from elsewhere: %w", err)
		}
		a.kept = append(a.kept, head)
	}
	slices.SortFunc(a.kept, func(x, y Checkpoint) int { return int(x.Size - y.Size) })
	return nil
}

func (a *audit) run() error {
	for a.leaves.next() {
		if err := a.leaf(a.leaves.value); err != nil {
			return err
		}
	}
	if err := a.leaves.err; err != nil {
		return err
	}
	return a.finish()
}

// leaf checks the next leaf with its row, its hashes and the heads that end at it.
func (a *audit) leaf(leaf Leaf) error {
	index := a.report.Leaves
	bad := func(row int64, reason string) error { return &Finding{Row: row, Leaf: index, Reason: reason} }
	switch {
	case leaf.LeafIndex != index:
		return bad(leaf.LedgerID, fmt.Sprintf("leaf %d is missing before it", index))
	case leaf.LedgerID <= a.last:
		return bad(leaf.LedgerID, "it stands behind a younger row")
	}
	if !a.rows.next() {
		return cmp.Or(a.rows.err, bad(leaf.LedgerID, "it is in the log and gone from the ledger"))
	}
	row := &a.rows.value
	switch {
	case row.ID < leaf.LedgerID:
		return bad(row.ID, "it is in the ledger and not in the log, though younger rows are")
	case row.ID > leaf.LedgerID:
		return bad(leaf.LedgerID, "it is in the log and gone from the ledger")
	case !bytes.Equal(row.LeafHash, leaf.LeafHash):
		return bad(row.ID, "its leaf is not the one that was folded in")
	}
	if err := a.content(row, index); err != nil {
		return err
	}
	if a.since == 0 {
		a.since = row.ID
	}
	a.last = row.ID
	if err := a.grow(leaf); err != nil {
		return err
	}
	a.report.Leaves++
	return a.head()
}

func (a *audit) content(row *Row, index int64) error {
	if row.Culled() {
		a.empty[row.ID] = index
		a.report.Culled++
		return nil
	}
	if err := row.Check(); err != nil {
		return &Finding{Row: row.ID, Leaf: index, Reason: err.Error()}
	}
	if Kind(row.Kind) != CullLedger {
		return nil
	}
	var detail struct{ Rows []int64 }
	if err := json.Unmarshal([]byte(row.Detail), &detail); err != nil {
		return &Finding{Row: row.ID, Leaf: index, Reason: "its list of culled rows cannot be read"}
	}
	for _, id := range detail.Rows {
		delete(a.empty, id)
	}
	return nil
}

// grow appends the leaf to the tree and compares every new node with what is stored.
func (a *audit) grow(leaf Leaf) error {
	var found error
	err := a.tree.Append(leaf.LeafHash, func(_ compact.NodeID, hash []byte) {
		if found != nil {
			return
		}
		position := a.hashes.count // the dense order has no gaps, and nodes are made in exactly its order
		switch {
		case !a.hashes.next():
			found = cmp.Or[error](a.hashes.err, &Finding{Row: leaf.LedgerID, Leaf: leaf.LeafIndex, Reason: "a stored hash is missing"})
		case a.hashes.value.Position != position || !bytes.Equal(a.hashes.value.Hash, hash):
			found = &Finding{Row: leaf.LedgerID, Leaf: leaf.LeafIndex, Reason: "a stored hash is wrong, so proofs would fail"}
		}
	})
	if err != nil {
		return fmt.Errorf("rebuild the tree: %w", err)
	}
	return found
}

// head checks every head, stored here or kept elsewhere, that ends at the last leaf.
func (a *audit) head() error {
	size := a.report.Leaves
	if a.heads.peek() && a.heads.value.Size <= size {
		a.heads.next()
		if err := a.storedHead(a.heads.value, size); err != nil {
			return err
		}
		a.headed, a.since = size, 0
		a.report.Heads++
	}
	for len(a.kept) > 0 && a.kept[0].Size == size {
		root, err := a.root()
		if err != nil {
			return err
		}
		if !bytes.Equal(a.kept[0].Root, root) {
			return a.contradiction("the log up to here is not the one whose head was kept elsewhere")
		}
		a.kept = a.kept[1:]
		a.report.Witnessed++
	}
	return a.heads.err
}

func (a *audit) storedHead(head Head, size int64) error {
	root, err := a.root()
	if err != nil {
		return err
	}
	if head.Size != size {
		return a.contradiction(fmt.Sprintf("a head of %d leaves stands out of order", head.Size))
	}
	if !bytes.Equal(head.Root, root) {
		return a.contradiction("the rows do not lead to the root of their head")
	}
	if a.key == "" {
		return nil
	}
	signed, err := OpenCheckpoint(head.Signed, a.key)
	if err != nil {
		return a.contradiction(err.Error())
	}
	if signed.Size != size || !bytes.Equal(signed.Root, root) {
		return a.contradiction("the rows do not lead to the head that was signed")
	}
	return nil
}

func (a *audit) root() ([]byte, error) {
	root, err := a.tree.GetRootHash(nil)
	if err != nil {
		return nil, fmt.Errorf("root of %d leaves: %w", a.report.Leaves, err)
	}
	return root, nil
}

// contradiction blames everything since the last good head.
func (a *audit) contradiction(reason string) error {
	first := a.since
	if first == 0 {
		first = a.last
	}
	return &Finding{Row: first, Last: a.last, Leaf: a.headed, Reason: reason}
}

// finish looks at what is left over when the leaves are through.
func (a *audit) finish() error {
	if a.hashes.next() {
		return &Finding{Reason: "there are more stored hashes than the leaves have"}
	}
	if a.heads.next() {
		return &Finding{Reason: fmt.Sprintf("the log ends after %d leaves, but a head of %d was signed", a.report.Leaves, a.heads.value.Size)}
	}
	if len(a.kept) > 0 {
		return &Finding{Reason: fmt.Sprintf("the log ends after %d leaves, but a head of %d was kept elsewhere", a.report.Leaves, a.kept[0].Size)}
	}
	if a.since != 0 {
		return a.contradiction("no signed head covers these rows")
	}
	for a.rows.next() {
		row := &a.rows.value
		if row.Culled() {
			return &Finding{Row: row.ID, Leaf: -1, Reason: "it was emptied before it was in the log"}
		}
		if err := row.Check(); err != nil {
			return &Finding{Row: row.ID, Leaf: -1, Reason: err.Error()}
		}
		a.report.Pending++
	}
	if err := errors.Join(a.hashes.err, a.heads.err, a.rows.err); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(a.empty)) {
		return &Finding{Row: id, Leaf: a.empty[id], Reason: "it was emptied, and no culling is recorded that names it"}
	}
	root, err := a.root()
	a.report.Root = root
	return err
}
