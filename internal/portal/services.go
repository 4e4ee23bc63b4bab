package portal

import (
	"log/slog"
	"maps"

	"sigportal/internal/alarm"
	"sigportal/internal/casework"
	"sigportal/internal/closing"
	"sigportal/internal/config"
	"sigportal/internal/consenting"
	"sigportal/internal/directory"
	"sigportal/internal/draft"
	"sigportal/internal/inquiry"
	"sigportal/internal/meeting"
	"sigportal/internal/notice"
	"sigportal/internal/oversight"
	"sigportal/internal/plan"
	"sigportal/internal/question"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/upload"
	"sigportal/internal/words"
)

// services are what pages and API ask; all stand on the pages' pool, and
// withdrawals on one of their own.
type services struct {
	sharing    *sharing.Service
	meeting    *meeting.Service
	question   *question.Service
	draft      *draft.Service
	plan       *plan.Service
	inquiry    *inquiry.Service
	casework   *casework.Service
	consenting *consenting.Service
	directory  *directory.Service
	oversight  *oversight.Service
	notice     *notice.Service
}

func newServices(dbs *databases, sealer *seal.Sealer, cfg config.Serve) services {
	return services{
		sharing:    &sharing.Service{DB: dbs.content, Sealer: sealer},
		meeting:    &meeting.Service{DB: dbs.content, Sealer: sealer},
		plan:       &plan.Service{DB: dbs.content, Sealer: sealer},
		question:   &question.Service{DB: dbs.content, Sealer: sealer},
		draft:      &draft.Service{DB: dbs.content, Sealer: sealer},
		inquiry:    &inquiry.Service{DB: dbs.content, Sealer: sealer},
		casework:   &casework.Service{DB: dbs.content, Sealer: sealer},
		consenting: &consenting.Service{DB: dbs.content, Withdrawals: dbs.withdrawals, Sealer: sealer, Uploads: upload.New(cfg.Clamd)},
		directory:  &directory.Service{DB: dbs.content},
		oversight:  &oversight.Service{DB: dbs.content},
		notice:     &notice.Service{DB: dbs.content, Sealer: sealer, Texts: cfg.SMSURL != "", Languages: languages},
	}
}

// languages are the tags that a kind of person reads messages in.
func languages(citizen bool) []string {
	all := words.Languages()
	if citizen {
		all = words.FamilyLanguages()
	}
	var tags []string
	for _, l := range all {
		tags = append(tags, l.Tag())
	}
	return tags
}

// newAlarm is the clock that goes off when a window, an assignment or a
// deadline ends, with everything that answers it.
func newAlarm(dbs *databases, consents *consenting.Service, log *slog.Logger) *alarm.Alarm {
	clock := alarm.New(dbs.worker, log)
	handlers := (&closing.Service{DB: dbs.worker}).Handlers()
	maps.Copy(handlers, (&casework.Alarms{DB: dbs.worker}).Handlers())
	maps.Copy(handlers, consents.Handlers())
	for kind, handler := range handlers {
		clock.Handle(kind, handler)
	}
	return clock
}
