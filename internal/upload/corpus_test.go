package upload_test

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"sigportal/internal/clamtest"
	"sigportal/internal/upload"
)

// marker stands in everything of a hostile file but the picture itself.
const marker = "MARKER-59.2431N-18.0936E-Magelungen 11"

// hostile is one input of the corpus.
type hostile struct {
	name string
	data []byte
	code string // with which words it is refused; "clean" drawn anew; "" one or the other
}

// corpus is I-5 of trust.md, drawn from one seed: the same files every time.
func corpus(t *testing.T) []hostile {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 2027))
	var all []hostile
	add := func(code, name string, data []byte) { all = append(all, hostile{name, data, code}) }
	p := picture(60, 40)
	scan, photo, page := asPNG(t, p), asJPEG(t, p), pdf("")
	cutAndBent(r, add, scan, photo, page)
	hiddenInPictures(t, add, scan, photo)
	twoThingsAtOnce(add, scan, photo, page)
	bombs(add)
	unusualPictures(t, add, p)
	otherFormats(r, add)
	harmfulPDFs(r, add)
	return all
}

type adder = func(code, name string, data []byte)

// cutAndBent: files that end too early, and files with bytes changed.
func cutAndBent(r *rand.Rand, add adder, scan, photo, page []byte) {
	for name, file := range map[string][]byte{"PNG": scan, "JPEG": photo, "PDF": page} {
		for n := range 12 {
			at := 9 + r.IntN(len(file)-20)
			add("error.file_broken", fmt.Sprintf("a %s cut at %d of %d (%d)", name, at, len(file), n), file[:at])
		}
	}
	for name, file := range map[string][]byte{"PNG": scan, "JPEG": photo} {
		for n := range 20 {
			bent := append([]byte{}, file...)
			for range 1 + r.IntN(4) {
				bent[3+r.IntN(len(bent)-3)] ^= byte(1 + r.IntN(255))
			}
			add("", fmt.Sprintf("a %s with bytes changed (%d)", name, n), bent)
		}
	}
}

// pngChunk is one chunk of a PNG, and pngWith a PNG with it before its picture.
func pngChunk(kind string, data []byte) []byte {
	body := append([]byte(kind), data...)
	out := append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(body))
}

func pngWith(file, chunk []byte) []byte {
	return append(append(append([]byte{}, file[:33]...), chunk...), file[33:]...)
}

func packed(data []byte) []byte {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, _ = z.Write(data)
	_ = z.Close()
	return out.Bytes()
}

func jpegWith(file []byte, segment byte, data []byte) []byte {
	out := append(append([]byte{}, file[:2]...), 0xff, segment)
	out = binary.BigEndian.AppendUint16(out, uint16(len(data)+2))
	return append(append(out, data...), file[2:]...)
}

// hiddenInPictures: places, names, profiles and comments around a picture.
func hiddenInPictures(t *testing.T, add adder, scan, photo []byte) {
	t.Helper()
	for segment := byte(0xe0); segment <= 0xef; segment++ {
		for _, head := range []string{"", "Exif\x00\x00", "http://ns.adobe.com/xap/1.0/\x00", "ICC_PROFILE\x00\x01\x01", "Photoshop 3.0\x00"} {
			if segment == 0xee && head == "" {
				continue // APP14 says which colours a picture has
			}
			add("", fmt.Sprintf("a JPEG with %q in segment %x", head, segment), jpegWith(photo, segment, []byte(head+marker)))
		}
	}
	add("clean", "a JPEG with a comment", jpegWith(photo, 0xfe, []byte(marker)))
	add("clean", "a JPEG with a preview in it", jpegWith(photo, 0xe2, append([]byte("MPF\x00"+marker), photo...)))
	for kind, data := range map[string][]byte{
		"tEXt": []byte("Comment\x00" + marker), "zTXt": append([]byte("Comment\x00\x00"), packed([]byte(marker))...),
		"iTXt": []byte("XML:com.adobe.xmp\x00\x00\x00\x00\x00" + marker), "eXIf": []byte("II*\x00\x08\x00\x00\x00" + marker),
		"iCCP": append([]byte("profile\x00\x00"), packed([]byte(marker))...), "tIME": {7, 0xea, 11, 29, 12, 0, 0}, "pHYs": {0, 0, 11, 19, 0, 0, 11, 19, 1},
		"sPLT": []byte(marker + "\x00\x08"), "prVt": []byte(marker), "acTL": {0, 0, 0, 2, 0, 0, 0, 0}, "fdAT": []byte("\x00\x00\x00\x01" + marker),
		"gIFx": []byte(marker), "dSIG": []byte(marker), "caBX": []byte(marker),
	} {
		add("clean", "a PNG with "+kind, pngWith(scan, pngChunk(kind, data)))
	}
	spare := image.NewPaletted(image.Rect(0, 0, 8, 8), nil)
	for n := 0; n+3 <= len(marker); n += 3 {
		spare.Palette = append(spare.Palette, color.NRGBA{marker[n], marker[n+1], marker[n+2], 255})
	}
	add("clean", "a PNG with a text for its palette", asPNG(t, spare))
	for how := byte(0); how <= 9; how++ {
		add("clean", fmt.Sprintf("a JPEG with a place by GPS, held %d", how), withEXIF(photo, how))
	}
}

