package api

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
	"sigportal/internal/upload"
)

// PaperYes is one signer's signature of a version on paper, with its scan.
type PaperYes struct {
	Signer   SignerRef `json:"signer"`
	TextHash string    `json:"text_hash" maxLength:"64" doc:"Of the version on the paper."`
	SignedOn Date      `json:"signed_on"`
	ReadIn   string    `json:"read_in" maxLength:"20" doc:"The language of the texts on the paper."`
	Kept     string    `json:"kept" maxLength:"200" doc:"Where the paper itself is kept."`
	Scan     []byte    `json:"scan" doc:"PDF/A, PNG or JPEG, at most 20 MiB before it is written as base64. Of an image the picture alone is kept; every file is asked of the virus scanner, and without one no scan is taken."`
}

// Paper is a signature on paper, for the board.
type Paper struct {
	ID         ID        `json:"id"`
	SignedOn   Date      `json:"signed_on"`
	RecordedAt time.Time `json:"recorded_at"`
	Kept       string    `json:"kept" doc:"Where the paper itself is kept."`
	Size       int       `json:"size" doc:"Of the scan, in bytes."`
}

func paperOut(p *consenting.PaperLine) *Paper {
	if p == nil {
		return nil
	}
	return &Paper{idOut(p.ID), Date(p.SignedOn.String()), p.RecordedAt, p.Kept, p.Size}
}

// scanMost is how long a body with a scan may be: in base64, with what is said
// of it.
const scanMost = upload.MaxBytes/3*4 + 1<<20

// InPaper is the address of a signature on paper.
type InPaper struct {
	InConsent
	Paper string `path:"paper" doc:"The signature on paper, as the consent's signers name it."`
}

func (a *API) registerPapers() {
	const tag = "consents"
	const path = "/api/v1/consents/{consent}/papers"
	addOnce(a, op{method: "POST", path: path, level: Hat, id: "record-paper", tag: tag, most: scanMost,
		says: "Record that a signer has signed on paper, and hand in the scan."}, a.paperRecord, versionStands[consentBody[PaperYes]](a))
	add(a, op{method: "GET", path: path + "/{paper}", level: Hat, id: "read-paper", tag: tag, files: []string{"application/pdf", "image/png", "image/jpeg"},
		says: "The scan of a signature on paper, as a file; every reading is in the ledger."}, a.paperRead)
	a.describe(op{method: "GET", path: "/api/v1/consents/{consent}/paper.pdf", level: SignedIn, id: "print-version", tag: tag,
		says: "A version to read and sign on paper, as a tagged PDF."},
		pathParam("consent", "The version."), &huma.Param{Name: "language", In: "query", Schema: text(), Description: "Of the text; left out, the session's."})
	a.describe(op{method: "GET", path: "/api/v1/receipts/{reference}/receipt.pdf", level: Citizen, id: "print-receipt", tag: "withdrawals",
		says: "The receipt as a tagged PDF."}, pathParam("reference", "The receipt's."))
	a.describe(op{method: "GET", path: "/api/v1/interventions/{id}/diary/extract.pdf", level: Citizen, id: "print-diary", tag: "diary",
		says: "The diary of a child as its reader may see it, as a tagged PDF: of a long one the newest part, with the next in the header Link."},
		pathParam("id", "The intervention."), &huma.Param{Name: "after", In: "query", Schema: text(), Description: "A part, as list-diary names it."})
}

func text() *huma.Schema { return &huma.Schema{Type: huma.TypeString} }

func pathParam(name, says string) *huma.Param {
	return &huma.Param{Name: name, In: "path", Required: true, Schema: text(), Description: says}
}

// describe puts an operation into the document that the pages answer: they
// alone print. A document that would come after its ground has ended is not
// sent; without a program to print with there is none.
func (a *API) describe(o op, params ...*huma.Param) {
	described := a.operationOf(o, http.StatusOK)
	described.Parameters = params
	described.Responses = map[string]*huma.Response{"200": fileSent([]string{"application/pdf"})}
	problem := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "")
	for _, status := range append(described.Errors, http.StatusConflict, http.StatusUnprocessableEntity, http.StatusInternalServerError) {
		described.Responses[strconv.Itoa(status)] = &huma.Response{
			Description: http.StatusText(status), Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}},
		}
	}
	a.huma.OpenAPI().AddOperation(&described)
}

func (a *API) paperRecord(ctx context.Context, who *caller, in *consentBody[PaperYes]) (*Consent, error) {
	id, err := in.version()
	if err != nil {
		return nil, err
	}
	b := in.Body
	var check fault.Check
	signed := b.SignedOn.read(&check, "signed_on")
	if len(b.Scan) == 0 {
		check.Fail("scan", "error.file_missing")
	}
	if err := check.Err(); err != nil {
		return nil, err
	}
	return consentOr(a.deps.Consenting.RecordPaper(ctx, who.actor, id, consenting.PaperInput{
		Signer: b.Signer.read(), TextHash: b.TextHash, SignedOn: signed, ReadIn: b.ReadIn, Kept: b.Kept, Scan: b.Scan,
	}))
}

func (a *API) paperRead(ctx context.Context, who *caller, in *InPaper) ([]byte, error) {
	id, err := in.version()
	if err != nil {
		return nil, err
	}
	var paper sig.PaperID
	if err := pathID(in.Paper, &paper); err != nil {
		return nil, err
	}
	scan, err := a.deps.Consenting.Scan(ctx, who.actor, id, paper)
	if err != nil {
		return nil, err
	}
	who.http.Set(fiber.HeaderContentType, scan.MediaType)
	who.http.Set(fiber.HeaderContentDisposition, `attachment; filename="`+scan.Name+`"`)
	who.http.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	return scan.Data, nil
}
