package directory

import (
	"context"
	"slices"
	"strings"

	"sigportal/internal/postgres"
	"sigportal/internal/sig"
)

// Option is a function in a unit that a consent could name, with the words
// that a coordinator needs to choose it.
type Option struct {
	Place         sig.Place
	AuthorityName string
	UnitName      string
	DistrictNames []string
}

// Options lists every function in a unit that a consent may name and in which
// somebody sits at the transaction's instant. Whether a consent may name it
// together with others is checked when the consent is prepared.
func Options(ctx context.Context, tx *postgres.Tx) ([]Option, error) {
	d, err := tx.Organisations(ctx)
	if err != nil {
		return nil, err
	}
	seats, err := tx.HeldSeats(ctx, tx.Now())
	if err != nil {
		return nil, err
	}
	options := make([]Option, 0, len(seats))
	for _, s := range seats {
		place, ok := d.Place(s.Unit, s.Function)
		if !ok || !s.Function.Consentable() {
			continue
		}
		a, _ := d.Authority(place.Authority)
		u, _ := d.Unit(s.Unit)
		o := Option{Place: place, AuthorityName: a.Name, UnitName: u.Name}
		for _, id := range place.Districts {
			district, _ := d.District(id)
			o.DistrictNames = append(o.DistrictNames, district.Name)
		}
		options = append(options, o)
	}
	slices.SortStableFunc(options, func(a, b Option) int {
		if n := strings.Compare(a.AuthorityName, b.AuthorityName); n != 0 {
			return n
		}
		return strings.Compare(a.UnitName, b.UnitName)
	})
	return options, nil
}

// Registrars lists who keeps an authority's registry at the transaction's
// instant: those who alone go on reading copies after a cut.
func Registrars(ctx context.Context, tx *postgres.Tx, authority sig.AuthorityID) ([]sig.Assignment, error) {
	return tx.Office(ctx, authority, sig.RoleRegistrar, tx.Now())
}

// Holders lists who sits in a function of a unit at the transaction's instant.
func Holders(ctx context.Context, tx *postgres.Tx, unit sig.UnitID, function sig.Function) ([]sig.Assignment, error) {
	return tx.Holders(ctx, unit, function, tx.Now())
}

// Leads lists who sets participation for a function of a unit at the
// transaction's instant. Where nobody does, nobody there can be let in.
func Leads(ctx context.Context, tx *postgres.Tx, unit sig.UnitID, function sig.Function) ([]sig.Assignment, error) {
	return tx.Leads(ctx, unit, function, tx.Now())
}
