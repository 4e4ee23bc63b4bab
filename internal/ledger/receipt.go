package ledger

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/transparency-dev/formats/proof"
)

// Receipt proves offline that one row stands in the log. Its file is a C2SP
// tlog-proof: any tool of that format can check the proof; the extra line
// holds the leaf's bytes and the commitments that the reader may have opened.
type Receipt struct {
	Body       []byte
	Opened     []Opening
	LeafIndex  int64
	Path       []Hash
	Checkpoint string
}

// Statement is what a checked receipt says. At is the instant of the act by
// the portal's clock; the moment of effect of a withdrawal recorded later is
// in the detail, where that has been opened.
type Statement struct {
	At        time.Time
	Row       int64
	Kind      Kind
	Outcome   Outcome
	Actor     string
	Authority string
	Unit      string
	Function  string
	Opened    map[string]string
	Origin    string
	LeafIndex int64
	TreeSize  int64
}

type receiptExtra struct {
	Body   string    `json:"body"`
	Opened []Opening `json:"opened"`
}

type bodyFacts struct {
	Version   int               `json:"v"`
	ID        int64             `json:"id"`
	At        time.Time         `json:"at"`
	Kind      Kind              `json:"kind"`
	Outcome   Outcome           `json:"outcome"`
	Actor     string            `json:"actor"`
	Authority string            `json:"authority"`
	Unit      string            `json:"unit"`
	Function  string            `json:"function"`
	Committed map[string]string `json:"committed"`
}

// receiptBlock is what a receipt's file is filled up to.
const receiptBlock = 4096

// Marshal writes the receipt's file. Blanks in its extra line fill it up to whole
// blocks but for at most three bytes, so that how long it is does not tell how
// many rows others have written; index and size stand in it in plain figures.
func (r Receipt) Marshal() ([]byte, error) {
	extra, err := json.Marshal(receiptExtra{Body: string(r.Body), Opened: r.Opened})
	if err != nil {
		return nil, fmt.Errorf("write the receipt: %w", err)
	}
	p := proof.TLogProof{Index: uint64(r.LeafIndex), Checkpoint: []byte(r.Checkpoint), ExtraData: extra} //nolint:gosec // an index is never negative
	for _, h := range r.Path {
		p.Hashes = append(p.Hashes, h)
	}
	missing := receiptBlock - len(p.Marshal())%receiptBlock
	p.ExtraData = slices.Concat(extra, bytes.Repeat([]byte{' '}, missing/4*3))
	return p.Marshal(), nil
}

// maxReceipt is far above any real receipt: about 2 kB and 45 bytes for each
// doubling of the log.
const maxReceipt = 64 << 10

// ParseReceipt reads a receipt's file; it checks nothing but the form.
func ParseReceipt(file []byte) (Receipt, error) {
	if len(file) > maxReceipt {
		return Receipt{}, errors.New("the file is too long for a receipt")
	}
	var p proof.TLogProof
	if err := p.Unmarshal(file); err != nil {
		return Receipt{}, fmt.Errorf("the file is not a receipt: %w", err)
	}
	if p.Index > 1<<62 {
		return Receipt{}, errors.New("the file is not a receipt: its index is out of range")
	}
	var extra receiptExtra
	dec := json.NewDecoder(bytes.NewReader(p.ExtraData))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&extra); err != nil || dec.Decode(&struct{}{}) != io.EOF {
		return Receipt{}, errors.New("the file is not a receipt: its extra line cannot be read")
	}
	r := Receipt{
		Body: []byte(extra.Body), Opened: extra.Opened, LeafIndex: int64(p.Index), Checkpoint: string(p.Checkpoint),
	}
	for _, h := range p.Hashes {
		r.Path = append(r.Path, h)
	}
	return r, nil
}

// Verify checks the receipt against a public key that the reader got
// elsewhere, without any database: the head is signed, the leaf is in it, and
// every opened value is what the leaf committed to.
func (r Receipt) Verify(public string) (Statement, error) {
	head, err := OpenCheckpoint(r.Checkpoint, public)
	if err != nil {
		return Statement{}, err
	}
	leaf := LeafHash(r.Body)
	if err := CheckInclusion(head.Size, r.LeafIndex, leaf[:], Bytes(r.Path), head.Root); err != nil {
		return Statement{}, err
	}
	var facts bodyFacts
	if err := json.Unmarshal(r.Body, &facts); err != nil || facts.Version != 1 {
		return Statement{}, errors.New("the row is in the log, but in a form that this program does not know")
	}
	opened := map[string]string{}
	for _, o := range r.Opened {
		salt, err := hex.DecodeString(o.Salt)
		committed := facts.Committed[o.Name]
		if err != nil || committed == "" || commitment(salt, o.Value) != committed {
			return Statement{}, fmt.Errorf("the row is in the log, but its %s is not what the receipt says", o.Name)
		}
		opened[o.Name] = o.Value
	}
	return Statement{
		At: facts.At, Row: facts.ID, Kind: facts.Kind, Outcome: facts.Outcome, Actor: facts.Actor,
		Authority: facts.Authority, Unit: facts.Unit, Function: facts.Function, Opened: opened,
		Origin: head.Origin, LeafIndex: r.LeafIndex, TreeSize: head.Size,
	}, nil
}
