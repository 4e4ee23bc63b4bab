package api

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/consenting"
)

// Taken is one withdrawal in a list.
type Taken struct {
	Reference  string    `json:"reference"`
	ReceivedAt time.Time `json:"received_at" doc:"When it took effect."`
	RecordedAt time.Time `json:"recorded_at"`
	Channel    string    `json:"channel"`
	Effective  bool      `json:"effective"`
	Whole      bool      `json:"whole"`
}

func takenOut(l consenting.ReceiptLine) Taken {
	return Taken{
		Reference: l.Reference, ReceivedAt: l.ReceivedAt, RecordedAt: l.RecordedAt, Channel: string(l.Channel),
		Effective: l.Effective, Whole: l.Whole,
	}
}

// Receipt is what a signer gets for a withdrawal. It names and counts only
// what its reader may see.
type Receipt struct {
	Taken

	Intervention ID        `json:"intervention"`
	CaseNumber   string    `json:"case_number"`
	SignedIn     string    `json:"signed_in,omitempty" doc:"The language of the text that the signer had said yes to."`
	SignedText   string    `json:"signed_text,omitempty" doc:"The hash of that text, the language, and the beginning of the hash of the words around it."`
	Lost         []LostRow `json:"lost"`
	Told         []Party   `json:"told" doc:"The functions that were told."`
	Untold       []Party   `json:"untold" doc:"Those in which nobody took part who could be told."`
	AlreadyRead  []Read    `json:"already_read"`
	Late         []Read    `json:"after_withdrawal" doc:"Told after it had been taken back, before that was recorded."`
	Copies       int       `json:"copies"`
	MeetingsOff  int       `json:"meetings_off" doc:"Meetings that were called off."`
	Calls        []Calls   `json:"calls"`
	Closes       bool      `json:"closes"`
}

// Read is one thing that had been read before, or was told too late.
type Read struct {
	At     time.Time `json:"at"`
	Reader Party     `json:"reader"`
}

func readOut(l consenting.ReadLine) Read { return Read{l.At, partyOut(l.Party)} }

func receiptOut(r *consenting.Receipt) *Receipt {
	return &Receipt{
		Taken: takenOut(r.ReceiptLine), Intervention: idOut(r.Intervention), CaseNumber: r.CaseNumber, SignedIn: r.SignedIn, SignedText: r.SignedText, Lost: list(r.Lost, lostOut),
		Told: list(r.Told, partyOut), Untold: list(r.Untold, partyOut), Copies: r.Copies, Closes: r.Closes, MeetingsOff: r.MeetingsOff, Calls: list(r.Calls, callsOut),
		AlreadyRead: list(r.AlreadyRead, readOut), Late: list(r.Late, readOut),
	}
}

type inReceipt struct {
	Reference string `path:"reference"`
}

func (a *API) registerReceipts() {
	const tag = "withdrawals"
	add(a, op{method: "GET", path: "/api/v1/receipts/{reference}", level: SignedIn, id: "show-receipt", tag: tag,
		says: "The receipt of a withdrawal, for who made it and for the board's staff."}, a.receiptShow)
	add(a, op{method: "GET", path: "/api/v1/receipts/{reference}/proof", level: SignedIn, id: "prove-receipt", tag: tag, files: []string{fiber.MIMETextPlain},
		says: "The receipt as a file that proves itself against the log's key; 503 until its row is in the log."}, a.receiptProof)
}

func (a *API) receiptShow(ctx context.Context, who *caller, in *inReceipt) (*Receipt, error) {
	r, err := a.deps.Consenting.Receipt(ctx, who.actor, in.Reference)
	if err != nil {
		return nil, err
	}
	return receiptOut(r), nil
}

func (a *API) receiptProof(ctx context.Context, who *caller, in *inReceipt) ([]byte, error) {
	file, err := a.deps.Consenting.ReceiptFile(ctx, who.actor, in.Reference)
	if err == nil {
		who.http.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	}
	return file, err
}