// twoThingsAtOnce: something else before or behind what is allowed.
func twoThingsAtOnce(add adder, scan, photo, page []byte) {
	others := map[string]string{
		"HTML": "<html><script>alert('" + marker + "')</script>", "SVG": "<svg onload=alert(1)>" + marker, "PHP": "<?php system('" + marker + "');",
		"a ZIP": "PK\x03\x04" + marker, "RAR": "Rar!\x1a\x07\x00" + marker, "7z": "7z\xbc\xaf\x27\x1c" + marker, "a program": "MZ" + marker, "ELF": "\x7fELF" + marker,
		"a GIF": "GIF89a" + marker, "a script": "#!/bin/sh\n" + marker, "a mark of order": "\xef\xbb\xbf", "a line": "\r\n", "nothing but zeros": "\x00\x00",
	}
	for name, other := range others {
		for kind, file := range map[string][]byte{"PNG": scan, "JPEG": photo, "PDF": page} {
			add("error.file_kind", name+" before a "+kind, append([]byte(other), file...))
		}
		add("clean", name+" behind a PNG", append(append([]byte{}, scan...), other+marker...))
		add("clean", name+" behind a JPEG", append(append([]byte{}, photo...), other+marker...))
	}
	add("clean", "a PDF behind a PNG", append(append([]byte{}, scan...), page...))
	add("error.file_broken", "a PNG named JPEG inside", append([]byte("\xff\xd8\xff"), scan...))
	add("", "a JPEG behind a JPEG", append(append([]byte{}, photo...), photo...))
}

// header is a PNG's first chunk, of any kind of picture.
func header(w, h uint32, depth, kind, interlaced byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", append(head, depth, kind, 0, 0, interlaced))...)
}

// framed is the head of a JPEG, which claims what its frame says.
func framed(sof byte, frame []byte) []byte {
	return jpegWith(jpegWith([]byte("\xff\xd8\xff\xd9"), sof, frame), 0xe0, []byte("JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00"))
}

// bombs: a few bytes that claim, or unpack to, a great many.
func bombs(add adder) {
	const much = "error.file_too_many_points"
	for _, side := range [][2]uint32{{12001, 1}, {1, 12001}, {50000, 50000}, {12000, 12000}, {11999, 11999}, {6001, 6001}, {65535, 65535}, {1 << 24, 1}} {
		for _, kind := range []byte{0, 2, 4, 6} {
			for _, depth := range []byte{8, 16} {
				add(much, fmt.Sprintf("a PNG that claims %d by %d, kind %d of %d bits", side[0], side[1], kind, depth), header(side[0], side[1], depth, kind, 0))
			}
		}
	}
	for _, side := range []uint32{1<<31 - 1, 1 << 31, 1<<32 - 1} {
		add("", fmt.Sprintf("a PNG that claims %d each way", side), claims(side, side))
	}
	add(much, "a deep picture of six thousand each way", append(header(6000, 6000, 16, 6, 0), pngChunk("IDAT", packed(make([]byte, 1000)))...))
	for _, sof := range []byte{0xc0, 0xc2} {
		frame := append([]byte{8, 0xff, 0xff, 0xff, 0xff, 3}, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0)
		add(much, fmt.Sprintf("a JPEG that claims 65535 each way, frame %x", sof), framed(sof, frame))
	}
	slow := append([]byte{8, 0x17, 0x70, 0x17, 0x70, 3}, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0) // 6000 by 6000
	add(much, "a progressive JPEG of six thousand each way", framed(0xc2, slow))
	zeros := packed(make([]byte, 64<<20))
	small := header(100, 100, 8, 2, 0)
	end := pngChunk("IEND", nil)
	add("", "a picture whose points unpack to 64 MB", append(append(append([]byte{}, small...), pngChunk("IDAT", zeros)...), end...))
	for _, kind := range []string{"zTXt", "iCCP"} {
		file := append(append([]byte{}, small...), pngChunk(kind, append([]byte("a\x00\x00"), zeros...))...)
		add("clean", "64 MB packed into "+kind, append(append(file, pngChunk("IDAT", packed(make([]byte, 100*301)))...), end...))
	}
	empty := append([]byte{}, small...)
	for range 20_000 {
		empty = append(empty, pngChunk("IDAT", nil)...)
	}
	add("error.file_broken", "twenty thousand empty chunks", append(empty, end...))
	add("", "a JPEG of nothing but marks", append([]byte("\xff\xd8"), bytes.Repeat([]byte{0xff}, 1<<20)...))
	add("", "a JPEG of empty segments", append(append([]byte("\xff\xd8"), bytes.Repeat([]byte{0xff, 0xe5, 0, 2}, 1<<17)...), 0xff, 0xd9))
}

