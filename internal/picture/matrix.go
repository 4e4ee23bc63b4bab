package picture

// Matrix is who may know what as a table: a real one in HTML, since a table
// reads itself out. Every cell has a status, so that none is ever empty.
type Matrix struct {
	Columns []string
	Rows    []MatrixRow
}

// MatrixRow is one recipient. Path leads to taking back; it is empty when there
// is nothing left to take back, and then no control is shown.
type MatrixRow struct {
	Name, Note, Path string
	Cells            []Cell
}

// Cell is one recipient and one category. Kind is a status of the words
// status.*; Date is a whole phrase, such as "till 31 maj 2027".
type Cell struct {
	Column, Kind, Date string
}

// strongest orders the statuses that could meet in one cell: an exclusion beats
// every grant, what holds now beats what will and what did.
var strongest = []string{"excluded", "paused", "may", "waiting", "upcoming", "withdrawn", "ended", "may_not"}

// NewMatrix lays out rows over columns. What no entry says is "may_not". Of two
// entries for one cell the stronger is shown.
func NewMatrix(columns []string, rows []MatrixRow) Matrix {
	m := Matrix{Columns: columns}
	for _, row := range rows {
		full := MatrixRow{Name: row.Name, Note: row.Note, Path: row.Path}
		for _, column := range columns {
			best := Cell{Column: column, Kind: "may_not"}
			for _, cell := range row.Cells {
				if cell.Column == column && rank(cell.Kind) < rank(best.Kind) {
					best = cell
				}
			}
			full.Cells = append(full.Cells, best)
		}
		m.Rows = append(m.Rows, full)
	}
	return m
}

func rank(kind string) int {
	for i, k := range strongest {
		if k == kind {
			return i
		}
	}
	return len(strongest)
}
