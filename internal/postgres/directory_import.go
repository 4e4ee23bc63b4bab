package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

// DirectoryChange is what an import writes, each list in an order in which the
// database's references hold. Rows that exist are changed in what may change;
// nothing is deleted but a move out of an authority that has not come to be.
type DirectoryChange struct {
	Directory *sig.Directory // the rows to write, new and changed ones alike
	Dropped   []sig.FunctionMove
	Schools   []sig.AuthorityID // whose terms and breaks are these, and no others
	By        string            // who runs the import
	FileHash  [32]byte
	Summary   map[string]int
}

const putDistrictSQL = `
insert into sig.district (id, name) values (@id, @name)
on conflict (id) do update set name = excluded.name`

const putProviderSQL = `
insert into sig.identity_provider (issuer, kind, staff_claim) values (@issuer, @kind, nullif(@staff_claim, ''))
on conflict (issuer) do update set staff_claim = excluded.staff_claim`

const putAuthoritySQL = `
insert into sig.authority (id, kind, name, municipality, districts, public_body)
values (@id, @kind, @name, nullif(@municipality, ''), @districts, @public_body)
on conflict (id) do update
   set name = excluded.name, municipality = excluded.municipality, districts = excluded.districts`

const putBranchSQL = `
insert into sig.branch (id, authority, name, regime, independent, independent_on, independent_reference)
values (@id, @authority, @name, @regime, @independent, @independent_on, nullif(@independent_reference, ''))
on conflict (id) do update
   set name = excluded.name, regime = excluded.regime, independent = excluded.independent,
       independent_on = excluded.independent_on, independent_reference = excluded.independent_reference`

const putUnitSQL = `
insert into sig.unit (id, branch, authority, name, districts)
values (@id, @branch, @authority, @name, @districts)
on conflict (id) do update set name = excluded.name, districts = excluded.districts`

const addMoveSQL = `
insert into sig.function_move (id, authority, function, from_unit, to_unit, moved_at)
values (gen_random_uuid(), @authority, @function, @from, @to, @at)`

const dropMoveSQL = `
delete from sig.function_move
 where authority = @authority and function = @function and from_unit = @from and to_unit = @to and moved_at = @at and moved_at > @now`

const putAssignmentSQL = `
insert into sig.assignment (id, staff_issuer, staff_key, name, email, unit, authority, function,
                            districts, leads, valid_from, valid_to)
values (@id, @issuer, @staff_key, @name, nullif(@email, ''), @unit, @authority, @function,
        @districts, @leads, @from, case when @to >= '9999-12-31 00:00:00+00'::timestamptz then 'infinity' else @to end)
on conflict (id) do update
   set name = excluded.name, email = excluded.email, districts = excluded.districts, leads = excluded.leads,
       valid_to = excluded.valid_to`

const recordImportSQL = `
insert into sig.directory_import (at, by, file_hash, summary)
values (@at, @by, @file_hash, @summary) returning id`

// LockDirectory waits for any other import, so that what is compared with the
// file is what is changed. Pages go on reading.
func (tx *Tx) LockDirectory(ctx context.Context) error {
	const directoryKey = 0x6469726563746f72 // the letters of "director"
	return tx.Lock(ctx, directoryKey)
}

// ApplyDirectory writes an import and records it; it gives the record's id.
// Only the owner's role may: pages never change the directory.
func (tx *Tx) ApplyDirectory(ctx context.Context, change DirectoryChange) (int64, error) {
	batch := &pgx.Batch{}
	d := change.Directory
	for _, x := range d.Districts {
		batch.Queue(putDistrictSQL, pgx.StrictNamedArgs{"id": x.ID, "name": x.Name})
	}
	for _, x := range d.Providers {
		batch.Queue(putProviderSQL, pgx.StrictNamedArgs{"issuer": x.Issuer, "kind": x.Kind, "staff_claim": x.StaffClaim})
	}
	for _, x := range d.Authorities {
		batch.Queue(putAuthoritySQL, pgx.StrictNamedArgs{
			"id": x.ID, "kind": x.Kind, "name": x.Name, "municipality": x.Municipality,
			"districts": list(x.Districts), "public_body": x.PublicBody,
		})
	}
	for _, x := range d.Branches {
		batch.Queue(putBranchSQL, pgx.StrictNamedArgs{
			"id": x.ID, "authority": x.Authority, "name": x.Name, "regime": x.Regime, "independent": x.Independent,
			"independent_on": x.IndependentOn, "independent_reference": x.IndependentReference,
		})
	}
	for _, x := range d.Units {
		batch.Queue(putUnitSQL, pgx.StrictNamedArgs{
			"id": x.ID, "branch": x.Branch, "authority": x.Authority, "name": x.Name, "districts": list(x.Districts),
		})
	}
	for _, x := range change.Dropped {
		batch.Queue(dropMoveSQL, pgx.StrictNamedArgs{
			"authority": x.Authority, "function": x.Function, "from": x.From, "to": x.To, "at": x.At, "now": tx.Now(),
		})
	}
	for _, x := range d.Moves {
		batch.Queue(addMoveSQL, pgx.StrictNamedArgs{
			"authority": x.Authority, "function": x.Function, "from": x.From, "to": x.To, "at": x.At,
		})
	}
	for _, x := range d.Assignments {
		batch.Queue(putAssignmentSQL, pgx.StrictNamedArgs{
			"id": x.ID, "issuer": x.Issuer, "staff_key": x.StaffKey, "name": x.Name, "email": x.Email, "unit": x.Unit,
			"authority": x.Authority, "function": x.Function, "districts": list(x.Districts), "leads": list(x.Leads),
			"from": x.From, "to": x.To,
		})
	}
	queueSchool(batch, change.Schools, d.School)
	if err := tx.SendBatch(ctx, batch).Close(); err != nil {
		return 0, fmt.Errorf("write the directory: %w", err)
	}
	return tx.recordImport(ctx, change)
}

func (tx *Tx) recordImport(ctx context.Context, change DirectoryChange) (int64, error) {
	summary, err := json.Marshal(change.Summary)
	if err != nil {
		return 0, fmt.Errorf("sum up the import: %w", err)
	}
	var id int64
	if err := tx.QueryRow(ctx, recordImportSQL, pgx.StrictNamedArgs{
		"at": tx.Now(), "by": change.By, "file_hash": change.FileHash[:], "summary": string(summary),
	}).Scan(&id); err != nil {
		return 0, fmt.Errorf("record the import: %w", err)
	}
	return id, nil
}

// list is a slice as the database wants it: an empty array instead of NULL.
func list[T ~string](keys []T) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = string(k)
	}
	return out
}