// unusualPictures are rare and harmless, and drawn anew like any.
func unusualPictures(t *testing.T, add adder, p *image.NRGBA) {
	t.Helper()
	b := p.Bounds()
	for name, other := range map[string]interface {
		image.Image
		Set(x, y int, c color.Color)
	}{"16 bits": image.NewNRGBA64(b), "grey": image.NewGray(b), "grey of 16 bits": image.NewGray16(b), "CMYK": image.NewCMYK(b)} {
		for y := range b.Dy() {
			for x := range b.Dx() {
				other.Set(x, y, p.At(x, y))
			}
		}
		add("clean", "a PNG of "+name, asPNG(t, other))
		add("clean", "a JPEG of "+name, asJPEG(t, other))
	}
	line := append(append(header(1, 1, 8, 2, 1), pngChunk("IDAT", packed([]byte{0, 1, 2, 3}))...), pngChunk("IEND", nil)...)
	add("clean", "an interlaced PNG", line)
}

// otherFormats are none of the three kinds, whatever their names say.
func otherFormats(r *rand.Rand, add adder) {
	for _, magic := range []string{
		"GIF87a", "GIF89a", "BM", "II*\x00", "MM\x00*", "RIFF\x00\x00\x00\x00WEBPVP8 ", "\x00\x00\x01\x00", "8BPS", "\x00\x00\x00\x18ftypheic", "\x00\x00\x00\x18ftypavif",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "PK\x03\x04word/vbaProject.bin", "{\\rtf1", "%!PS-Adobe-3.0", "%PDF", "%PDF-9", "\x89PNG", "\xff\xd8", "\x1f\x8b", "\xff\x0a", "<?xml",
	} {
		noise := make([]byte, 200)
		for n := range noise {
			noise[n] = byte(r.UintN(256))
		}
		add("error.file_kind", fmt.Sprintf("%q and noise", magic), append([]byte(magic+marker), noise...))
	}
	for _, magic := range []string{"%PDF-1.7\n", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff"} {
		for n := range 8 {
			noise := make([]byte, 1+r.IntN(4000))
			for i := range noise {
				noise[i] = byte(r.UintN(256))
			}
			add("error.file_broken", fmt.Sprintf("%q and nothing of its kind (%d)", magic, n), append([]byte(magic), noise...))
		}
	}
}

