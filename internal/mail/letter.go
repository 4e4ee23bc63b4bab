package mail

import (
	"strings"
	"time"

	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// Letter is one mail to one address.
type Letter struct {
	To         string
	Kind       sig.MailKind
	CaseNumber string // empty where the mail must not show that there is a case
	About      time.Time
	Language   string
	Citizen    bool   // families read their own, plainer wording where there is one
	MessageID  string // the left half, fixed when the mail was queued
	Entry      *Entry // of a meeting
	Answers    *Answers
	GuestLink  string // the one page of somebody who has no account
}

// Answers are the ways to answer a call without signing in. The links stand in
// the text and not in the calendar entry, which colleagues may look at.
type Answers struct {
	Accept, Decline, Other string // links
	ReplyTo                string // where calendar programs send theirs; empty where none are taken
}

// Entry is the calendar entry that goes with a letter.
type Entry struct {
	Method string // REQUEST or CANCEL
	Text   []byte
}

// subject is a fixed sentence and, where there is one, the random case number.
func (l Letter) subject(w *words.Language) string {
	sentence := w.T("mail." + string(l.Kind) + ".subject")
	if l.CaseNumber == "" {
		return sentence
	}
	return sentence + " (" + l.CaseNumber + ")"
}

func (l Letter) text(w *words.Language, link, phone string) string {
	key := "mail." + string(l.Kind) + ".text"
	if plain := "mail." + string(l.Kind) + ".citizen"; l.Citizen && w.Has(plain) {
		key = plain
	}
	if l.Entry != nil && l.Entry.Method == "CANCEL" {
		key = "mail." + string(l.Kind) + ".cancel"
	}
	lines := []string{
		w.T("mail.greeting"), "",
		w.T(key, "number", l.CaseNumber, "time", w.DateTime(l.About), "date", w.Date(l.day())), "",
		l.way(w, link), "",
	}
	lines = append(lines, l.answers(w)...)
	if phone != "" && (l.Answers == nil || l.Answers.ReplyTo == "") {
		lines = append(lines, w.T("mail.no_reply", "phone", phone))
	}
	return strings.Join(append(lines, w.T("mail.no_data"), "", w.T("mail.sender"), ""), "\n")
}

// way is where the letter leads. A guest has no account to sign in with, and
// after the end nowhere to go.
func (l Letter) way(w *words.Language, link string) string {
	switch {
	case l.GuestLink != "":
		return w.T("mail.guest_link", "link", l.GuestLink)
	case l.Kind == sig.MailMeetingGuest:
		return w.T("mail.guest_over")
	default:
		return w.T("mail.sign_in", "link", link)
	}
}

func (l Letter) answers(w *words.Language) []string {
	if l.Answers == nil {
		return nil
	}
	lines := []string{
		w.T("mail.meeting.accept", "link", l.Answers.Accept), "", w.T("mail.meeting.decline", "link", l.Answers.Decline), "",
		w.T("mail.meeting.other", "link", l.Answers.Other), "",
	}
	if l.Answers.ReplyTo != "" {
		lines = append(lines, w.T("mail.meeting.reply"), "")
	}
	return lines
}

// day is the day that the text names. A consent that ends at midnight ends on
// the day before, as people count.
func (l Letter) day() time.Time {
	if l.Kind != sig.MailExpiryReminder {
		return l.About
	}
	day, _ := words.LastDay(l.About)
	return day
}
