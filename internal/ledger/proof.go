package ledger

import (
	"fmt"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
)

// CheckInclusion checks, with the implementation that did not make the proof,
// that the leaf stands at index in the log of the size with the root.
func CheckInclusion(size, index int64, leaf []byte, path [][]byte, root []byte) error {
	if size < 1 || index < 0 || index >= size {
		return fmt.Errorf("leaf %d is outside a log of %d", index, size)
	}
	if err := lengths(append([][]byte{leaf, root}, path...)); err != nil {
		return err
	}
	if err := proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(size), leaf, path, root); err != nil {
		return fmt.Errorf("the proof does not lead from leaf %d to the signed root", index)
	}
	return nil
}

// CheckConsistency checks that the newer log begins with exactly the older
// one. The library takes anything for consistent with a log of size 0, and
// does not look at the length of hashes; both are refused here.
func CheckConsistency(older, newer int64, path [][]byte, olderRoot, newerRoot []byte) error {
	if older < 1 || newer < older {
		return fmt.Errorf("no consistency from size %d to size %d", older, newer)
	}
	if err := lengths(append([][]byte{olderRoot, newerRoot}, path...)); err != nil {
		return err
	}
	err := proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(older), uint64(newer), path, olderRoot, newerRoot) //nolint:gosec // neither is negative
	if err != nil {
		return fmt.Errorf("the log of %d does not begin with the log of %d", newer, older)
	}
	return nil
}

func lengths(hashes [][]byte) error {
	for _, h := range hashes {
		if len(h) != rfc6962.DefaultHasher.Size() {
			return fmt.Errorf("a hash has %d bytes, not %d", len(h), rfc6962.DefaultHasher.Size())
		}
	}
	return nil
}

// Bytes gives hashes in the form that CheckInclusion and CheckConsistency take.
func Bytes(hashes []Hash) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}
