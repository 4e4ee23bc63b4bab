package scenariotest

import (
	"strings"
	"testing"

	"sigportal/internal/consenting"
	"sigportal/internal/notice"
	"sigportal/internal/sig"
	"sigportal/internal/words"
)

// notices are the settings of everybody in the city, with a gateway or without.
func (c *city) notices(texts bool) *notice.Service {
	return &notice.Service{DB: c.Consenting.DB, Sealer: c.Sealer, Texts: texts, Languages: func(citizen bool) (tags []string) {
		all := words.Languages()
		if citizen {
			all = words.FamilyLanguages()
		}
		for _, l := range all {
			tags = append(tags, l.Tag())
		}
		return tags
	}}
}

// Sara, who reads Somali, has a text message; Omid, who chose nothing, a mail.
// Neither says anything, and when the sharing ends both are told.
func TestEachIsToldInTheWayTheyChose(t *testing.T) {
	c := inForce(t)
	s, sara := c.notices(true), c.as("sara")
	c.must(s.Choose(c.ctx(), sara, notice.Wish{Channel: sig.ChannelSMS, Language: "so", Phone: "070-123 45 67"}), "Sara chooses")
	got, err := s.Show(c.ctx(), sara)
	c.must(err, "Sara looks")
	if *got != (notice.Choice{Channel: sig.ChannelSMS, Language: "so", Tail: "67", Own: true, Texts: true}) { // at once
		t.Errorf("Sara sees %+v", *got)
	}
	if clear := one[string](c, `select coalesce(encode(phone_sealed, 'escape'), '') from sig.notice_choice`); clear == "" || strings.Contains(clear, "701234567") {
		t.Errorf("the number lies as %q", clear)
	}
	post := c.post()
	post.empties()
	mails, texts := len(post.catcher.Messages()), len(post.catcher.Texts())
	c.withdraws("omid", everything)
	post.empties()
	var to, said []string
	for _, m := range post.catcher.Texts()[texts:] {
		to, said = append(to, m.To), append(said, m.Text)
	}
	want := words.For("so").T("sms.changed", "link", "https://sig.example/")
	if len(to) == 0 || to[0] != "+46701234567" || said[0] != want {
		t.Errorf("text messages %v to %v; want %q to Sara", said, to, want)
	}
	if len(post.catcher.Messages()) == mails {
		t.Error("nobody had a mail")
	}
}

// What somebody may choose: no number that takes no messages, no language that
// their pages lack, no text messages without a gateway; and nothing at all once
// the part is over, or where the view is switched off at home.
func TestWhatCanBeChosen(t *testing.T) {
	c := inForce(t)
	s, sara, police := c.notices(true), c.as("sara"), c.as(berg)
	c.refusedWith(s.Choose(c.ctx(), police, notice.Wish{Channel: sig.ChannelSMS, Language: "sv", Phone: "08-123 456 78"}), "phone error.phone_number", "a number that is none, said once")
	for what, wish := range map[string]notice.Wish{
		"no number":                {Channel: sig.ChannelSMS, Language: "sv"},
		"a telephone on a wall":    {Channel: sig.ChannelSMS, Language: "sv", Phone: "08-123 456 78"},
		"a language of the family": {Channel: sig.ChannelMail, Language: "so"},
		"an hour that is none":     {Channel: sig.ChannelMail, Language: "sv", DigestHour: new(24)},
		"no channel":               {Language: "sv"},
	} {
		if err := s.Choose(c.ctx(), police, wish); err == nil {
			t.Errorf("the police choose %s", what)
		}
	}
	if err := c.notices(false).Choose(c.ctx(), sara, notice.Wish{Channel: sig.ChannelSMS, Language: "sv", Phone: "070-123 45 67"}); err == nil {
		t.Error("without a gateway Sara chooses text messages")
	}
	c.must(s.Choose(c.ctx(), sara, notice.Wish{Channel: sig.ChannelSMS, Language: "sv", Phone: "070-123 45 67"}), "Sara chooses")
	c.must(s.Choose(c.ctx(), sara, notice.Wish{Channel: sig.ChannelMail, Language: "sv", Forget: true}), "Sara has the number forgotten")
	if kept := one[int](c, `select count(phone_sealed)::int from sig.notice_choice`); kept != 0 {
		t.Error("the number is kept though Sara had it forgotten")
	}
	amir := c.as("amir")
	c.must(c.Consenting.SetAtHome(c.ctx(), amir, c.id, consenting.HomeHide), "Amir switches his view off")
	_, err := s.Show(c.ctx(), amir)
	c.refusedWith(err, "error.not_found", "whoever holds Amir's phone looks at his settings")
	c.refusedWith(s.Choose(c.ctx(), amir, notice.Wish{Channel: sig.ChannelMail, Language: "sv"}), "error.not_found", "whoever holds Amir's phone changes them")
	_, err = s.Show(c.ctx(), sig.Actor{})
	c.refusedWith(err, "error.not_found", "somebody without a part looks")
}
