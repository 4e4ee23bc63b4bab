package portal

import (
	"log/slog"
	"maps"

	"sigportal/internal/alarm"
	"sigportal/internal/casework"
	"sigportal/internal/closing"
	"sigportal/internal/consenting"
	"sigportal/internal/directory"
	"sigportal/internal/inquiry"
	"sigportal/internal/meeting"
	"sigportal/internal/oversight"
	"sigportal/internal/plan"
	"sigportal/internal/question"
	"sigportal/internal/seal"
	"sigportal/internal/sharing"
	"sigportal/internal/upload"
)

// services are what pages and API ask; all stand on the pages' pool, and
// withdrawals on one of their own.
type services struct {
	sharing    *sharing.Service
	meeting    *meeting.Service
	question   *question.Service
	plan       *plan.Service
	inquiry    *inquiry.Service
	casework   *casework.Service
	consenting *consenting.Service
	directory  *directory.Service
	oversight  *oversight.Service
}

func newServices(dbs *databases, sealer *seal.Sealer, clamd string) services {
	return services{
		sharing:    &sharing.Service{DB: dbs.content, Sealer: sealer},
		meeting:    &meeting.Service{DB: dbs.content, Sealer: sealer},
		plan:       &plan.Service{DB: dbs.content, Sealer: sealer},
		question:   &question.Service{DB: dbs.content, Sealer: sealer},
		inquiry:    &inquiry.Service{DB: dbs.content, Sealer: sealer},
		casework:   &casework.Service{DB: dbs.content, Sealer: sealer},
		consenting: &consenting.Service{DB: dbs.content, Withdrawals: dbs.withdrawals, Sealer: sealer, Uploads: upload.New(clamd)},
		directory:  &directory.Service{DB: dbs.content},
		oversight:  &oversight.Service{DB: dbs.content},
	}
}

// newAlarm is the clock that goes off when a window, an assignment or a
// deadline ends, with everything that answers it.
func newAlarm(dbs *databases, log *slog.Logger) *alarm.Alarm {
	clock := alarm.New(dbs.worker, log)
	handlers := (&closing.Service{DB: dbs.worker}).Handlers()
	maps.Copy(handlers, (&casework.Alarms{DB: dbs.worker}).Handlers())
	for kind, handler := range handlers {
		clock.Handle(kind, handler)
	}
	return clock
}
