package picture

import "sigportal/internal/words"

// Changed draws how many texts of a plan are as they were, new and taken out,
// as one bar: what stays is filled, what is new is empty, what is gone is cut off.
func Changed(l *words.Language, kept, added, gone int) Picture {
	return bar(l, "picture.changed.title", l.T("picture.changed.twin", "kept", kept, "added", added, "gone", gone), kept, added, gone)
}
