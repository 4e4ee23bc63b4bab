package sig

// DraftKind tells a draft's identifier from others.
type DraftKind struct{}

// DraftID names what one window of one person has typed into one form.
type DraftID = ID[DraftKind]
