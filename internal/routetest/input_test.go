package routetest

// input says what of a row's input is not plain.
type input struct {
	from     string   // the page that has the form, where it is not the route's own
	optional []string // fields that may be left out
	conflict []string // fields whose wrong values are answered as changed meanwhile
	one      bool     // exactly one of the fields is sent
}

// tryBad sends what is no input of the row.
func (w *world) tryBad(row) {}