// harmfulPDFs: scripts and programs, in the ways in which they are hidden.
func harmfulPDFs(r *rand.Rand, add adder) {
	object := func(more string) []byte { return pdf("3 0 obj\n<< " + more + " >>\nendobj") }
	for _, name := range []string{"JavaScript", "JS", "Launch", "EmbeddedFile", "RichMedia", "XFA", "SubmitForm", "ImportData", "GoToR", "GoToE"} {
		at := r.IntN(len(name))
		spelled := name[:at] + fmt.Sprintf("#%02x", name[at]) + name[at+1:]
		whole := ""
		for _, c := range []byte(name) {
			whole += fmt.Sprintf("#%02X", c)
		}
		for how, text := range map[string]string{
			"plainly": "/S /" + name + " ", "before a list": "/" + name + "[1 0 R]", "before a text": "/" + name + "(x)", "on its own line": "\r\n/" + name + "\r\n",
			"with one letter spelled": "/" + spelled + " ", "spelled throughout": "/" + whole + " ", "within a comment": "%/" + name + "\n",
		} {
			add("error.file_active", name+" "+how, object(text))
		}
	}
	for _, tag := range []string{"<script", "<html", "<svg", "<!doctype", "<?php"} {
		for range 2 {
			mixed := strings.Map(func(c rune) rune {
				if r.IntN(2) == 0 {
					return c
				}
				return []rune(strings.ToUpper(string(c)))[0]
			}, tag)
			add("error.file_active", mixed+" within a PDF", object("/T ("+mixed+">)"))
		}
	}
	add("error.file_locked", "a PDF with a password", object("/Encrypt 4 0 R"))
	add("error.file_locked", "a PDF with a password, spelled", object("/Encr#79pt 4 0 R"))
	for _, comment := range []string{"", "x", marker} {
		end := append([]byte("PK\x05\x06"), make([]byte, 16)...)
		end = binary.LittleEndian.AppendUint16(end, uint16(len(comment)))
		add("error.file_broken", "a PDF that is an archive with the comment "+comment, append(append(pdf(""), end...), comment...))
	}
	virus := string(clamtest.EICAR())
	add("error.file_harmful", "EICAR in a PDF's text", object("/T ("+virus+")"))
	add("error.file_harmful", "EICAR in a PDF's stream", object("/Length 68 >>\nstream\n"+virus+"\nendstream\n<<"))
}

// TestTheWholeCorpus: every file is refused, or what is kept of it is the
// picture alone; none takes long, or much memory. It runs alone, because memory
// is counted for the whole program.
func TestTheWholeCorpus(t *testing.T) {
	checker := upload.New(clamtest.Start(t))
	all := corpus(t)
	refused, clean := 0, 0
	for _, h := range all {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		start := time.Now()
		got, err := checker.Check(t.Context(), "scan", h.data)
		took := time.Since(start)
		runtime.ReadMemStats(&after)
		verdict := said(err)
		if err == nil {
			verdict = "clean"
			clean++
			if leak := left(got); leak != "" {
				t.Errorf("%s: %s is left of it", h.name, leak)
			}
		} else {
			refused++
		}
		if h.code != "" && verdict != h.code {
			t.Errorf("%s: %q, want %q", h.name, verdict, h.code)
		}
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 160 || took > 20*time.Second {
			t.Errorf("%s: %d MB and %s", h.name, used, took)
		}
	}
	if len(all) < 300 {
		t.Errorf("the corpus has %d files, want 300", len(all))
	}
	t.Logf("%d hostile files: %d refused, %d drawn anew", len(all), refused, clean)
}

// left is what of a kept file is more than the picture: a marker, or any part of
// the file that holds no points.
func left(f upload.File) string {
	if bytes.Contains(f.Data, []byte(marker[:12])) {
		return "the marker"
	}
	switch f.Kind {
	case upload.PNG:
		if _, err := png.Decode(bytes.NewReader(f.Data)); err != nil {
			return err.Error()
		}
		for n := 8; n+12 <= len(f.Data); n += 12 + int(binary.BigEndian.Uint32(f.Data[n:])) {
			if kind := string(f.Data[n+4 : n+8]); kind != "IHDR" && kind != "IDAT" && kind != "IEND" {
				return "a chunk " + kind
			}
		}
		if !bytes.HasSuffix(f.Data, pngChunk("IEND", nil)) {
			return "something behind the end"
		}
	case upload.JPEG:
		if _, err := jpeg.Decode(bytes.NewReader(f.Data)); err != nil {
			return err.Error()
		}
		for n := 2; n+4 <= len(f.Data) && f.Data[n+1] != 0xda; n += 2 + int(binary.BigEndian.Uint16(f.Data[n+2:])) {
			if kind := f.Data[n+1]; kind != 0xdb && kind != 0xc0 && kind != 0xc4 {
				return fmt.Sprintf("a segment %x", kind)
			}
		}
		if !bytes.HasSuffix(f.Data, []byte{0xff, 0xd9}) {
			return "something behind the end"
		}
	default:
		return "a hostile PDF"
	}
	return ""
}
