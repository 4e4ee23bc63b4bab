package upload

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// A picture may have so many points and be so wide or high. It is asked before
// anything is unpacked: a few bytes can claim a picture that fills the memory.
const (
	maxPoints = 36_000_000
	maxSide   = 12_000
)

func checkSize(data []byte) string {
	config, _, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil, config.Width <= 0, config.Height <= 0:
		return "error.file_broken"
	case config.Width > maxSide, config.Height > maxSide, config.Width*config.Height > maxPoints/weight(config, data):
		return "error.file_too_many_points"
	}
	return ""
}

// weight is how many times the memory of a plain picture one takes while it is
// unpacked: one of 16 bits twice, and of one that comes in passes every point's
// coefficients are kept until the last.
func weight(config image.Config, data []byte) int {
	switch config.ColorModel {
	case color.NRGBA64Model, color.RGBA64Model, color.Gray16Model:
		return 2
	}
	if inPasses(data) {
		return 4
	}
	return 1
}

// jpegQuality keeps handwriting sharp.
const jpegQuality = 90

// redraw draws a picture anew, the right way up: nothing of the file goes
// further but what can be seen, no place, no camera, no comment, nothing behind
// its end.
func redraw(kind Kind, data []byte) ([]byte, bool) {
	picture, format, err := image.Decode(bytes.NewReader(data))
	if err != nil || format != string(kind) {
		return nil, false
	}
	var out bytes.Buffer
	if kind == JPEG {
		picture = turned(picture, orientation(data))
		err = jpeg.Encode(&out, picture, &jpeg.Options{Quality: jpegQuality})
	} else {
		err = (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, plain(picture))
	}
	if err != nil || out.Len() > MaxBytes {
		return nil, false
	}
	return out.Bytes(), true
}

// plain is a picture without a palette's spare entries, in which something
// could be hidden.
func plain(picture image.Image) image.Image {
	if _, indexed := picture.(*image.Paletted); !indexed {
		return picture
	}
	out := image.NewNRGBA(picture.Bounds())
	draw.Draw(out, out.Bounds(), picture, picture.Bounds().Min, draw.Src)
	return out
}

// turned is a picture the right way up, by the orientation of its EXIF data:
// telephones write down how they were held instead of turning the picture.
func turned(picture image.Image, how int) image.Image {
	if how < 2 || how > 8 {
		return picture
	}
	b := picture.Bounds()
	w, h := b.Dx(), b.Dy()
	size := image.Rect(0, 0, w, h)
	if how >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	at := picture.At
	if full, ok := picture.(*image.YCbCr); ok {
		at = func(x, y int) color.Color { return full.YCbCrAt(x, y) }
	}
	for y := range h {
		for x := range w {
			tx, ty := place(how, x, y, w, h)
			out.Set(tx, ty, at(b.Min.X+x, b.Min.Y+y))
		}
	}
	return out
}

// place is where a point goes; the eight ways are those of EXIF.
func place(how, x, y, w, h int) (int, int) {
	switch how {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	default:
		return y, w - 1 - x
	}
}
