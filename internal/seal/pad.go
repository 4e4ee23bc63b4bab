package seal

import (
	"encoding/binary"
	"errors"
)

// block is the step in which sealed lengths grow.
const block = 64

// pad puts the length before the text and zeros after it, up to a whole block.
func pad(text []byte) []byte {
	size := (4 + len(text) + block - 1) / block * block
	out := make([]byte, size)
	binary.BigEndian.PutUint32(out, uint32(len(text))) //nolint:gosec // Seal refuses texts beyond maxText
	copy(out[4:], text)
	return out
}

func unpad(padded []byte) ([]byte, error) {
	if len(padded) < 4 {
		return nil, errors.New("a sealed text is shorter than its own length")
	}
	size := int(binary.BigEndian.Uint32(padded))
	if size > len(padded)-4 {
		return nil, errors.New("a sealed text is shorter than its own length")
	}
	return padded[4 : 4+size], nil
}
