package httpd

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"sigportal/internal/casework"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// journalWords says journal notes in Swedish, the language of the board's own
// case system, whatever the reader's page speaks.
type journalWords struct {
	itemWords

	number string            // of the case
	names  map[string]string // of guardians and the youth, by id
}

func (r *Request) journalWords(number string, names map[string]string) (journalWords, error) {
	w, err := r.itemWords()
	w.lang = words.For("sv")
	return journalWords{itemWords: w, number: number, names: names}, err
}

// text is a note as it is copied: when, which case, what, and the particulars,
// a line each.
func (w journalWords) text(n casework.JournalNote) string {
	lines := []string{
		w.lang.DateTime(n.At) + ". " + w.lang.T("intervention.number", "number", w.number),
		w.lang.T("journal." + string(n.Kind)),
	}
	return strings.Join(append(lines, w.particulars(n)...), "\n")
}

// particulars are the facts of a note in the order in which a journal has them.
func (w journalWords) particulars(n casework.JournalNote) []string {
	var lines []string
	for _, key := range []string{
		"version", "signer", "kind", "method", "language", "interpreter", "text", "written_by", "channel", "standing", "from", "on", "reference", "why", "reason", "outcome", "overridden", "alone", "protection", "until", "recorded_at", "late", "rows",
	} {
		value, ok := n.Facts[key]
		if key == "kind" && n.Facts["signer"] != nil || !ok {
			continue // who it was says more
		}
		label := "journal.fact." + key
		if key == "rows" && (n.Kind == "consent_withdrawn" || n.Kind == "consent_part_withdrawn") {
			label = "journal.fact.rows_gone"
		}
		for _, text := range w.value(n, key, value) {
			lines = append(lines, w.lang.T(label)+": "+text)
		}
	}
	return lines
}

// value says one fact; nothing for what is not there or cannot be said.
func (w journalWords) value(n casework.JournalNote, key string, value any) []string {
	switch key {
	case "rows":
		return w.rows(value)
	case "alone":
		return w.kinds(value)
	}
	text := ""
	switch v := value.(type) {
	case float64:
		text = strconv.Itoa(int(v))
	case bool:
		if !v {
			text = w.lang.T("journal.fact.standing.no")
		}
	case string:
		text = w.code(n, key, v)
	}
	if text == "" {
		return nil
	}
	return []string{text}
}

// kinds says a list of categories.
func (w journalWords) kinds(value any) []string {
	list, _ := value.([]any)
	var all []sig.Category
	for _, one := range list {
		all = append(all, sig.Category(codeOf(one)))
	}
	if len(all) == 0 {
		return nil
	}
	return []string{w.categories(all)}
}

func (w journalWords) code(n casework.JournalNote, key, v string) string {
	switch key {
	case "signer":
		who := w.lang.T("journal.fact." + codeOf(n.Facts["kind"]))
		if name := w.names[v]; name != "" {
			return name + " (" + who + ")"
		}
		return who
	case "kind", "overridden":
		return w.lang.T("journal.fact." + v)
	case "method":
		return w.lang.T("method." + v)
	case "language":
		return familyWords{Language: w.lang}.languageName(v)
	case "text":
		tag, mark, _ := strings.Cut(v, " ")
		if mark == "" {
			return ""
		}
		return words.For(tag).Name() + ", " + mark
	case "channel":
		return w.lang.T("channel." + v)
	case "why":
		return w.lang.T("suspension." + v)
	case "reason":
		return w.lang.T("closed." + v)
	case "outcome":
		if w.lang.Has("maturity." + v) {
			return w.lang.T("maturity." + v)
		}
		return w.lang.T("task.outcome." + v)
	case "protection":
		return w.lang.T("protection." + v)
	case "until":
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return w.lang.Until(at)
		}
		return v
	case "recorded_at", "written_by", "from":
		if at, err := time.Parse(time.RFC3339, v); err == nil {
			return w.lang.DateTime(at)
		}
		return v
	default:
		return v
	}
}

func codeOf(v any) string {
	s, _ := v.(string)
	return s
}

// rows names who tells whom what, function by function.
func (w journalWords) rows(value any) []string {
	text, err := json.Marshal(value)
	if err != nil {
		return nil
	}
	var rows []struct {
		From, To   sig.Seat
		Private    sig.PrivateKind
		Categories []sig.Category
	}
	if json.Unmarshal(text, &rows) != nil {
		return nil // an older note counted them
	}
	var lines []string
	for _, r := range rows {
		to := w.recipient(r.To, r.Private != "", r.Private, "")
		lines = append(lines, w.lang.T("journal.fact.row", "from", w.seat(r.From), "to", to, "what", w.categories(r.Categories)))
	}
	return lines
}
