package httpd

import (
	"fmt"
	"html/template"
	"text/template/parse"
)

// complete copies into a page's set the shared templates that the page is
// rendered by, and whatever they and the page lead to. What the page defines
// itself stays as it is.
func complete(page, shared *template.Template) error {
	seen := map[string]bool{}
	waiting := []string{"layout", "paper"}
	for len(waiting) > 0 {
		name := waiting[0]
		waiting = waiting[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		used := page.Lookup(name)
		if used == nil {
			from := shared.Lookup(name)
			if from == nil {
				return fmt.Errorf("there is no template %q", name)
			}
			var err error
			if used, err = page.AddParseTree(name, from.Tree.Copy()); err != nil {
				return fmt.Errorf("add template %s: %w", name, err)
			}
		}
		waiting = append(waiting, calledBy(used.Tree.Root)...)
	}
	return nil
}

// calledBy lists the templates that a part of a template calls.
func calledBy(node parse.Node) []string {
	both := func(b *parse.BranchNode) []string { return append(calledBy(b.List), calledBy(b.ElseList)...) }
	switch n := node.(type) {
	case *parse.ListNode:
		var names []string
		if n != nil {
			for _, child := range n.Nodes {
				names = append(names, calledBy(child)...)
			}
		}
		return names
	case *parse.IfNode:
		return both(&n.BranchNode)
	case *parse.RangeNode:
		return both(&n.BranchNode)
	case *parse.WithNode:
		return both(&n.BranchNode)
	case *parse.TemplateNode:
		return []string{n.Name}
	}
	return nil
}
