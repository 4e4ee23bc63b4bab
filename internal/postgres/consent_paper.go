package postgres

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// Paper is one row of sig.consent_paper, with what is known of its file but the
// file itself.
type Paper struct {
	ID           sig.PaperID
	Consent      sig.ConsentID
	Intervention sig.InterventionID
	Signer       uuid.UUID
	Kind         sig.SignerKind
	TextHash     []byte
	SignedOn     sig.Date
	KeptSealed   []byte
	File         sig.FileID
	FileKind     string
	Size         int
	RecordedAt   time.Time
	ReadIn       string // the language of the texts on the paper
	Wording      []byte // and their hash
}

const papersSQL = `
select p.id, p.consent, p.intervention, p.signer, p.kind, p.text_hash, p.signed_on, p.kept_sealed, p.file,
       coalesce(f.kind, '') as file_kind, coalesce(f.size, 0) as size, p.recorded_at, coalesce(p.read_in, '') as read_in, p.wording
  from sig.consent_paper p left join sig.file f on f.id = p.file
 where p.intervention = @intervention order by p.recorded_at desc, p.id`

const insertFileSQL = `
insert into sig.file (id, intervention, authority, kind, size, body_sealed, stored_by, stored_at)
values (@id, @intervention, @authority, @kind, @size, @body, @by, @at)`

const insertPaperSQL = `
insert into sig.consent_paper (id, consent, intervention, signer, kind, text_hash, signed_on, kept_sealed, file, recorded_by, recorded_at, read_in, wording)
values (@id, @consent, @intervention, @signer, @kind, @text_hash, @signed_on, @kept, @file, @by, @at, nullif(@read_in, ''), @wording)`

// InsertPaper keeps a signature on paper and its sealed scan.
func (tx *Tx) InsertPaper(ctx context.Context, p Paper, board sig.AuthorityID, bodySealed []byte) error {
	err := tx.one(ctx, "keep a scan", insertFileSQL, pgx.StrictNamedArgs{
		"id": p.File, "intervention": p.Intervention, "authority": board, "kind": p.FileKind, "size": p.Size, "body": bodySealed,
		"by": tx.Actor.Assignment, "at": tx.Now(),
	})
	if err != nil {
		return err
	}
	return tx.one(ctx, "record a signature on paper", insertPaperSQL, pgx.StrictNamedArgs{
		"id": p.ID, "consent": p.Consent, "intervention": p.Intervention, "signer": p.Signer, "kind": p.Kind, "text_hash": p.TextHash,
		"signed_on": p.SignedOn, "kept": p.KeptSealed, "file": p.File, "by": tx.Actor.Assignment, "at": tx.Now(), "read_in": p.ReadIn, "wording": p.Wording,
	})
}

// SealedFile is a file as it is kept.
type SealedFile struct {
	ID         sig.FileID
	Kind       string
	BodySealed []byte
}

const fileSQL = `select id, kind, body_sealed from sig.file where id = @id`

// File reads a file, as far as the actor may see it.
func (tx *Tx) File(ctx context.Context, id sig.FileID) (SealedFile, error) {
	return collectOne[SealedFile](ctx, tx, "read a file", fileSQL, pgx.StrictNamedArgs{"id": id})
}
