package httpd

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/sharing"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// exportedCopy is a copy as the registrar takes it over into the own file. The
// names of its fields are part of what registries rely on.
type exportedCopy struct {
	Format      string         `json:"format"`
	ID          string         `json:"id"`
	Case        string         `json:"case_number"`
	Sender      exportedSeat   `json:"sender"`
	Recipient   exportedSeat   `json:"recipient"`
	Basis       string         `json:"basis"`
	Purpose     string         `json:"purpose,omitempty"` // in Swedish, with what was added
	PurposeCode sig.Purpose    `json:"purpose_code,omitempty"`
	Categories  []sig.Category `json:"categories"`
	Language    string         `json:"language"`
	Text        string         `json:"text"`
	SHA256      string         `json:"text_sha256"`
	ReceivedAt  time.Time      `json:"received_at"`
	CutAt       *time.Time     `json:"cut_at,omitempty"`
	ExportUntil *time.Time     `json:"export_until,omitempty"`
	Late        bool           `json:"disclosed_after_withdrawal"`
}

type exportedSeat struct {
	Authority     string       `json:"authority"`
	AuthorityName string       `json:"authority_name"`
	Unit          string       `json:"unit"`
	UnitName      string       `json:"unit_name"`
	Function      sig.Function `json:"function"`
}

// registrarExport sends the copy as a file. The name of the file says nothing.
func (a *App) registrarExport(r *Request) error {
	id, disclosure, err := r.copyAddress()
	if err != nil {
		return err
	}
	opened, err := a.deps.Sharing.ExportCopy(r.Context(), r.Actor(), id, disclosure)
	if err != nil {
		return err
	}
	w, err := r.itemWords()
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(exported(w, opened), "", "  ")
	if err != nil {
		return fmt.Errorf("write a copy as a file: %w", err)
	}
	r.Set(fiber.HeaderContentType, "application/json; charset=utf-8")
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="`+disclosure.String()+`.json"`)
	return r.Ctx.Send(append(text, '\n'))
}

func exported(w itemWords, c *sharing.Copy) exportedCopy {
	seat := func(s sig.Seat) exportedSeat {
		unit, _ := w.dir.Unit(s.Unit)
		return exportedSeat{string(s.Authority), w.authority(s.Authority), string(s.Unit), unit.Name, s.Function}
	}
	e := exportedCopy{
		Format: "sigportal.copy/1", ID: c.ID.String(), Case: c.CaseNumber, Sender: seat(c.Sender), Recipient: seat(c.Recipient),
		Basis: "consent", Purpose: written(c.Aim), PurposeCode: c.Aim.Purpose, Categories: c.Categories, Language: "sv", Text: c.Text,
		SHA256: hex.EncodeToString(c.ContentHash), ReceivedAt: c.ReceivedAt, CutAt: c.CutAt, ExportUntil: c.RegistrarUntil, Late: c.Late,
	}
	if c.Internal {
		e.Basis = "internal_need"
	}
	return e
}

// written is a purpose as one Swedish text.
func written(a sig.Aim) string {
	why := whyOf(words.For(words.Source), a)
	return strings.Join(slices.DeleteFunc([]string{why.Text, why.Addition}, func(s string) bool { return s == "" }), " · ")
}

func (r *Request) copyAddress() (id sig.InterventionID, disclosure sig.DisclosureID, err error) {
	err = errors.Join(pathID(r, "id", &id), pathID(r, "copy", &disclosure))
	return id, disclosure, err
}

// registrarTransfer notes that the copy is in the own file now.
func (a *App) registrarTransfer(r *Request) error {
	id, disclosure, err := r.copyAddress()
	if err != nil {
		return err
	}
	if err := r.Form(&struct{}{}); err != nil {
		return err
	}
	if err := a.deps.Sharing.MarkTransferred(r.Context(), r.Actor(), id, disclosure); err != nil {
		return err
	}
	return r.SeeOther("/registry", "flash.transferred")
}
