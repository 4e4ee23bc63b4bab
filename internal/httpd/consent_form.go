package httpd

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"sigportal/internal/consenting"
	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// consentForm is the matrix as the page sends it. Do is the button that was
// pressed: saving, or one that changes the rows of the form and nothing else.
type consentForm struct {
	Do         string          `form:"do,max=40"`
	Seen       string          `form:"seen,max=64"` // the mark of the draft that was on the screen
	Grants     []grantForm     `form:"grants"`
	Exclusions []exclusionForm `form:"exclusions"`
	// Of a consent on paper that is taken over: who signed it, and how it had
	// been explained.
	SignedBy []string `form:"signed_by,max=60"`
	Method   string   `form:"method,max=40"`
	Language string   `form:"language,max=20"`
}

type grantForm struct {
	Discloser   string   `form:"discloser"`
	Recipient   string   `form:"recipient"`
	PrivateName string   `form:"private_name"`
	Categories  []string `form:"categories,max=60"`
	Purpose     string   `form:"purpose,max=60"`
	Addition    string   `form:"addition,max=500,lines"`
	Districts   []string `form:"districts,max=60"`
	From        string   `form:"from,max=10"`
	To          string   `form:"to,max=10"`
	Origin      string   `form:"origin,max=36"`
}

type exclusionForm struct {
	Recipient string `form:"recipient"`
	Category  string `form:"category,max=60"`
}

// privatePrefix marks a recipient who has no seat: "private:close_contact".
const privatePrefix = "private:"

// ours refuses a button, the mark of a draft or the origin of a row that no form
// of ours has.
func (in consentForm) ours() error {
	if in.Do != "" && in.Do != "save" && in.Do != "check" {
		return errMalformed
	}
	if mark, err := hex.DecodeString(in.Seen); err != nil || in.Seen != "" && len(mark) != sha256.Size {
		return errMalformed
	}
	for _, g := range in.Grants {
		var origin sig.GrantID
		if g.Origin != "" && (origin.UnmarshalText([]byte(g.Origin)) != nil || origin.String() != g.Origin) {
			return errMalformed
		}
	}
	return nil
}

// days refuses a day that there is not, at its field: the service, which gets
// nothing for it, would say that none was chosen.
func (in consentForm) days() error {
	var c fault.Check
	for n, g := range in.Grants {
		for _, one := range [][2]string{{"from", g.From}, {"to", g.To}} {
			if one[1] != "" {
				dayOr(&c, fmt.Sprintf("grants.%d.%s", n, one[0]), one[1])
			}
		}
	}
	return c.Err()
}

// draft is the form as the service takes it. What cannot be read becomes
// nothing, so that the service says at the field what is wrong with it.
func (in consentForm) draft(c *consenting.Case) consenting.Draft {
	d := consenting.Draft{Seen: in.Seen}
	for _, g := range in.Grants {
		row := consenting.DraftGrant{PrivateName: g.PrivateName, Aim: sig.Aim{Purpose: sig.Purpose(g.Purpose), Addition: g.Addition}}
		from := seatOrNone(g.Discloser)
		row.DiscloserUnit, row.DiscloserFunction = from.Unit, from.Function
		if kind, private := strings.CutPrefix(g.Recipient, privatePrefix); private {
			row.PrivateKind = sig.PrivateKind(kind)
		} else {
			to := seatOrNone(g.Recipient)
			row.RecipientUnit, row.RecipientFunction, row.PrivateName = to.Unit, to.Function, ""
		}
		for _, one := range g.Categories {
			row.Categories = append(row.Categories, sig.Category(one))
		}
		for _, one := range g.Districts {
			row.Districts = append(row.Districts, sig.DistrictID(one))
		}
		if row.Origin.UnmarshalText([]byte(g.Origin)) != nil {
			row.Origin = sig.GrantID{}
		}
		row.From, row.To = windowFrom(g, row.Origin, c)
		d.Grants = append(d.Grants, row)
	}
	for _, x := range in.Exclusions {
		seat := seatOrNone(x.Recipient)
		d.Exclusions = append(d.Exclusions, consenting.DraftExclusion{
			Authority: seat.Authority, Unit: seat.Unit, Function: seat.Function, Category: sig.Category(x.Category),
		})
	}
	return d
}

