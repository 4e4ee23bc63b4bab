package directory

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"sigportal/internal/sig"
)

// Sort is what happens to a thing in the directory.
type Sort string

// What can happen. Nothing is removed.
const (
	Added   Sort = "added"
	Changed Sort = "changed"
	Ended   Sort = "ended"
)

// Change is one difference between the directory and a file, in words.
type Change struct {
	Sort Sort
	What string // the thing, by its label
	Text string // what becomes of it
}

// Plan is what an import of a file would do at an instant.
type Plan struct {
	Changes []Change
	Breaks  []Break // what it does to interventions
	write   sig.Directory
	dropped []sig.FunctionMove // recorded to leave an authority, and stay after all
	vacant  []Vacancy
	touched []touched
	ended   []sig.AssignmentID
	people  []sig.PersonID    // whose access the plan touches
	schools []sig.AuthorityID // whose terms and breaks are written anew
}

// Compare works out what a file would change at the instant now, or every
// reason why it may not: the directory cannot forget, so what the file leaves
// out, moves or brings back to life is refused instead of guessed at.
func Compare(have *sig.Directory, file *File, now time.Time) (*Plan, error) {
	c := &comparison{have: have, file: file, now: now}
	c.districts()
	c.providers()
	c.authorities()
	c.branches()
	c.units()
	c.moves()
	c.school()
	c.assignments()
	c.leaving()
	c.plan.vacant = file.vacancies
	if err := c.problems.err(); err != nil {
		return nil, err
	}
	return &c.plan, nil
}

// Summary counts the changes: "added_unit", "ended_assignment" and so on.
func (p *Plan) Summary() map[string]int {
	counts := map[string]int{}
	for _, c := range p.Changes {
		thing, _, _ := strings.Cut(c.What, " ")
		counts[string(c.Sort)+"_"+thing]++
	}
	return counts
}

// Write writes the plan for a person to read, one change a line.
func (p *Plan) Write(to io.Writer) error {
	for _, c := range p.Changes {
		if _, err := fmt.Fprintf(to, "%-8s %s: %s\n", c.Sort, c.What, c.Text); err != nil {
			return fmt.Errorf("write the comparison: %w", err)
		}
	}
	if err := p.writeBreaks(to); err != nil {
		return err
	}
	count := map[Sort]int{}
	for _, c := range p.Changes {
		count[c.Sort]++
	}
	line := fmt.Sprintf("%d added, %d changed, %d ended\n", count[Added], count[Changed], count[Ended])
	if len(p.Changes) == 0 {
		line = "nothing changes\n"
	}
	if _, err := io.WriteString(to, line); err != nil {
		return fmt.Errorf("write the comparison: %w", err)
	}
	return nil
}

type comparison struct {
	have     *sig.Directory
	file     *File
	now      time.Time
	plan     Plan
	problems Problems
}

func (c *comparison) note(sort Sort, what, format string, args ...any) {
	c.plan.Changes = append(c.plan.Changes, Change{sort, what, fmt.Sprintf(format, args...)})
}

func (c *comparison) refuse(line int, what, format string, args ...any) {
	c.problems = append(c.problems, Problem{
		File: c.file.Name, Line: line, Text: what + ": " + fmt.Sprintf(format, args...),
	})
}

// diff gathers the words for what differs in one thing.
type diff []string

func (d *diff) text(field, was, becomes string) {
	if was != becomes {
		*d = append(*d, fmt.Sprintf("%s %s becomes %s", field, quote(was), quote(becomes)))
	}
}

func diffKeys[T ~string](d *diff, field string, was, becomes []T) {
	a, b := slices.Sorted(slices.Values(was)), slices.Sorted(slices.Values(becomes))
	if !slices.Equal(a, b) {
		*d = append(*d, fmt.Sprintf("%s %s becomes %s", field, keys(was), keys(becomes)))
	}
}

func (d diff) String() string { return strings.Join(d, "; ") }

// changed notes a thing that differs and reports whether it does.
func (c *comparison) changed(what string, d diff) bool {
	if len(d) == 0 {
		return false
	}
	c.note(Changed, what, "%s", d)
	return true
}

// speaksOf reports whether the file is the truth about an authority.
func (c *comparison) speaksOf(id sig.AuthorityID) bool {
	_, ok := c.file.Directory.Authority(id)
	return ok
}

// missing refuses that the file leaves out what the directory has under an
// authority of the file.
func (c *comparison) missing(authority sig.AuthorityID, what, advice string) {
	c.refuse(c.file.line(label("authority", authority)), what,
		"it is in the directory but not in the file; %s", advice)
}
