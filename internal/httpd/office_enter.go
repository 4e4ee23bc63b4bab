package httpd

import (
	"strings"
	"unicode"
)

// officePath is where the number is typed that stands on the coordinator's page.
const officePath = "/office"

// officeData is the form for the number.
type officeData struct{ Base }

var officePage = page("office", func(b Base) []officeData {
	b.Title = b.T("office.title")
	return []officeData{{b}}
})

// officeShow is the same for everybody who is signed in: it tells nobody
// whether a page waits for them.
func (a *App) officeShow(r *Request) error {
	return officePage.Send(r, officeData{r.Base("office.title")})
}

// officeEnter opens the young person's page in this window.
func (a *App) officeEnter(r *Request) error {
	var in struct {
		Number string `form:"number,max=20,required"`
	}
	if err := r.Form(&in); err != nil {
		return r.Again(err, a.officeShow)
	}
	if err := a.deps.Login.EnterOffice(r.Ctx, latinDigits(in.Number)); err != nil {
		return r.Again(err, a.officeShow)
	}
	return nil
}

// latinDigits writes a number as the portal does, whatever keyboard it was
// typed on and however it was spaced.
func latinDigits(number string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case unicode.IsSpace(c):
			return -1
		case '٠' <= c && c <= '٩':
			return '0' + c - '٠'
		case '۰' <= c && c <= '۹':
			return '0' + c - '۰'
		}
		return c
	}, number)
}
