package mailcatch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-smtp"
)

// AnswerTo hands what the page's buttons answer to a portal that takes answers
// over LMTP at this address, as the municipality's mail server would.
func (c *Catcher) AnswerTo(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.replies = address
}

// answer does with a call to a meeting what its reader's calendar program does.
func (c *Catcher) answer(w http.ResponseWriter, r *http.Request) {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" {
		http.Error(w, "från en annan webbplats", http.StatusForbidden)
		return
	}
	number, err := strconv.Atoi(r.PathValue("number"))
	all := c.Messages()
	i := slices.IndexFunc(all, func(m Message) bool { return m.Number == number })
	if err != nil || i < 0 {
		http.NotFound(w, r)
		return
	}
	if err := c.Answer(r.Context(), all[i], r.FormValue("status")); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// Answer answers a call: ACCEPTED, DECLINED or TENTATIVE, or COUNTER for the
// same time a week later. What the portal answers to it is the error.
func (c *Catcher) Answer(ctx context.Context, m Message, status string) error {
	letter, err := m.Read()
	if err != nil {
		return err
	}
	to, err := mail.ParseAddress(letter.Header.Get("Reply-To"))
	if err != nil || letter.Method != "REQUEST" {
		return errors.New("the mail calls to nothing that could be answered")
	}
	c.mu.Lock()
	at := c.replies
	c.mu.Unlock()
	network := "tcp"
	if strings.HasPrefix(at, "/") {
		network = "unix"
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, at)
	if err != nil {
		return fmt.Errorf("reach the portal: %w", err)
	}
	client := smtp.NewClientLMTP(conn)
	defer func() { _ = client.Close() }()
	if err := client.SendMail(m.To[0], []string{to.Address}, strings.NewReader(answerMail(letter, m.To[0], to.Address, status))); err != nil {
		return fmt.Errorf("hand the answer in: %w", err)
	}
	return nil
}

// answerMail is the mail of a calendar program: the call's own lines, with the
// reader's answer in them.
func answerMail(letter Letter, from, to, status string) string {
	method := "REPLY"
	if status == "COUNTER" {
		method, status = "COUNTER", "TENTATIVE"
	}
	var lines []string
	for _, l := range strings.Split(strings.ReplaceAll(letter.Calendar, "\r\n ", ""), "\r\n") {
		name, value, _ := strings.Cut(l, ":")
		name, _, _ = strings.Cut(name, ";")
		switch {
		case name == "METHOD":
			l = "METHOD:" + method
		case name == "ATTENDEE":
			l = "ATTENDEE;PARTSTAT=" + status + ":mailto:" + from
		case method == "COUNTER" && (name == "DTSTART" || name == "DTEND"):
			if at, err := time.Parse("20060102T150405Z", value); err == nil {
				l = name + ":" + at.AddDate(0, 0, 7).Format("20060102T150405Z")
			}
		}
		lines = append(lines, l)
	}
	return "From: <" + from + ">\r\nTo: <" + to + ">\r\nSubject: " + method + "\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: text/calendar; charset=utf-8; method=" + method + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + strings.Join(lines, "\r\n")
}
