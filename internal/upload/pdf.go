package upload

import (
	"bytes"
	"encoding/binary"
)

// activeContent is what a scanned page never has and a harmful one may. It is
// looked for as it stands; what is compressed is ClamAV's to unpack, and a
// reader is only ever given the file to save.
var activeContent = [][]byte{
	[]byte("/JavaScript"), []byte("/JS"), []byte("/Launch"), []byte("/EmbeddedFile"), []byte("/RichMedia"), []byte("/XFA"),
	[]byte("/SubmitForm"), []byte("/ImportData"), []byte("/GoToR"), []byte("/GoToE"),
}

// otherKinds are what makes a file two things at once.
var otherKinds = [][]byte{[]byte("<script"), []byte("<html"), []byte("<svg"), []byte("<!doctype"), []byte("<?php")}

// checkPDF says what keeps a PDF from being taken. It is not drawn anew: what
// is one for ClamAV and for every reader is kept as it is, and sent as an
// attachment alone.
func checkPDF(data []byte) string {
	tail := data[max(0, len(data)-1024):]
	words := outsideStreams(data)
	switch {
	case !bytes.Contains(tail, []byte("%%EOF")), isArchive(data):
		return "error.file_broken"
	case containsName(words, []byte("/Encrypt")):
		return "error.file_locked"
	}
	for _, name := range activeContent {
		if containsName(words, name) {
			return "error.file_active"
		}
	}
	lower := bytes.ToLower(words)
	for _, mark := range otherKinds {
		if bytes.Contains(lower, mark) {
			return "error.file_active"
		}
	}
	return ""
}

// outsideStreams is a PDF without its streams, in whose packed bytes any short
// name turns up by chance.
func outsideStreams(data []byte) []byte {
	var words []byte
	for {
		from := bytes.Index(data, []byte("stream"))
		if from < 0 {
			return append(words, data...)
		}
		from += len("stream")
		words = append(words, data[:from]...)
		to := bytes.Index(data[from:], []byte("endstream"))
		if to < 0 {
			return append(words, data[from:]...)
		}
		data = data[from+to+len("endstream"):]
	}
}

// containsName reports whether a PDF has a name, alone and not as the beginning
// of a longer one; names may spell letters as #xx, which no scanner does.
func containsName(data, name []byte) bool {
	for rest := data; ; {
		at := bytes.Index(rest, name)
		if at < 0 {
			break
		}
		rest = rest[at+len(name):]
		if len(rest) == 0 || !isRegular(rest[0]) || string(name) == "/EmbeddedFile" {
			return true
		}
	}
	return spelledOut(data, name)
}

// isRegular reports whether a byte goes on with a PDF's name.
func isRegular(b byte) bool {
	return b > ' ' && b < 0x7f && bytes.IndexByte([]byte("()<>[]{}/%"), b) < 0
}

// spelledOut looks for a name with letters written as #xx.
func spelledOut(data, name []byte) bool {
	for n := bytes.IndexByte(data, '/'); n >= 0 && n < len(data); {
		end := n + 1
		for end < len(data) && isRegular(data[end]) && end-n < 120 {
			end++
		}
		if word := data[n:end]; bytes.IndexByte(word, '#') >= 0 && bytes.Equal(unhash(word), name) {
			return true
		}
		next := bytes.IndexByte(data[end:], '/')
		if next < 0 {
			return false
		}
		n = end + next
	}
	return false
}

func unhash(word []byte) []byte {
	var out []byte
	for n := 0; n < len(word); n++ {
		if word[n] == '#' && n+2 < len(word) {
			hi, lo := hexDigit(word[n+1]), hexDigit(word[n+2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo)) //nolint:gosec // two digits of four bits
				n += 2
				continue
			}
		}
		out = append(out, word[n])
	}
	return out
}

func hexDigit(b byte) int {
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b >= 'a' && b <= 'f':
		return int(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return int(b-'A') + 10
	default:
		return -1
	}
}

// isArchive reports whether the file ends as a ZIP does, and so is one as well.
func isArchive(data []byte) bool {
	const record = 22
	tail := data[max(0, len(data)-record-1<<16):]
	for rest := tail; ; {
		at := bytes.Index(rest, []byte("PK\x05\x06"))
		if at < 0 {
			return false
		}
		rest = rest[at:]
		if len(rest) >= record && int(binary.LittleEndian.Uint16(rest[20:])) <= len(rest)-record {
			return true
		}
		rest = rest[4:]
	}
}
