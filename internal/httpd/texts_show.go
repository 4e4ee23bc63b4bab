package httpd

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// textsData is the languages of the family's pages, and which of them an
// authorised translator has approved.
type textsData struct {
	Base
	Rows []translationRow
}

// translationRow is one language.
type translationRow struct {
	Name, Tag, Path, State string
	Approved               bool
	Hash                   string
}

// translationData is one language with the form of its approval.
type translationData struct {
	Base
	Row   translationRow
	Today string
}

// textsPath is the address of exactly these texts: when they change it is gone.
func textsPath(hash string) string { return "/texts/" + hash }

// textsShow lists them, to an administrator.
func (a *App) textsShow(r *Request) error {
	list, err := a.translations(r)
	if err != nil {
		return err
	}
	data := textsData{Base: r.Base("texts.title")}
	for _, t := range list {
		data.Rows = append(data.Rows, translationRowOf(r.lang, t))
	}
	return textsPage.Send(r, data)
}

// translationShow shows one of them.
func (a *App) translationShow(r *Request) error {
	t, err := a.translation(r)
	if err != nil {
		return err
	}
	data := translationData{Base: r.Base("texts.title"), Row: translationRowOf(r.lang, t)}
	data.Title = t.Name()
	data.Today = sig.DateOf(a.deps.Now()).String()
	return translationPage.Send(r, data)
}

// textsDownload gives exactly the texts that an approval is of.
func (a *App) textsDownload(r *Request) error {
	t, err := a.translation(r)
	if err != nil {
		return err
	}
	r.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	r.Set(fiber.HeaderContentDisposition, `attachment; filename="texts-`+t.Tag()+`.txt"`)
	return r.SendString(t.FamilyTexts())
}

func (a *App) translations(r *Request) ([]consenting.Translation, error) {
	if r.Actor().Function != sig.RoleAdministrator {
		return nil, fault.Missing()
	}
	return a.deps.Consenting.Translations(r.Context())
}

// translation is the language whose texts the path names; the original is not
// among them.
func (a *App) translation(r *Request) (consenting.Translation, error) {
	list, err := a.translations(r)
	if err != nil {
		return consenting.Translation{}, err
	}
	for _, t := range list {
		if t.Hash() == r.Params("hash") && t.Tag() != words.Source {
			return t, nil
		}
	}
	return consenting.Translation{}, fault.Missing()
}

func translationRowOf(w *words.Language, t consenting.Translation) translationRow {
	row := translationRow{Name: t.Name(), Tag: t.Tag(), Path: textsPath(t.Hash()), Approved: t.Approved, Hash: t.Hash()}
	switch {
	case t.Tag() == words.Source:
		row.Path, row.State = "", w.T("texts.source")
	case t.Approved:
		row.State = w.T("texts.approved", "translator", t.Translator, "date", w.Date(t.TranslatedOn), "time", w.DateTime(t.RecordedAt))
	case t.Changed:
		row.State = w.T("texts.changed")
	default:
		row.State = w.T("texts.draft")
	}
	return row
}

func sampleTranslations(w *words.Language) []translationRow {
	day := time.Date(2026, 12, 3, 12, 0, 0, 0, time.UTC)
	var rows []translationRow
	for n, l := range words.FamilyLanguages() {
		rows = append(rows, translationRowOf(w, consenting.Translation{
			Language: l, Approved: n < 2, Changed: n == 3, Translator: "1234", TranslatedOn: day, RecordedAt: day,
		}))
	}
	return rows
}

var textsPage = page("texts_show", func(b Base) []textsData {
	return []textsData{{Base: b, Rows: sampleTranslations(b.Language)}}
})

var translationPage = page("texts_one", func(b Base) []translationData {
	rows := sampleTranslations(b.Language)
	return []translationData{
		{Base: b, Row: rows[1], Today: "2026-12-03"}, {Base: b, Row: rows[2], Today: "2026-12-03"}, {Base: b, Row: rows[3], Today: "2026-12-03"},
	}
})
