package ledger_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sigportal/internal/ledger"
	"sigportal/internal/sig"
)

func newSigner(t rapid.TB, origin string) *ledger.Signer {
	t.Helper()
	private, public, err := ledger.GenerateKey(origin)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.NewSigner(private + "\n")
	if err != nil {
		t.Fatal(err)
	}
	if signer.VerifierKey() != public {
		t.Fatalf("public key from the private one: got %s, want %s", signer.VerifierKey(), public)
	}
	return signer
}

// withdrawal is a row as the database would hold it.
func withdrawal(id int64) ledger.Row {
	row := ledger.Row{
		ID: id, At: time.Date(2026, 12, 3, 9, 12, 0, 400000000, time.UTC).Add(time.Duration(id) * time.Second),
		Kind: string(ledger.WithdrawConsent), Outcome: string(ledger.Allowed), Actor: string(sig.ActorGuardian),
		Intervention: sig.NewID[struct{}]().String(), Person: sig.NewID[struct{}]().String(),
		Guardian: sig.NewID[struct{}]().String(), ObjectKind: string(ledger.ObjectWithdrawal),
		ObjectID: sig.NewID[struct{}]().String(), Detail: `{"whole": true}`, Salt: bytes.Repeat([]byte{byte(id)}, 32),
	}
	return sealed(row)
}

func sealed(row ledger.Row) ledger.Row {
	row.Body = row.CanonicalBody()
	hash := ledger.LeafHash(row.Body)
	row.LeafHash = hash[:]
	return row
}

func receipt(t rapid.TB, signer *ledger.Signer, at int64, later int64) (ledger.Receipt, ledger.Row) {
	t.Helper()
	s := newStore(t)
	var mine ledger.Row
	for i := range at + 1 + later {
		row := withdrawal(i + 1)
		if i == at {
			mine = row
		}
		s.append(t, ledger.Hash(row.LeafHash))
	}
	size := at + 1 + later
	signed, err := signer.Sign(size, s.root(t))
	if err != nil {
		t.Fatal(err)
	}
	path, err := ledger.ProveInclusion(size, at, s.read)
	if err != nil {
		t.Fatal(err)
	}
	return ledger.Receipt{
		Body: mine.Body, Opened: mine.Open("object", "detail"), LeafIndex: at, Path: path, Checkpoint: signed,
	}, mine
}

func TestAReceiptSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	signer := newSigner(t, "portal.example/ledger")
	r, row := receipt(t, signer, 41, 120)
	file, err := r.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	read, err := ledger.ParseReceipt(file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := read.Verify(signer.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	want := ledger.Statement{
		At: row.At, Row: 42, Kind: ledger.WithdrawConsent, Outcome: ledger.Allowed, Actor: "guardian",
		Opened: map[string]string{"object": row.ObjectID, "detail": `{"whole": true}`},
		Origin: "portal.example/ledger", LeafIndex: 41, TreeSize: 162,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what the receipt says (-want +got):\n%s", diff)
	}
	for what, secret := range map[string]string{"person": row.Person, "guardian": row.Guardian, "intervention": row.Intervention} {
		if strings.Contains(string(file), secret) || bytes.Contains(r.Body, []byte(secret)) {
			t.Errorf("the receipt shows the %s, which nobody opened", what)
		}
	}
}

// Whoever holds a receipt's file must not learn from its length how much others
// have done.
func TestReceiptsAreOfOneLength(t *testing.T) {
	t.Parallel()
	signer := newSigner(t, "portal.example/ledger")
	for _, at := range []int64{0, 9, 99, 1000} {
		r, _ := receipt(t, signer, at, at*3)
		file, err := r.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if len(file) > 4096 || len(file) < 4093 {
			t.Errorf("the receipt of leaf %d has %d bytes", at, len(file))
		}
	}
}

func TestAChangedReceiptIsNotGenuine(t *testing.T) {
	t.Parallel()
	signer := newSigner(t, "portal.example/ledger")
	other := newSigner(t, "portal.example/ledger")
	foreign := newSigner(t, "elsewhere.example/ledger")
	for what, change := range map[string]func(*ledger.Receipt){
		"time":                func(r *ledger.Receipt) { r.Body = bytes.Replace(r.Body, []byte("2026"), []byte("2025"), 1) },
		"outcome":             func(r *ledger.Receipt) { r.Body = bytes.Replace(r.Body, []byte("allowed"), []byte("refused"), 1) },
		"opened value":        func(r *ledger.Receipt) { r.Opened[0].Value = `{"whole": false}` },
		"opened name":         func(r *ledger.Receipt) { r.Opened[0].Name = "person" },
		"opened salt":         func(r *ledger.Receipt) { r.Opened[0].Salt = "00" },
		"invented commitment": func(r *ledger.Receipt) { r.Opened[0] = ledger.Opening{Name: "mother"} },
		"index":               func(r *ledger.Receipt) { r.LeafIndex++ },
		"path":                func(r *ledger.Receipt) { r.Path[0][0] ^= 1 },
		"path cut":            func(r *ledger.Receipt) { r.Path = r.Path[1:] },
		"head":                func(r *ledger.Receipt) { r.Checkpoint = strings.Replace(r.Checkpoint, "\n20\n", "\n21\n", 1) },
		"no head":             func(r *ledger.Receipt) { r.Checkpoint = "" },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			r, _ := receipt(t, signer, 7, 12)
			if _, err := r.Verify(signer.VerifierKey()); err != nil {
				t.Fatalf("before the change: %v", err)
			}
			change(&r)
			if _, err := r.Verify(signer.VerifierKey()); err == nil {
				t.Errorf("a receipt with a changed %s passed for genuine", what)
			}
		})
	}
	r, _ := receipt(t, signer, 7, 12)
	for what, key := range map[string]string{
		"another key of that name": other.VerifierKey(), "another log's key": foreign.VerifierKey(), "no key": "", "words": "a+b+c",
	} {
		if _, err := r.Verify(key); err == nil {
			t.Errorf("a receipt passed for genuine under %s", what)
		}
	}
}

func TestFilesThatAreNoReceipts(t *testing.T) {
	t.Parallel()
	signer := newSigner(t, "portal.example/ledger")
	r, _ := receipt(t, signer, 1, 1)
	file, err := r.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	for what, bad := range map[string][]byte{
		"nothing":       nil,
		"prose":         []byte("Kvitto på återkallelse"),
		"no extra":      []byte("c2sp.org/tlog-proof@v1\nindex 1\n\n"),
		"cut":           file[:len(file)/3],
		"too long":      bytes.Repeat(file, 200),
		"short hash":    []byte("c2sp.org/tlog-proof@v1\nextra e30=\nindex 1\nAAAA\n\n"),
		"unknown field": []byte("c2sp.org/tlog-proof@v1\nextra eyJ4IjoxfQ==\nindex 1\n\n"),
	} {
		if _, err := ledger.ParseReceipt(bad); err == nil {
			t.Errorf("%s passed for a receipt", what)
		}
	}
}

func TestKeysThatCannotSign(t *testing.T) {
	t.Parallel()
	private, public, err := ledger.GenerateKey("portal.example/ledger")
	if err != nil {
		t.Fatal(err)
	}
	for what, key := range map[string]string{
		"nothing": "", "the public half": public, "half of it": private[:len(private)/2],
		"another name": strings.Replace(private, "portal", "Portal", 1),
	} {
		_, err := ledger.NewSigner(key)
		if err == nil {
			t.Errorf("%s was taken for a signing key", what)
			continue
		}
		if key != "" && strings.Contains(err.Error(), key) {
			t.Errorf("the error repeats the key: %v", err)
		}
	}
	if _, err := newSigner(t, "portal.example/ledger").Sign(0, ledger.Hash{}); err == nil {
		t.Error("the head of an empty log was signed: it promises nothing")
	}
}
