package upload

import (
	"bytes"
	"encoding/binary"
)

// orientation reads the one thing of a JPEG's EXIF data that a picture needs:
// how it was held, 1 to 8; 1 where nothing says so.
func orientation(data []byte) int {
	for n := 2; n+4 <= len(data) && data[n] == 0xff; {
		marker, size := data[n+1], int(binary.BigEndian.Uint16(data[n+2:]))
		if marker == 0xda || size < 2 || n+2+size > len(data) { // the picture itself begins
			return 1
		}
		segment := data[n+4 : n+2+size]
		if rest, ok := bytes.CutPrefix(segment, []byte("Exif\x00\x00")); marker == 0xe1 && ok {
			return ofTIFF(rest)
		}
		n += 2 + size
	}
	return 1
}

// inPasses reports whether a JPEG is progressive, by the mark of its frame.
func inPasses(data []byte) bool {
	for n := 2; n+4 <= len(data) && data[n] == 0xff; {
		marker, size := data[n+1], int(binary.BigEndian.Uint16(data[n+2:]))
		switch {
		case marker == 0xc2:
			return true
		case marker == 0xc0, marker == 0xc1, marker == 0xda, size < 2:
			return false
		}
		n += 2 + size
	}
	return false
}

func ofTIFF(t []byte) int {
	if len(t) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.BigEndian
	if t[0] == 'I' {
		order = binary.LittleEndian
	}
	first := int(order.Uint32(t[4:]))
	if first < 8 || first+2 > len(t) {
		return 1
	}
	entries := int(order.Uint16(t[first:]))
	for n := range entries {
		at := first + 2 + 12*n
		if at+12 > len(t) {
			return 1
		}
		if order.Uint16(t[at:]) == 0x0112 {
			return int(order.Uint16(t[at+8:]))
		}
	}
	return 1
}
