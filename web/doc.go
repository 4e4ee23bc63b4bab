// Package web holds what browsers are sent: the stylesheet, the script, and the
// templates of layout, parts and pages. Nothing here is built by a tool: the
// files are what is served, fingerprinted and compressed at start by httpd.
//
// # Parts
//
// A part is a template in templates/part that pages share. It takes one map,
// made with the function args; "page" is the page itself:
//
//	{{template "field" (args "page" $ "name" "text" "label" ($.T "item.text") "rows" 6)}}
//	{{template "chip" (args "page" $ "kind" "may")}}
//	{{template "back" (args "page" $ "href" "/today")}}
//
// Each part says in its first lines which names it takes. A page defines
// "main", which holds exactly one h1; "layout" puts it on the page.
//
// # Rules that the browser enforces
//
// The content security policy allows no inline script, no style attribute and
// no foreign origin. Pictures use presentation attributes and the classes of
// static/app.css. Every action is a link to a page with a form, so that it works
// without the script; a[data-dialog] opens the same page in a dialog.
package web
