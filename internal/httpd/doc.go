// Package httpd is the portal's face: every page, every form and every route of
// the web, over the services of ring 3. It cannot see the database or the
// policy: a handler parses, asks one service and renders or redirects.
//
// # Adding a page
//
//  1. A file noun_verb.go with the handler, a method of App, 30–80 lines:
//     func (a *App) itemShow(r *Request) error.
//  2. A line in routes.go: method, path, session level, handler.
//  3. A page struct that embeds Base, declared beside the handler with
//     var itemPage = page("item", func(b Base) []itemData { …samples… }),
//     and the template web/templates/page/item.html, which defines "main" and
//     is laid out by "layout" (templates/layout); parts are shared by all.
//     Every sample is executed by a test and shown by the demo.
//  4. The words in internal/words: {{$.T "item.title"}}, {{$.N "item.count" .N}}.
//
// # A form
//
//	var in itemForm                       // fields tagged `form:"text,max=8000,lines"`
//	if err := r.Form(&in); err != nil {   // strict: see form.go
//		return r.Again(err, a.itemNew)
//	}
//	if err := a.deps.Sharing.Write(r.Context(), r.Actor(), …); err != nil {
//		return r.Again(err, a.itemNew) // Invalid: the form again, 422, what was typed is kept
//	}
//	return r.SeeOther("/items/"+id.String(), "flash.item_saved")
//
// In the template of the form, {{$.Form.Value "text"}} is what was typed,
// {{$.Form.Has "categories" "school"}} whether a box was ticked, and
// {{$.Form.Fault "text"}} the words at the field; the layout shows the summary
// with links to the fields' ids, which are the fields' names.
//
// An identifier in the path: var id sig.ItemID; if err := r.ID("item", &id) …
// through pathID, which answers "not found" to anything that is not one.
package httpd
