package httpd

import "github.com/gofiber/fiber/v2"

// textData is a page that is only words.
type textData struct{ Base }

func sampleText(b Base) []textData { return []textData{{b}} }

var (
	privacyPage = page("privacy", sampleText)
	helpPage    = page("help", sampleText)
)

// privacyShow says what is kept about whom, why and for how long.
func (a *App) privacyShow(r *Request) error {
	return privacyPage.Send(r, textData{r.Base("privacy.title")})
}

// helpShow says how to get help by phone, also without the portal.
func (a *App) helpShow(r *Request) error {
	return helpPage.Send(r, textData{r.Base("help.title")})
}

// keyData is the page of the key that receipts are checked against.
type keyData struct {
	Base
	Key string
}

var keyPage = page("key", func(b Base) []keyData {
	return []keyData{{b, "portal.example+1a2b3c4d+AZb0c1d2e3f4"}}
})

// keyShow shows the ledger's public key. Whoever keeps a receipt should note it
// here once, and compare it with the key got from the city on paper.
func (a *App) keyShow(r *Request) error {
	return keyPage.Send(r, keyData{r.Base("key.title"), a.deps.LedgerKey})
}

// keyDownload gives the same key as a file for `sigportal ledger verify`.
func (a *App) keyDownload(r *Request) error {
	r.Type("txt", "utf-8")
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="sigportal-ledger.key"`)
	return r.SendString(a.deps.LedgerKey + "\n")
}
