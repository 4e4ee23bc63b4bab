package sig

// Branch is a branch of activity (verksamhetsgren) inside an authority. Its
// staff work under its secrecy regime, and what they receive falls under it
// (OSL 7:2).
type Branch struct {
	ID        BranchID
	Authority AuthorityID
	Name      string
	Regime    SecrecyRegime
	// Independent is the authority's own recorded decision that the branch
	// stands by itself (OSL 8:2). It is never inferred from an organisation
	// chart; provider and inquiry units apart are not enough.
	Independent          bool
	IndependentOn        Date
	IndependentReference string
}
