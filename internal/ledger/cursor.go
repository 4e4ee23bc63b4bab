package ledger

import "iter"

// cursor walks one table beside others, one value ahead at most.
type cursor[T any] struct {
	pull   func() (T, error, bool)
	value  T
	peeked bool
	count  int64 // values taken
	err    error
}

func pull[T any](seq iter.Seq2[T, error]) (*cursor[T], func()) {
	next, stop := iter.Pull2(seq)
	return &cursor[T]{pull: next}, stop
}

// peek makes value the next one without taking it.
func (c *cursor[T]) peek() bool {
	if c.peeked {
		return true
	}
	if c.err != nil {
		return false
	}
	value, err, ok := c.pull()
	if err != nil {
		c.err = err
		return false
	}
	if ok {
		c.value, c.peeked = value, true
	}
	return ok
}

// next takes the next value.
func (c *cursor[T]) next() bool {
	if !c.peek() {
		return false
	}
	c.peeked = false
	c.count++
	return true
}
