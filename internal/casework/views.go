package casework

import "sigportal/internal/postgres"

// What the pages get of a case's surroundings, under the names of this
// package: they cannot see the database's.
type (
	// CaseLine is an intervention in a list: number, name, state and dates.
	CaseLine = postgres.CaseLine
	// Participation is somebody's part in a case, in the seat that it fills.
	Participation = postgres.Participation
	// LedSeat is a seat that the reader, as lead of a function, may fill.
	LedSeat = postgres.LedSeat
	// Unsigned is a version that waits for somebody's signature.
	Unsigned = postgres.Unsigned
	// Narrowing is that a part of a consent was taken back.
	Narrowing = postgres.Narrowing
	// InboxLine is a received copy in a list.
	InboxLine = postgres.InboxLine
	// JournalNote is one note for the board's own case system.
	JournalNote = postgres.JournalNote
	// TaskKind is what has to be done.
	TaskKind = postgres.TaskKind
	// SearchBy is one of the three fields that a search may be on.
	SearchBy = postgres.SearchBy
)

// The fields of a search.
const (
	SearchName       = postgres.SearchName
	SearchNumber     = postgres.SearchNumber
	SearchCaseNumber = postgres.SearchCaseNumber
)

// IncidentID names an incident.
type IncidentID = postgres.IncidentID
