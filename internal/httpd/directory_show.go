package httpd

import (
	"strings"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// directoryData is the directory's organisations, for who keeps them. It holds
// no people and nothing of any case.
type directoryData struct {
	Base
	Authorities []authorityRow
}

// authorityRow is one authority with its branches and units.
type authorityRow struct {
	Name, Kind, Municipality, Districts string
	Units                               []unitRow
}

// unitRow is one unit with the branch that it belongs to.
type unitRow struct {
	Name, Branch, Districts string
	Independent             bool
}

// directoryShow shows it to an administrator.
func (a *App) directoryShow(r *Request) error {
	if r.Actor().Function != sig.RoleAdministrator {
		return fault.Missing()
	}
	dir, err := a.deps.Casework.Directory(r.Context())
	if err != nil {
		return err
	}
	data := directoryData{Base: r.Base("directory.title")}
	data.fill(dir)
	return directoryPage.Send(r, data)
}

func (d *directoryData) fill(dir *sig.Directory) {
	names := func(ids []sig.DistrictID) string {
		var list []string
		for _, id := range ids {
			if one, ok := dir.District(id); ok {
				list = append(list, one.Name)
			}
		}
		return strings.Join(list, ", ")
	}
	for _, a := range dir.Authorities {
		row := authorityRow{Name: a.Name, Kind: d.T("authority.kind." + string(a.Kind)), Municipality: string(a.Municipality), Districts: names(a.Districts)}
		for _, u := range dir.Units {
			if u.Authority != a.ID {
				continue
			}
			branch, _ := dir.Branch(u.Branch)
			row.Units = append(row.Units, unitRow{Name: u.Name, Branch: branch.Name, Districts: names(u.Districts), Independent: branch.Independent})
		}
		d.Authorities = append(d.Authorities, row)
	}
}

var directoryPage = page("directory_show", func(b Base) []directoryData {
	full := directoryData{Base: b}
	full.fill(&sig.Directory{
		Districts:   []sig.District{{ID: "farsta", Name: "Farsta"}},
		Authorities: []sig.Authority{{ID: "f", Name: "Farsta stadsdelsnämnd", Kind: "district_board", Districts: []sig.DistrictID{"farsta"}}},
		Branches:    []sig.Branch{{ID: "b", Name: "Socialtjänst", Independent: true}},
		Units:       []sig.Unit{{ID: "u", Name: "Enheten för unga", Authority: "f", Branch: "b"}},
	})
	return []directoryData{full, {Base: b}}
})
