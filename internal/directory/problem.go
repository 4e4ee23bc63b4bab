package directory

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with a directory file, at its line.
type Problem struct {
	File string
	Line int
	Text string
}

// String is the problem as compilers write theirs, so that editors jump to it.
func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text) }

// Problems is everything wrong with a file; nothing of such a file is taken.
type Problems []Problem

// Error lists the problems, one line each.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// err is nil without problems, else all of them in the order of their lines.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	slices.SortStableFunc(ps, func(a, b Problem) int { return a.Line - b.Line })
	return ps
}
