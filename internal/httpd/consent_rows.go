package httpd

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// rearrange does what a button beside the rows says, on what was typed: "add",
// "mirror-2" (the same row in the other direction), "remove-0", "exclude",
// "unexclude-1". It reports whether the button is one of these.
func rearrange(values url.Values, do string) bool {
	name, number, _ := strings.Cut(do, "-")
	n, err := strconv.Atoi(number)
	if number != "" && (err != nil || n < 0) {
		return false
	}
	switch name {
	case "add":
		last := rowCount(values, "grants")
		row := fmt.Sprintf("grants.%d.", last)
		values.Set(row+"discloser", "")
		for _, field := range []string{"from", "to"} { // most rows share a window
			if given := values.Get(fmt.Sprintf("grants.%d.%s", last-1, field)); given != "" {
				values.Set(row+field, given)
			}
		}
	case "mirror":
		mirrorRow(values, n)
	case "remove":
		removeRow(values, "grants", n)
	case "exclude":
		values.Set(fmt.Sprintf("exclusions.%d.recipient", rowCount(values, "exclusions")), "")
	case "unexclude":
		removeRow(values, "exclusions", n)
	default:
		return false
	}
	return true
}

// mirrorRow adds a row that goes the other way. The kinds of information stay
// to be chosen: what one may tell is seldom what the other may.
func mirrorRow(values url.Values, n int) {
	from, to := fmt.Sprintf("grants.%d.", n), fmt.Sprintf("grants.%d.", rowCount(values, "grants"))
	if from == to {
		return
	}
	values.Set(to+"discloser", "")
	if recipient := values.Get(from + "recipient"); !strings.HasPrefix(recipient, privatePrefix) {
		values.Set(to+"discloser", recipient)
	}
	values.Set(to+"recipient", values.Get(from+"discloser"))
	for _, field := range []string{"purpose", "addition", "from", "to"} {
		values.Set(to+field, values.Get(from+field))
	}
}

// removeRow takes a row out and closes the gap in the numbering.
func removeRow(values url.Values, list string, n int) {
	prefix := list + "."
	moved := url.Values{}
	for name, all := range values {
		rest, ok := strings.CutPrefix(name, prefix)
		if !ok {
			continue
		}
		number, field, _ := strings.Cut(rest, ".")
		at, err := strconv.Atoi(number)
		if err != nil {
			continue
		}
		delete(values, name)
		switch {
		case at < n:
			moved[name] = all
		case at > n:
			moved[fmt.Sprintf("%s%d.%s", prefix, at-1, field)] = all
		}
	}
	for name, all := range moved {
		values[name] = all
	}
}
