package ledger

import (
	"bytes"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Hash is one SHA-256 hash of the log.
type Hash = tlog.Hash

// LeafHash is the hash of a leaf's exact bytes (RFC 6962, 2.1).
func LeafHash(body []byte) Hash { return tlog.RecordHash(body) }

// Row is one row as the database keeps it; an empty string stands for null.
// Ids are in their canonical text form. A row without a body has been culled.
type Row struct {
	ID           int64
	At           time.Time
	Kind         string
	Outcome      string
	Reason       string
	Actor        string
	Intervention string
	Authority    string
	Unit         string
	Function     string
	System       string
	Person       string
	Assignment   string
	Guardian     string
	Youth        string
	ObjectKind   string
	ObjectID     string
	Consent      string
	Basis        string

	RecipientAuthority string
	RecipientUnit      string
	RecipientFunction  string

	Categories []string
	Request    string
	Detail     string // the exact text of the jsonb
	Salt       []byte
	Body       []byte
	LeafHash   []byte
}

// Culled reports whether the row has been emptied.
func (r *Row) Culled() bool { return r.Body == nil }

// Check says what is wrong with a row that has a body: its leaf hash is not
// the hash of its bytes, or its columns do not say what its bytes say.
func (r *Row) Check() error {
	if h := LeafHash(r.Body); !bytes.Equal(h[:], r.LeafHash) {
		return fmt.Errorf("its leaf hash is not the hash of its body")
	}
	if !bytes.Equal(r.CanonicalBody(), r.Body) {
		return fmt.Errorf("its columns do not say what its body says")
	}
	return nil
}