func seatOrNone(value string) sig.Seat {
	seat, err := readSeat(value)
	if err != nil {
		return sig.Seat{}
	}
	return seat
}

// windowFrom turns the two days into a half-open window. A day that was not
// changed keeps the exact instant that it stood for, so that a row which was
// left alone is not taken for a wider one.
func windowFrom(g grantForm, origin sig.GrantID, c *consenting.Case) (from, to time.Time) {
	if day, err := sig.ParseDate(g.From); err == nil {
		from = day.Start()
	}
	if day, err := sig.ParseDate(g.To); err == nil {
		to = day.End()
	}
	for _, v := range []*consenting.Version{c.Preparing, c.InForce} {
		if v == nil || origin.IsZero() {
			continue
		}
		for _, row := range v.Rows {
			if row.Origin != origin {
				continue
			}
			if sig.DateOf(row.From).String() == g.From {
				from = row.From
			}
			if sig.DateOf(row.To.Add(-1)).String() == g.To {
				to = row.To
			}
			return from, to
		}
	}
	return from, to
}

// version is the form as a version that nobody has saved, to show how it will
// read.
func (in consentForm) version(dir *sig.Directory, c *consenting.Case) *consenting.Version {
	v := &consenting.Version{State: sig.ConsentActive}
	party := func(unit sig.UnitID, function sig.Function) consenting.Party {
		u, ok := dir.Unit(unit)
		if !ok {
			return consenting.Party{}
		}
		a, _ := dir.Authority(u.Authority)
		return consenting.Party{
			Seat: sig.Seat{Authority: u.Authority, Unit: unit, Function: function}, Kind: a.Kind, Authority: a.Name, Unit: u.Name,
		}
	}
	draft := in.draft(c)
	for n, g := range draft.Grants {
		row := consenting.Row{
			Number: n + 1, Discloser: party(g.DiscloserUnit, g.DiscloserFunction), Recipient: party(g.RecipientUnit, g.RecipientFunction),
			Aim: g.Aim, From: g.From, To: g.To, Open: true,
		}
		if g.PrivateKind != "" {
			row.Recipient = consenting.Party{Private: g.PrivateKind, PrivateName: g.PrivateName}
		}
		for _, one := range g.Categories {
			if one.Valid() {
				row.Categories = append(row.Categories, one)
			}
		}
		v.Rows = append(v.Rows, row)
	}
	for _, x := range draft.Exclusions {
		v.Exclusions = append(v.Exclusions, consenting.Exclusion{
			Recipient: consenting.Party{Seat: sig.Seat{Authority: x.Authority, Unit: x.Unit, Function: x.Function}}, Category: x.Category,
		})
	}
	return v
}

// atFields moves the service's faults, which count rows from one, to the
// fields of the form, which count from nought.
func atFields(err error) error {
	wrong, ok := errors.AsType[*fault.Error](err)
	if !ok || wrong.Kind != fault.Invalid {
		return err
	}
	moved := *wrong
	moved.Fields = slices.Clone(wrong.Fields)
	for i, field := range moved.Fields {
		parts := strings.SplitN(field.Name, ".", 3)
		if len(parts) != 3 {
			continue
		}
		number, err := strconv.Atoi(parts[1])
		if err != nil {
			continue
		}
		if parts[2] == "private_kind" {
			parts[2] = "recipient"
		}
		moved.Fields[i].Name = fmt.Sprintf("%s.%d.%s", parts[0], number-1, parts[2])
	}
	return &moved
}

// rowCount is how many rows of a list stand in a form.
func rowCount(values url.Values, list string) int {
	most := 0
	for name := range values {
		rest, ok := strings.CutPrefix(name, list+".")
		if !ok {
			continue
		}
		number, _, _ := strings.Cut(rest, ".")
		if n, err := strconv.Atoi(number); err == nil && n >= most && n < maxRows {
			most = n + 1
		}
	}
	return most
}

// badUnder reports whether a field of a row is wrong.
func (f Fields) badUnder(row string) bool {
	for name := range f.byName {
		if strings.HasPrefix(name, row+".") {
			return true
		}
	}
	return false
}
