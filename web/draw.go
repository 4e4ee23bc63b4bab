package web

import (
	"fmt"
	"html/template"
)

// Funcs are what the templates draw with. They are looked up, not written as
// conditions in a template: a long list has hundreds of them.
func Funcs() template.FuncMap { return template.FuncMap{"icon": icon, "look": look} }

// drawing is markup of our own, written below: nothing that anybody typed.
type drawing = template.HTML //nolint:forbidigo // the one place where escaping is off

// paths are the icons' drawings in a square of 24.
var paths = map[string]drawing{
	"check":  `<path d="M4 12.5l5.5 5.5L20 6.5"/>`,
	"dash":   `<path d="M5 12h14"/>`,
	"cross":  `<path d="M6 6l12 12M18 6L6 18"/>`,
	"clock":  `<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>`,
	"pause":  `<path d="M9 5v14M15 5v14"/>`,
	"stop":   `<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8z"/><path d="M9 9l6 6M15 9l-6 6"/>`,
	"plus":   `<path d="M12 5v14M5 12h14"/>`,
	"pen":    `<path d="M4 20l1-5L16 4l4 4L9 19z"/>`,
	"eye":    `<path d="M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7z"/><circle cx="12" cy="12" r="3"/>`,
	"hidden": `<path d="M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7zM4 4l16 16"/>`,
	"lock":   `<path d="M6 11h12v9H6zM8 11V8a4 4 0 0 1 8 0v3"/>`,
	"warn":   `<path d="M12 3.5L22 20H2zM12 10v4.5M12 17.2v.3"/>`,
	"phone":  `<path d="M6 3h4l1.5 5-2.5 2a12 12 0 0 0 5 5l2-2.500 5 1.500v4c-9 1-17-6-15-15z"/>`,
	"globe":  `<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c-6 6-6 12 0 18c6-6 6-12 0-18"/>`,
	"info":   `<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.200v.3"/>`,
}

// icons are the paths made ready to be put on a page.
var icons = func() map[string]drawing {
	ready := make(map[string]drawing, len(paths))
	for name, path := range paths {
		ready[name] = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">` + path + `</svg>`
	}
	return ready
}()

// icon draws by name. It is decoration: words always stand beside it.
func icon(name string) (drawing, error) {
	drawn, ok := icons[name]
	if !ok {
		return "", fmt.Errorf("there is no icon %q", name)
	}
	return drawn, nil
}

// chipLook is how a state looks: its colour and its icon.
type chipLook struct{ Class, Icon string }

var looks = map[string]chipLook{
	"may": {"yes", "check"}, "done": {"yes", "check"}, "signed": {"yes", "check"}, "read": {"yes", "check"},
	"new":   {"yes", "plus"},
	"ended": {"warn", "clock"}, "waiting": {"warn", "clock"}, "missing": {"warn", "clock"},
	"paused": {"warn", "pause"}, "late": {"warn", "info"},
	"withdrawn": {"no", "cross"}, "removed": {"no", "cross"},
	"excluded": {"no", "stop"},
	"upcoming": {"info", "clock"},
	"unread":   {"info", "eye"},
	"hidden":   {"", "hidden"},
	"closed":   {"", "lock"},
}

// look finds a state's look; any other is plain, with a dash.
func look(state string) chipLook {
	if l, ok := looks[state]; ok {
		return l
	}
	return chipLook{"", "dash"}
}
