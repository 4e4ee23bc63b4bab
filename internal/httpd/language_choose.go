package httpd

import (
	"strings"
	"time"

	"sigportal/internal/words"
)

// languageForm is the language chosen and the page to come back to.
type languageForm struct {
	Language string `form:"language,max=20,required"`
	Next     string `form:"next,max=2000"`
}

// languageChoose keeps the reader's language for a year, in a cookie that says
// nothing else.
func (a *App) languageChoose(r *Request) error {
	var in languageForm
	if err := r.Form(&in); err != nil {
		return err
	}
	if !words.Known(in.Language) {
		return errMalformed
	}
	setCookie(r.Ctx, languageCookie, in.Language, 365*24*time.Hour)
	return r.SeeOther(safeNext(in.Next), "")
}

// safeNext is a path of the portal to go on to, or the start page. It never
// leads to another site.
func safeNext(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/start"
	}
	return next
}
