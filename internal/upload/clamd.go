package upload

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// errNotConfigured: nobody can be asked, so no file is taken.
var errNotConfigured = errors.New("no clamd is configured")

// A scan may take so long; a file that takes longer is not taken.
const scanWithin = 20 * time.Second

// scan asks clamd about a file over INSTREAM. Any answer but a clear one is an
// error, and so is none: then the file is not taken.
func (c *Checker) scan(ctx context.Context, data []byte) (harmful bool, err error) {
	if c == nil || c.clamd == "" {
		return false, errNotConfigured
	}
	ctx, cancel := context.WithTimeout(ctx, scanWithin)
	defer cancel()
	network := "tcp"
	if strings.HasPrefix(c.clamd, "/") {
		network = "unix"
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, c.clamd)
	if err != nil {
		return false, fmt.Errorf("reach clamd: %w", err)
	}
	defer func() { _ = conn.Close() }()
	until, _ := ctx.Deadline()
	if err := conn.SetDeadline(until); err != nil {
		return false, fmt.Errorf("ask clamd: %w", err)
	}
	if err := sendStream(conn, data); err != nil {
		return false, fmt.Errorf("ask clamd: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(conn, 4096))
	if err != nil {
		return false, fmt.Errorf("hear clamd: %w", err)
	}
	switch said := strings.TrimRight(string(answer), "\x00\n"); {
	case said == "stream: OK":
		return false, nil
	case strings.HasPrefix(said, "stream: ") && strings.HasSuffix(said, " FOUND"):
		return true, nil
	default:
		return false, errors.New("clamd gave no answer that says yes or no")
	}
}

// sendStream writes the command and the file in chunks, each with its length,
// and the empty chunk that ends it.
func sendStream(w io.Writer, data []byte) error {
	const chunk = 128 << 10
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	for {
		part := data[:min(len(data), chunk)]
		data = data[len(part):]
		head := binary.BigEndian.AppendUint32(nil, uint32(len(part))) //nolint:gosec // at most a chunk
		if _, err := w.Write(append(head, part...)); err != nil {
			return err
		}
		if len(part) == 0 {
			return nil
		}
	}
}
