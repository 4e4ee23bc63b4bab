package api

import (
	"context"

	"sigportal/internal/notice"
	"sigportal/internal/sig"
)

// Notice is how the caller is told that there is something to read.
type Notice struct {
	Channel   Code   `json:"channel" doc:"mail or sms."`
	Language  string `json:"language"`
	PhoneTail string `json:"phone_tail,omitempty" doc:"How the number ends that text messages go to."`
	PhoneOwn  bool   `json:"phone_own" doc:"The caller gave the number, and may have it forgotten."`
	// DigestHour is left out where each message comes at once.
	DigestHour *int `json:"digest_hour,omitempty" doc:"Once a day at this hour, in Stockholm; left out, at once. What ends something is never held."`
	Texts      bool `json:"texts" doc:"Whether text messages can be chosen."`
}

// NoticeWish is what the caller chooses.
type NoticeWish struct {
	Channel    Code   `json:"channel" doc:"mail or sms."`
	Language   string `json:"language" maxLength:"20"`
	Phone      string `json:"phone,omitempty" maxLength:"40" doc:"A new number; left out, the one that is known stays."`
	DigestHour *int   `json:"digest_hour,omitempty" minimum:"0" maximum:"23" doc:"Once a day at this hour, in Stockholm; left out, at once."`
	Forget     bool   `json:"forget,omitempty" doc:"Forget the number that the caller gave."`
}

// NoticeBody is the request that changes it.
type NoticeBody struct{ Body NoticeWish }

func (a *API) registerNotice() {
	const tag, path = "settings", "/api/v1/settings/notices"
	add(a, op{method: "GET", path: path, level: SignedIn, id: "show-notices", tag: tag,
		says: "How the caller is told that there is something to read."}, a.noticeShow)
	act(a, op{method: "PUT", path: path, level: SignedIn, id: "choose-notices", tag: tag,
		says: "Choose by which channel and in which language to be told."}, a.noticeChoose)
}

func (a *API) noticeShow(ctx context.Context, who *caller, _ *struct{}) (*Notice, error) {
	c, err := a.deps.Notice.Show(ctx, who.actor)
	if err != nil {
		return nil, err
	}
	return &Notice{Code(c.Channel), c.Language, c.Tail, c.Own, c.DigestHour, c.Texts}, nil
}

func (a *API) noticeChoose(ctx context.Context, who *caller, in *NoticeBody) error {
	return a.deps.Notice.Choose(ctx, who.actor, notice.Wish{
		Channel: sig.Channel(in.Body.Channel), Language: in.Body.Language, Phone: in.Body.Phone, Forget: in.Body.Forget, DigestHour: in.Body.DigestHour,
	})
}
