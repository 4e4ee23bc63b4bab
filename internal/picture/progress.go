package picture

import "sigportal/internal/words"

// Progress draws how many of a plan's commitments are done, still open and
// stopped, as one bar: done is filled, open is empty, stopped is cut off.
func Progress(l *words.Language, done, open, stopped int) Picture {
	return bar(l, "picture.progress.title", l.T("picture.progress.twin", "done", done, "open", open, "stopped", stopped), done, open, stopped)
}

// bar is one bar of three parts: filled, empty, and cut off.
func bar(l *words.Language, title, text string, done, open, stopped int) Picture {
	p := Picture{Title: l.T(title), Twin: []string{text}}
	all := done + open + stopped
	if all == 0 {
		return p
	}
	const width, height = 300.0, 18.0
	c := newCanvas(width, height, l.RightToLeft())
	share := func(n int) float64 { return (width - 2) * float64(n) / float64(all) }
	if left := share(done + open); left > 0 {
		c.rect("p-track", 1, 1, left, height-2, 4)
	}
	if done > 0 {
		c.rect("p-bar", 1, 1, share(done), height-2, 4)
	}
	if stopped > 0 {
		c.line("p-line", 1+share(done+open), height/2, width-1, height/2, 2)
	}
	p.Wide = c.done(text)
	return p
}
