package upload_test

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net"
	"strings"
	"testing"
	"time"

	"sigportal/internal/clamtest"
	"sigportal/internal/fault"
	"sigportal/internal/upload"
)

// said is the code at the file's field, or "".
func said(err error) string {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Fields) == 0 {
		return ""
	}
	return f.Fields[0].Code
}

func picture(w, h int) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p.Set(x, y, color.NRGBA{uint8(x * 7), uint8(y * 5), uint8(x + y), 255})
		}
	}
	return p
}

func asPNG(t *testing.T, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(t *testing.T, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, p, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// withEXIF puts EXIF data into a JPEG: an orientation, and a place by GPS.
func withEXIF(file []byte, orientation byte) []byte {
	tiff := []byte("II*\x00\x08\x00\x00\x00" + "\x02\x00" +
		"\x12\x01\x03\x00\x01\x00\x00\x00" + string([]byte{orientation, 0, 0, 0}) +
		"\x25\x88\x04\x00\x01\x00\x00\x00\x26\x00\x00\x00" + "\x00\x00\x00\x00" + "GPS 59.2431 N 18.0936 E Farsta")
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append([]byte{}, file[:2]...)
	out = append(out, 0xff, 0xe1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	return append(append(out, segment...), file[2:]...)
}

// pdf is a page as a scanner makes it, with further objects.
func pdf(more string) []byte {
	return []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n" + more +
		"\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")
}

// claims is a PNG of a few bytes that claims to be so wide and high.
func claims(w, h uint32) []byte {
	chunk := func(kind string, data []byte) []byte {
		out := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		body := append([]byte(kind), data...)
		return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(make([]byte, 1000))
	_ = z.Close()
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)
	return append(append(append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(head, 8, 2, 0, 0, 0))...),
		chunk("IDAT", packed.Bytes())...), chunk("IEND", nil)...)
}

