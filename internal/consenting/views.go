package consenting

import "sigportal/internal/postgres"

// StepUpID is the handle of one proof of a fresh login, under the name of this
// package: pages cannot see the database's.
type StepUpID = postgres.StepUpID
