package httpd

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
)

// printWithin bounds the making of one document, the looking again included.
const printWithin = 25 * time.Second

// documentRoutes are those at which programs fetch what the pages print: the
// API cannot. They are described in its document.
func (a *App) documentRoutes() []Route {
	return []Route{
		{"GET", "/api/v1/consents/:consent/paper.pdf", SignedIn, a.consentPaperPDF},
		{"GET", "/api/v1/receipts/:reference/receipt.pdf", Citizen, a.receiptPaper},
		{"GET", "/api/v1/interventions/:id/diary/extract.pdf", Citizen, a.diaryPaper},
	}
}

// sendPaper makes a page into a PDF and sends it. Printing takes seconds, in
// which a consent can be taken back and a session end: who asks and what still
// says are asked once more when the document is there, and one that would come
// too late is thrown away.
func sendPaper[D any](r *Request, p Page[D], data D, file string, still func(context.Context) error) error {
	var html bytes.Buffer
	if err := r.app.pages.paper(&html, p.name, data); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), printWithin)
	defer cancel()
	made, err := r.app.deps.Printer.Print(ctx, html.Bytes())
	if err != nil {
		return fault.Wrap(fault.Unavailable, "error.unavailable", err)
	}
	r.SetUserContext(ctx)
	visitor, err := r.app.deps.Visitor(r.Ctx)
	if err != nil {
		return err
	}
	if visitor.Actor.Session != r.Actor().Session || visitor.Actor.Kind != r.Actor().Kind {
		return errSignIn
	}
	if err := still(ctx); err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, "application/pdf")
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="`+file+`"`)
	return r.Send(made)
}

// paper renders a page for printing: its content alone, with the style in it,
// under a policy that lets nothing be loaded or run.
func (r *renderer) paper(to *bytes.Buffer, name string, data any) error {
	set := r.sets[name]
	if set == nil {
		return fmt.Errorf("there is no page %q", name)
	}
	if err := set.ExecuteTemplate(to, "paper", data); err != nil {
		return fmt.Errorf("render page %s for paper: %w", name, err)
	}
	return nil
}

// style is the style sheet as it stands in a page for printing.
func (a *assets) style() template.CSS { //nolint:forbidigo // as the line below says
	for name, file := range a.byHash {
		if "/static/"+name == a.byName["app.css"] {
			return template.CSS(file.plain) //nolint:forbidigo,gosec // our own style sheet, which is compiled in; nothing that anybody writes is in it
		}
	}
	return ""
}
