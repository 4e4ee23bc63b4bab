package httpd

// nextPage is the address of a list's next page, which begins after at.
func (r *Request) nextPage(list string, at any) (string, error) {
	cursor, err := r.app.cursors.Write(r.visitor.Actor, "page "+list, at)
	return r.Path() + "?after=" + cursor, err
}

// pageAfter reads the cursor of this request into a value, and reports whether
// there is one. One that is not this session's for this list is refused.
func (r *Request) pageAfter(list string, into any) (bool, error) {
	var query struct {
		After string `form:"after,max=400"`
	}
	if err := r.QueryForm(&query); err != nil {
		return false, errMalformed
	}
	return r.readAfter(list, query.After, into)
}

// readAfter reads a cursor, if there is one.
func (r *Request) readAfter(list, cursor string, into any) (bool, error) {
	if cursor == "" {
		return false, nil
	}
	err := r.app.cursors.Read(r.visitor.Actor, "page "+list, cursor, into)
	return err == nil, err
}
