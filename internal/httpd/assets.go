package httpd

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
)

// assets are the files of web/static under names that hold their content's
// hash, so that a browser may keep them for good.
type assets struct {
	byName map[string]string // app.css → /static/app.0123456789abcdef.css
	byHash map[string]asset
}

type asset struct {
	kind              string
	plain, zip, small []byte
}

// loadAssets reads and compresses every file once, at start.
func loadAssets(files fs.FS) (*assets, error) {
	a := &assets{byName: map[string]string{}, byHash: map[string]asset{}}
	err := fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		return a.add(strings.TrimPrefix(name, "static/"), content)
	})
	if err != nil {
		return nil, fmt.Errorf("load the assets: %w", err)
	}
	return a, nil
}

func (a *assets) add(name string, content []byte) error {
	sum := sha256.Sum256(content)
	ext := path.Ext(name)
	flat := strings.ReplaceAll(strings.TrimSuffix(name, ext), "/", "-")
	hashed := flat + "." + hex.EncodeToString(sum[:8]) + ext
	file := asset{kind: mime.TypeByExtension(ext), plain: content}
	if file.kind == "" {
		file.kind = "application/octet-stream"
	}
	var small, zip bytes.Buffer
	for _, w := range []interface {
		Write([]byte) (int, error)
		Close() error
	}{brotli.NewWriterLevel(&small, brotli.BestCompression), gzip.NewWriter(&zip)} {
		if _, err := w.Write(content); err != nil {
			return fmt.Errorf("compress %s: %w", name, err)
		}
		if err := w.Close(); err != nil {
			return fmt.Errorf("compress %s: %w", name, err)
		}
	}
	if small.Len() < len(content) {
		file.small = small.Bytes()
	}
	if zip.Len() < len(content) {
		file.zip = zip.Bytes()
	}
	a.byName[name] = "/static/" + hashed
	a.byHash[hashed] = file
	return nil
}

// path is the template function asset: the address of a file of web/static. A
// name that does not exist stops the page, and so its test.
func (a *assets) path(name string) (string, error) {
	p, ok := a.byName[name]
	if !ok {
		return "", fmt.Errorf("there is no asset %q", name)
	}
	return p, nil
}

// assetSend serves one file under its hashed name, for good.
func (a *App) assetSend(r *Request) error {
	file, ok := a.assets.byHash[r.Params("name")]
	if !ok {
		return fault.Missing()
	}
	r.Set(fiber.HeaderContentType, file.kind)
	r.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	r.Vary(fiber.HeaderAcceptEncoding)
	accepts := r.Get(fiber.HeaderAcceptEncoding)
	switch {
	case file.small != nil && strings.Contains(accepts, "br"):
		r.Set(fiber.HeaderContentEncoding, "br")
		return r.Send(file.small)
	case file.zip != nil && strings.Contains(accepts, "gzip"):
		r.Set(fiber.HeaderContentEncoding, "gzip")
		return r.Send(file.zip)
	}
	return r.Send(file.plain)
}
