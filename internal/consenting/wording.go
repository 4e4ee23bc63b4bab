package consenting

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"sigportal/internal/fault"
	"sigportal/internal/ledger"
	"sigportal/internal/postgres"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// Seen pins what stood on a signer's screen: the version, and the texts around
// it in the language of the page. It goes into the form and the fresh login and
// comes back with the signature. A text hash alone is the page in Swedish.
func Seen(textHash string, l *words.Language) string {
	return textHash + "." + l.Tag() + "." + l.Hash()
}

// read takes a pin apart. Texts that have changed since the page was shown are
// told like a version that has.
func read(seen string) (textHash string, l *words.Language, same bool) {
	textHash, rest, pinned := strings.Cut(seen, ".")
	if !pinned {
		return textHash, words.For(words.Source), true
	}
	tag, hash, _ := strings.Cut(rest, ".")
	if !words.Known(tag) {
		return textHash, nil, false
	}
	l = words.For(tag)
	return textHash, l, hash == l.Hash()
}

// wordingOf is the state of a language's texts in this program.
func wordingOf(l *words.Language) postgres.Wording {
	hash, _ := hex.DecodeString(l.Hash()) // ours, and always hexadecimal
	return postgres.Wording{Language: l.Tag(), Hash: hash}
}

// inApproved keeps the texts that are signed in, and refuses those that no
// authorised translator has approved.
func (m *matter) inApproved(ctx context.Context, l *words.Language) (postgres.Wording, error) {
	w := wordingOf(l)
	approved, err := m.tx.WordingApproved(ctx, w)
	if err != nil {
		return w, err
	}
	if !approved {
		return w, m.conflict("error.language_is_draft")
	}
	return w, m.tx.KeepWording(ctx, w, l.FamilyTexts())
}

// WordingMark is what a state of a language's texts is known by on paper: the
// beginning of its hash.
func WordingMark(l *words.Language) string { return l.Hash()[:8] }

// markOf is the same of a state that was kept, with its language.
func markOf(language string, wording []byte) string {
	if language == "" || len(wording) < 4 {
		return ""
	}
	return language + " " + hex.EncodeToString(wording[:4])
}

// checkReadIn asks for the language that an officer says was read aloud or stood
// on the paper. Which it is, is a question of the form; that it is approved is
// one of the law.
func checkReadIn(c *fault.Check, tag string) {
	if !words.Known(tag) {
		c.Fail("read_in", "error.choose_one")
	}
}

// Translation is one language and whether consents can be signed in it.
type Translation struct {
	*words.Language

	Approved     bool
	Translator   string
	TranslatedOn time.Time
	RecordedAt   time.Time // of the approval, or of when it was taken back
	Changed      bool      // an earlier state was approved; these texts are others
}

// Translations tells of every language whether its texts, as they are in this
// program, are approved. That is public: every page says it.
func (s *Service) Translations(ctx context.Context) ([]Translation, error) {
	var list []Translation
	err := s.DB.Do(ctx, sig.System("translations"), func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		approvals, err := tx.WordingApprovals(ctx)
		if err != nil {
			return err
		}
		for _, l := range words.FamilyLanguages() {
			t := Translation{Language: l, Approved: l.Tag() == words.Source}
			for _, a := range approvals {
				switch {
				case a.Language != l.Tag():
				case hex.EncodeToString(a.Hash) != l.Hash():
					t.Changed = t.Changed || a.Approved
				default:
					t.Approved, t.Translator, t.RecordedAt = a.Approved, a.Translator, a.RecordedAt
					if a.TranslatedOn != nil {
						t.TranslatedOn = *a.TranslatedOn
					}
				}
			}
			list = append(list, t)
		}
		return nil
	})
	return list, err
}

// Approving is that an authorised translator has approved the texts with Hash.
type Approving struct {
	Language   string
	Hash       string // of what the translator read
	Translator string // the number of the authorisation
	On         sig.Date
}

// Approve records it. Only an administrator may, and only for the texts as they
// are: those that have changed since the translator read them are refused.
func (s *Service) Approve(ctx context.Context, actor sig.Actor, in Approving) error {
	in.Translator = strings.TrimSpace(in.Translator)
	return s.approval(ctx, actor, in.Language, func(tx *postgres.Tx, w postgres.Wording, l *words.Language) (postgres.WordingApproval, error) {
		var c fault.Check
		if n := len([]rune(in.Translator)); n < 2 || n > 100 || !sig.Writable(in.Translator) {
			c.Fail("translator", "error.bad_text")
		}
		if !in.On.Valid() || in.On.Compare(sig.DateOf(tx.Now())) > 0 {
			c.Fail("on", "error.date_not_after_today")
		}
		if in.Hash != l.Hash() {
			c.Fail("hash", "error.texts_changed")
		}
		on := in.On.Start()
		return postgres.WordingApproval{
			Language: w.Language, Hash: w.Hash, Approved: true, Translator: in.Translator, TranslatedOn: &on,
		}, c.Err()
	})
}

// Disapprove takes an approval back: nobody signs in that language any more.
// What has been signed in it stands.
func (s *Service) Disapprove(ctx context.Context, actor sig.Actor, language string) error {
	return s.approval(ctx, actor, language, func(_ *postgres.Tx, w postgres.Wording, _ *words.Language) (postgres.WordingApproval, error) {
		return postgres.WordingApproval{Language: w.Language, Hash: w.Hash}, nil
	})
}

func (s *Service) approval(
	ctx context.Context, actor sig.Actor, language string,
	write func(*postgres.Tx, postgres.Wording, *words.Language) (postgres.WordingApproval, error),
) error {
	if actor.Kind != sig.ActorStaff || actor.Function != sig.RoleAdministrator || !words.Known(language) || language == words.Source {
		return fault.Missing()
	}
	l := words.For(language)
	return s.DB.Do(ctx, actor, func(tx *postgres.Tx) error {
		if err := tx.ReadClock(ctx); err != nil {
			return err
		}
		w := wordingOf(l)
		a, err := write(tx, w, l)
		if err != nil {
			return err
		}
		if err := tx.KeepWording(ctx, w, l.FamilyTexts()); err != nil {
			return err
		}
		if err := tx.ApproveWording(ctx, a); err != nil {
			return err
		}
		_, err = tx.Append(ctx, ledger.Entry{Kind: ledger.ApproveWording, Detail: ledger.Detail{
			"language": l.Tag(), "hash": l.Hash(), "approved": a.Approved,
		}})
		return err
	})
}
