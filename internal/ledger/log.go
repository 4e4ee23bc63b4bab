package ledger

import (
	"fmt"
	"math/bits"

	"golang.org/x/mod/sumdb/tlog"
)

// ReadHashes fetches the stored hashes at the given positions of the dense
// order, in the order asked; it fails rather than leave one out.
type ReadHashes func(positions []int64) ([]Hash, error)

// Log is the right edge of a Merkle log: enough to append leaves and to know
// the root, without the rest of the log.
type Log struct {
	size  int64
	known map[int64]Hash
}

// Stored is one hash of a complete subtree at its place in the dense order.
type Stored struct {
	Position int64
	Hash     Hash
}

// OpenLog loads the right edge of a log of the given size.
func OpenLog(size int64, read ReadHashes) (*Log, error) {
	l := &Log{size: size, known: map[int64]Hash{}}
	edge := l.edge()
	if len(edge) == 0 {
		return l, nil
	}
	hashes, err := read(edge)
	if err != nil {
		return nil, fmt.Errorf("read the right edge of the log: %w", err)
	}
	if len(hashes) != len(edge) {
		return nil, fmt.Errorf("read the right edge of the log: %d hashes for %d positions", len(hashes), len(edge))
	}
	for i, position := range edge {
		l.known[position] = hashes[i]
	}
	return l, nil
}

// Size is the number of leaves.
func (l *Log) Size() int64 { return l.size }

// edge lists the positions of the complete subtrees that cover the log, each
// as large as possible: one for every bit of its size.
func (l *Log) edge() []int64 {
	var positions []int64
	for level := bits.Len64(uint64(l.size)) - 1; level >= 0; level-- { //nolint:gosec // a size is never negative
		if n := l.size >> level; n&1 == 1 {
			positions = append(positions, tlog.StoredHashIndex(level, n-1))
		}
	}
	return positions
}

// Append adds a leaf and gives the hashes to store for it.
func (l *Log) Append(leaf Hash) ([]Stored, error) {
	hashes, err := tlog.StoredHashesForRecordHash(l.size, leaf, tlog.HashReaderFunc(l.read))
	if err != nil {
		return nil, fmt.Errorf("append leaf %d: %w", l.size, err)
	}
	position := tlog.StoredHashIndex(0, l.size)
	stored := make([]Stored, len(hashes))
	for i, h := range hashes {
		stored[i] = Stored{position + int64(i), h}
		l.known[position+int64(i)] = h
	}
	l.size++
	return stored, nil
}

// Root is the hash that commits to every leaf.
func (l *Log) Root() (Hash, error) {
	root, err := tlog.TreeHash(l.size, tlog.HashReaderFunc(l.read))
	if err != nil {
		return Hash{}, fmt.Errorf("root of %d leaves: %w", l.size, err)
	}
	return root, nil
}

func (l *Log) read(positions []int64) ([]Hash, error) {
	hashes := make([]Hash, len(positions))
	for i, position := range positions {
		h, ok := l.known[position]
		if !ok {
			return nil, fmt.Errorf("hash %d is not at the right edge", position)
		}
		hashes[i] = h
	}
	return hashes, nil
}

// ProveInclusion makes the proof that leaf index is in the log of the size.
func ProveInclusion(size, index int64, read ReadHashes) ([]Hash, error) {
	p, err := tlog.ProveRecord(size, index, tlog.HashReaderFunc(read))
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d of %d: %w", index, size, err)
	}
	return p, nil
}

// ProveConsistency makes the proof that the log of size newer begins with
// exactly the log of size older. A log of no leaves promises nothing, so there
// is no proof from size 0.
func ProveConsistency(older, newer int64, read ReadHashes) ([]Hash, error) {
	if older < 1 || newer < older {
		return nil, fmt.Errorf("no consistency proof from %d to %d", older, newer)
	}
	if older == newer {
		return []Hash{}, nil // the proof of a log with itself is empty
	}
	p, err := tlog.ProveTree(newer, older, tlog.HashReaderFunc(read))
	if err != nil {
		return nil, fmt.Errorf("prove %d within %d: %w", older, newer, err)
	}
	return p, nil
}