// bomb is a ZIP of a few bytes that unpacks to a great many.
func bomb(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	f, err := z.Create("zeros")
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if _, err := f.Write(make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestWhatIsHandedIn is the corpus I-5 of trust.md: what is refused, and with
// which words.
func TestWhatIsHandedIn(t *testing.T) {
	t.Parallel()
	checker := upload.New(clamtest.Start(t))
	scan := asPNG(t, picture(60, 40))
	var animated bytes.Buffer
	if err := gif.Encode(&animated, picture(4, 4), nil); err != nil {
		t.Fatal(err)
	}
	svg := `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`
	cases := map[string]struct {
		data []byte
		code string
	}{
		"nothing":                            {nil, "error.file_missing"},
		"an SVG":                             {[]byte(svg), "error.file_kind"},
		"HTML":                               {[]byte("<!doctype html><script>alert(1)</script>"), "error.file_kind"},
		"a GIF":                              {animated.Bytes(), "error.file_kind"},
		"a program":                          {[]byte("MZ\x90\x00" + strings.Repeat("\x00", 100)), "error.file_kind"},
		"a macro document, which is a ZIP":   {bomb(t), "error.file_kind"},
		"EICAR alone":                        {clamtest.EICAR(), "error.file_kind"},
		"a text":                             {[]byte("Jag säger ja."), "error.file_kind"},
		"HTML before a PDF":                  {append([]byte("<html><script>alert(1)</script>"), pdf("")...), "error.file_kind"},
		"HTML within a PDF":                  {pdf("% <HTML><ScRiPt>alert(1)</sCrIpT>"), "error.file_active"},
		"SVG within a PDF":                   {pdf("(" + svg + ")"), "error.file_active"},
		"a PDF that is a ZIP bomb as well":   {append(pdf(""), bomb(t)...), "error.file_broken"},
		"a PDF with a script":                {pdf("3 0 obj\n<< /S /JavaScript /JS (app.alert(1)) >>\nendobj"), "error.file_active"},
		"a script spelled out":               {pdf("3 0 obj\n<< /S /J#61vaScript >>\nendobj"), "error.file_active"},
		"a PDF that starts a program":        {pdf("3 0 obj\n<< /S /Launch /F (cmd.exe) >>\nendobj"), "error.file_active"},
		"a PDF with a file in it":            {pdf("3 0 obj\n<< /Type /EmbeddedFile /Length 3 >>\nstream\nabc\nendstream\nendobj"), "error.file_active"},
		"a PDF with a form of its own":       {pdf("3 0 obj\n<< /XFA 4 0 R >>\nendobj"), "error.file_active"},
		"a locked PDF":                       {pdf("3 0 obj\n<< /Encrypt 4 0 R >>\nendobj"), "error.file_locked"},
		"half a PDF":                         {pdf("")[:60], "error.file_broken"},
		"EICAR in a PDF":                     {pdf("3 0 obj\n<< /Length 68 >>\nstream\n" + string(clamtest.EICAR()) + "\nendstream\nendobj"), "error.file_harmful"},
		"EICAR behind a picture":             {append(asPNG(t, picture(9, 9)), clamtest.EICAR()...), "error.file_harmful"},
		"a picture of 50 000 points' width":  {claims(50000, 50000), "error.file_too_many_points"},
		"a picture that fills the memory":    {claims(11999, 11999), "error.file_too_many_points"},
		"a picture without points":           {claims(0, 0), "error.file_broken"},
		"a picture that is not all there":    {scan[:len(scan)/2], "error.file_broken"},
		"a JPEG that is none":                {append([]byte("\xff\xd8\xff\xe0"), []byte(svg)...), "error.file_broken"},
		"a PNG's beginning with HTML behind": {append([]byte("\x89PNG\r\n\x1a\n"), []byte("<script>alert(1)</script>")...), "error.file_broken"},
		"a file beyond the limit":            {append(pdf(""), make([]byte, upload.MaxBytes)...), "error.file_too_big"},
	}
	for name, c := range cases {
		if got, err := checker.Check(t.Context(), "scan", c.data); said(err) != c.code {
			t.Errorf("%s: %q (%v), kind %q; want %q", name, said(err), err, got.Kind, c.code)
		}
	}
	for name, file := range map[string][]byte{
		"a PNG": scan, "a JPEG": asJPEG(t, picture(60, 40)), "a PDF": pdf(""), "a PDF with pictures": pdf("3 0 obj\n<< /Length 40 >>\nstream\n/JS /JavaScript /Launch <script><svg <html\nendstream\nendobj"),
	} {
		if got, err := checker.Check(t.Context(), "scan", file); err != nil || len(got.Data) == 0 {
			t.Errorf("%s is refused: %v %s", name, err, said(err))
		}
	}
}

// TestNothingButThePicture: no place, no comment, nothing behind the end goes
// further; and the page is the right way up.
func TestNothingButThePicture(t *testing.T) {
	t.Parallel()
	checker := upload.New(clamtest.Start(t))
	p := picture(60, 40)
	for how := byte(1); how <= 8; how++ {
		file := append(withEXIF(asJPEG(t, p), how), []byte("<script>alert(1)</script>PK\x03\x04")...)
		got, err := checker.Check(t.Context(), "scan", file)
		if err != nil {
			t.Fatalf("held %d: %v", how, err)
		}
		for _, leak := range []string{"Exif", "GPS", "59.2431", "Farsta", "<script>", "PK\x03\x04"} {
			if bytes.Contains(got.Data, []byte(leak)) {
				t.Errorf("held %d: %q is left", how, leak)
			}
		}
		drawn, err := jpeg.Decode(bytes.NewReader(got.Data))
		if err != nil {
			t.Fatal(err)
		}
		if wide := drawn.Bounds().Dx() > drawn.Bounds().Dy(); wide != (how < 5) {
			t.Errorf("held %d: %v", how, drawn.Bounds())
		}
		corner := map[byte]image.Point{1: {0, 0}, 2: {59, 0}, 3: {59, 39}, 4: {0, 39}, 5: {0, 0}, 6: {39, 0}, 7: {39, 59}, 8: {0, 59}}[how]
		r, g, b, _ := drawn.At(corner.X, corner.Y).RGBA()
		if r>>8 > 60 || g>>8 > 60 || b>>8 > 60 { // the picture's own first corner is black
			t.Errorf("held %d: the first corner is not at %v", how, corner)
		}
	}
	comment := asPNG(t, p)
	text := []byte("tEXtComment\x00Farsta 59.2431")
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, text...), crc32.ChecksumIEEE(text))
	got, err := checker.Check(t.Context(), "scan", append(append(append([]byte{}, comment[:33]...), chunk...), comment[33:]...))
	if err != nil || bytes.Contains(got.Data, []byte("Farsta")) {
		t.Errorf("a PNG's comment: %v", err)
	}
}

// TestNobodyToAsk: without clamd, with one that says nothing, and with one that
// says something else, no file is taken.
func TestNobodyToAsk(t *testing.T) {
	t.Parallel()
	listen := func(answer string) string {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = conn.Write([]byte(answer))
				_ = conn.(*net.TCPConn).CloseWrite()
			}
		}()
		return l.Addr().String()
	}
	scan := asPNG(t, picture(9, 9))
	for name, checker := range map[string]*upload.Checker{
		"no checker": nil, "none configured": upload.New(""), "nobody there": upload.New("127.0.0.1:1"), "no socket": upload.New("/nowhere/clamd.sock"),
		"silence": upload.New(listen("")), "something else": upload.New(listen("INSTREAM size limit exceeded. ERROR\x00")),
		"a yes to another question": upload.New(listen("PONG\x00")), "two answers": upload.New(listen("stream: OK\x00stream: Eicar FOUND\x00ERROR")),
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		_, err := checker.Check(ctx, "scan", scan)
		cancel()
		if said(err) != "error.file_unchecked" {
			t.Errorf("%s: %v %q", name, err, said(err))
		}
	}
}

// FuzzCheck: whatever bytes come, nothing is taken without clamd.
func FuzzCheck(f *testing.F) {
	f.Add(pdf("3 0 obj"))
	f.Add(claims(3, 3))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x20Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := upload.New("").Check(t.Context(), "scan", data); err == nil {
			t.Errorf("%d bytes are taken without clamd", len(data))
		}
	})
}
