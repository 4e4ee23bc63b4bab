package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"sigportal/internal/sig"
)

const (
	schoolSQL = `
select authority, coalesce(unit, '') as unit, is_break as break, coalesce(name, '') as name, first_on as first, last_on as last
  from sig.school_period order by authority, unit nulls first, first_on, is_break`
	dropSchoolSQL = `delete from sig.school_period where authority = any (@authorities)`
	addSchoolSQL  = `
insert into sig.school_period (id, authority, unit, is_break, name, first_on, last_on)
values (gen_random_uuid(), @authority, nullif(@unit, ''), @break, nullif(@name, ''), @first, @last)`
)

// SchoolPeriods reads the terms and breaks of every school in the directory.
func (tx *Tx) SchoolPeriods(ctx context.Context) ([]sig.SchoolPeriod, error) {
	return collect[sig.SchoolPeriod](ctx, tx, "read the school terms", schoolSQL, pgx.StrictNamedArgs{})
}

func queueSchool(batch *pgx.Batch, schools []sig.AuthorityID, periods []sig.SchoolPeriod) {
	if len(schools) == 0 {
		return
	}
	batch.Queue(dropSchoolSQL, pgx.StrictNamedArgs{"authorities": list(schools)})
	for _, x := range periods {
		batch.Queue(addSchoolSQL, pgx.StrictNamedArgs{
			"authority": x.Authority, "unit": x.Unit, "break": x.Break, "name": x.Name, "first": x.First, "last": x.Last,
		})
	}
}
