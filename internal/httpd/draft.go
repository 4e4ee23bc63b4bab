package httpd

import (
	"context"
	"sync"
	"time"

	"sigportal/internal/words"
)

// draftsFor is how long a replica goes on telling what it last knew of the
// approvals. Only the words "utkast" on a page hang on it: a signature asks the
// database in its own transaction.
const draftsFor = 10 * time.Second

// drafts remembers which languages nobody has approved.
type drafts struct {
	mu       sync.Mutex
	approved map[string]string // by language, the hash of the texts
	until    time.Time
}

// draft reports whether no authorised translator has approved the texts of a
// language: pages say so, and no consent can be signed in it. While that cannot
// be known they are drafts.
func (a *App) draft(ctx context.Context, l *words.Language) bool {
	if l.Tag() == words.Source {
		return false
	}
	d := &a.drafts
	d.mu.Lock()
	defer d.mu.Unlock()
	if now := a.deps.Now(); a.deps.Consenting != nil && !now.Before(d.until) {
		if list, err := a.deps.Consenting.Translations(ctx); err == nil {
			d.approved, d.until = map[string]string{}, now.Add(draftsFor)
			for _, t := range list {
				if t.Approved {
					d.approved[t.Tag()] = t.Hash()
				}
			}
		}
	}
	return d.approved[l.Tag()] != l.Hash()
}
