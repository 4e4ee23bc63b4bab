package directory

import (
	"slices"

	"sigportal/internal/sig"
)

const keepIt = "organisations are never removed, because old consents go on naming them"

func (c *comparison) districts() {
	for _, d := range c.file.Directory.Districts {
		what, has := label("district", d.ID), false
		for _, h := range c.have.Districts {
			if h.ID == d.ID {
				has = true
				var diff diff
				diff.text("name", h.Name, d.Name)
				if c.changed(what, diff) {
					c.plan.write.Districts = append(c.plan.write.Districts, d)
				}
			}
		}
		if !has {
			c.note(Added, what, "%s", d.Name)
			c.plan.write.Districts = append(c.plan.write.Districts, d)
		}
	}
}

func (c *comparison) providers() {
	for _, i := range c.file.Directory.Providers {
		what := label("provider", i.Issuer)
		at := slices.IndexFunc(c.have.Providers, func(h sig.IdentityProvider) bool { return h.Issuer == i.Issuer })
		if at < 0 {
			c.note(Added, what, "vouches for %s", map[sig.ProviderKind]string{
				sig.ProviderStaff: "staff by the claim " + quote(i.StaffClaim), sig.ProviderCitizen: "citizens",
			}[i.Kind])
			c.plan.write.Providers = append(c.plan.write.Providers, i)
			continue
		}
		had := c.have.Providers[at]
		if had.Kind != i.Kind {
			c.refuse(c.file.line(label("identity provider", i.Issuer)), what, "it vouches for %s; that cannot change", had.Kind)
			continue
		}
		var d diff
		d.text("claim", had.StaffClaim, i.StaffClaim)
		if c.changed(what, d) {
			c.plan.write.Providers = append(c.plan.write.Providers, i)
		}
	}
}

func (c *comparison) authorities() {
	for _, a := range c.file.Directory.Authorities {
		what := label("authority", a.ID)
		had, ok := c.have.Authority(a.ID)
		if !ok {
			c.note(Added, what, "%s, %s", a.Name, a.Kind)
			c.plan.write.Authorities = append(c.plan.write.Authorities, a)
			continue
		}
		if had.Kind != a.Kind {
			c.refuse(c.file.line(what), what, "it is a %s; another kind of body is another authority", had.Kind)
		}
		var d diff
		d.text("name", had.Name, a.Name)
		d.text("municipality", string(had.Municipality), string(a.Municipality))
		diffKeys(&d, "districts", had.Districts, a.Districts)
		if c.changed(what, d) {
			c.plan.write.Authorities = append(c.plan.write.Authorities, a)
		}
	}
}

func (c *comparison) branches() {
	for _, h := range c.have.Branches {
		if _, ok := c.file.Directory.Branch(h.ID); !ok && c.speaksOf(h.Authority) {
			c.missing(h.Authority, label("branch", h.ID), keepIt)
		}
	}
	for _, b := range c.file.Directory.Branches {
		what := label("branch", b.ID)
		had, ok := c.have.Branch(b.ID)
		if !ok {
			c.note(Added, what, "%s of %s, regime %s%s", b.Name, b.Authority, b.Regime, independence(b))
			c.plan.write.Branches = append(c.plan.write.Branches, b)
			continue
		}
		if had.Authority != b.Authority {
			c.refuse(c.file.line(what), what, "it belongs to %s; a branch does not change its authority", had.Authority)
		}
		var d diff
		d.text("name", had.Name, b.Name)
		d.text("regime", string(had.Regime), string(b.Regime))
		if was, becomes := independence(had), independence(b); was != becomes {
			d = append(d, map[bool]string{true: "becomes a branch" + becomes, false: "is no longer independent"}[b.Independent])
		}
		if c.changed(what, d) {
			c.plan.write.Branches = append(c.plan.write.Branches, b)
		}
	}
}

// independence is the decision in words, nothing where there is none.
func independence(b sig.Branch) string {
	if !b.Independent {
		return ""
	}
	return ", independent since " + b.IndependentOn.String() + " (" + b.IndependentReference + ")"
}

func (c *comparison) units() {
	for _, h := range c.have.Units {
		if _, ok := c.file.Directory.Unit(h.ID); !ok && c.speaksOf(h.Authority) {
			c.missing(h.Authority, label("unit", h.ID), keepIt)
		}
	}
	for _, u := range c.file.Directory.Units {
		what := label("unit", u.ID)
		had, ok := c.have.Unit(u.ID)
		if !ok {
			c.note(Added, what, "%s in branch %s of %s", u.Name, u.Branch, u.Authority)
			c.plan.write.Units = append(c.plan.write.Units, u)
			continue
		}
		if had.Branch != u.Branch {
			c.refuse(c.file.line(what), what, "it belongs to branch %s; a unit does not change its branch, "+
				"because its consents were given under that branch's secrecy", had.Branch)
		}
		var d diff
		d.text("name", had.Name, u.Name)
		diffKeys(&d, "districts", had.Districts, u.Districts)
		if c.changed(what, d) {
			c.plan.write.Units = append(c.plan.write.Units, u)
		}
	}
}

func (c *comparison) moves() {
	same := func(m sig.FunctionMove) func(sig.FunctionMove) bool {
		return func(o sig.FunctionMove) bool {
			return o.Function == m.Function && o.From == m.From && o.To == m.To && o.At.Equal(m.At)
		}
	}
	for _, h := range c.have.Moves {
		if !c.speaksOf(h.Authority) || slices.ContainsFunc(c.file.Directory.Moves, same(h)) || c.restated(h) {
			continue
		}
		if c.leaves(h) && h.At.After(c.now) {
			c.note(Changed, moveLabel(h), "it stays in %s after all", h.Authority)
			c.plan.dropped = append(c.plan.dropped, h)
			continue
		}
		c.missing(h.Authority, moveLabel(h), "a move that was recorded stays so; record the move back")
	}
	for _, m := range c.file.Directory.Moves {
		if slices.ContainsFunc(c.have.Moves, func(h sig.FunctionMove) bool { return same(m)(h) || c.restates(m, h) }) {
			continue
		}
		if !c.leaves(m) {
			c.note(Added, moveLabel(m), "consents that name the function follow it inside %s", m.Authority)
		} else {
			c.note(Added, moveLabel(m), "it leaves %s, and rows of consents that name it end", m.Authority)
			m.At = latest(m.At, c.now) // until the import it could be told, and nobody says otherwise afterwards
		}
		c.plan.write.Moves = append(c.plan.write.Moves, m)
	}
}
