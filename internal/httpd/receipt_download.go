package httpd

import "github.com/gofiber/fiber/v2"

// receiptDownload gives the receipt as a file that can be checked without the
// portal. For up to a second after the withdrawal its row is not in the log
// yet: the answer is then 503, and the same address works soon after.
func (a *App) receiptDownload(r *Request) error {
	reference := r.Params("reference")
	file, err := a.deps.Consenting.ReceiptFile(r.Context(), r.Actor(), reference)
	if err != nil {
		return err
	}
	r.Type("txt", "utf-8")
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="`+receiptFileName(reference)+`"`)
	return r.Send(file)
}
