package api

import (
	"context"

	"sigportal/internal/directory"
	"sigportal/internal/sig"
)

// Directory is the organisations, and the codes that other operations take.
type Directory struct {
	Authorities []Authority `json:"authorities"`
	Units       []Unit      `json:"units"`
	Districts   []District  `json:"districts"`
	Functions   []Function  `json:"functions"`
	Categories  []string    `json:"categories"`
}

// Authority is one authority.
type Authority struct {
	ID           string   `json:"id"`
	Kind         string   `json:"kind"`
	Name         string   `json:"name"`
	Municipality string   `json:"municipality,omitempty"`
	Districts    []string `json:"districts" doc:"Empty: the whole municipality, or the nation."`
	PublicBody   bool     `json:"public_body"`
}

// Unit is one unit of an authority.
type Unit struct {
	ID        string   `json:"id"`
	Authority string   `json:"authority"`
	Branch    string   `json:"branch"`
	Regime    string   `json:"regime" doc:"The secrecy that holds in its branch."`
	Name      string   `json:"name"`
	Districts []string `json:"districts" doc:"Empty: the authority's."`
}

// District is one district.
type District struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Function is one function that somebody can have.
type Function struct {
	ID          string `json:"id"`
	Consentable bool   `json:"consentable" doc:"A consent may name it."`
}

func (a *API) registerDirectory() {
	add(a, op{method: "GET", path: "/api/v1/directory", level: SignedIn, id: "show-directory", tag: "directory",
		says: "The organisations, and the codes of functions and categories."}, a.directoryShow)
	add(a, op{method: "GET", path: "/api/v1/directory/consent-options", level: Hat, id: "list-consent-options", tag: "directory",
		says: "The functions in units that a consent may name now: those in which somebody sits."}, a.optionsList)
}

// ConsentOptions is a list of them.
type ConsentOptions struct {
	Options []ConsentOption `json:"options"`
}

// ConsentOption is a function in a unit that a consent may name.
type ConsentOption struct {
	Seat          Seat     `json:"seat"`
	AuthorityName string   `json:"authority_name"`
	UnitName      string   `json:"unit_name"`
	Regime        string   `json:"regime"`
	Districts     []string `json:"districts"`
}

func (a *API) optionsList(ctx context.Context, who *caller, _ *none) (ConsentOptions, error) {
	options, err := a.deps.Directory.ConsentOptions(ctx, who.actor)
	return ConsentOptions{list(options, func(o directory.Option) ConsentOption {
		p := o.Place
		return ConsentOption{Seat{Code(p.Authority), Code(p.Unit), Code(p.Function)}, o.AuthorityName, o.UnitName, string(p.Regime), strs(p.Districts)}
	})}, err
}

func (a *API) directoryShow(ctx context.Context, _ *caller, _ *none) (Directory, error) {
	d, err := a.deps.Casework.Directory(ctx)
	if err != nil {
		return Directory{}, err
	}
	return Directory{
		Authorities: list(d.Authorities, func(x sig.Authority) Authority {
			return Authority{string(x.ID), string(x.Kind), x.Name, string(x.Municipality), strs(x.Districts), x.PublicBody}
		}),
		Units: list(d.Units, func(x sig.Unit) Unit {
			branch, _ := d.Branch(x.Branch)
			return Unit{string(x.ID), string(x.Authority), string(x.Branch), string(branch.Regime), x.Name, strs(x.Districts)}
		}),
		Districts:  list(d.Districts, func(x sig.District) District { return District{string(x.ID), x.Name} }),
		Functions:  list(sig.Functions(), func(f sig.Function) Function { return Function{string(f), f.Consentable()} }),
		Categories: strs(sig.Categories()),
	}, nil
}
