package sharing

import "sigportal/internal/postgres"

// What the pages get of items, under the names of this package: they cannot
// see the database's.
type (
	// ItemLine is an item in a list: nothing of its text.
	ItemLine = postgres.ItemLine
	// DiaryRow is one disclosure or one read in the diary.
	DiaryRow = postgres.DiaryRow
	// ViewerID names a guardianship or a youth, told apart by a kind beside it.
	ViewerID = postgres.ViewerID
)
