package obs_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"sigportal/internal/obs"
	"sigportal/internal/sig"
)

type child struct{ Name string }

func line(t *testing.T, attrs ...any) map[string]any {
	t.Helper()
	var out bytes.Buffer
	obs.Logger(&out, slog.LevelInfo).Info("said", attrs...)
	var fields map[string]any
	if err := json.Unmarshal(out.Bytes(), &fields); err != nil {
		t.Fatalf("%v in %s", err, &out)
	}
	return fields
}

func TestNothingPersonalIsLogged(t *testing.T) {
	t.Parallel()
	database := &pgconn.PgError{Code: "22P02", Message: `invalid input syntax for type date: "Ali Ek"`, Severity: "ERROR"}
	for what, attr := range map[string]any{
		"a struct":                   child{"Ali Ek"},
		"a pointer":                  &child{"Ali Ek"},
		"a list":                     []string{"Ali Ek"},
		"a map":                      map[string]string{"name": "Ali Ek"},
		"an actor":                   sig.Actor{ShownAs: "Ali Ek"},
		"the database's own words":   fmt.Errorf("save: %w", database),
		"a number with century":      "20110203-2384",
		"a number without":           "110203-2384",
		"a number in an error":       errors.New("no youth 201102032384 found"),
		"a number within a group":    slog.GroupValue(slog.String("n", "1102032384")),
		"bytes":                      []byte("Ali Ek"),
		"a number of somebody older": "110203+2384",
	} {
		shown := fmt.Sprint(line(t, "value", attr)["value"])
		if strings.Contains(shown, "Ali") || strings.Contains(shown, "2384") {
			t.Errorf("%s is logged: %s", what, shown)
		}
	}
}

func TestWhatAnOperatorNeedsIsLogged(t *testing.T) {
	t.Parallel()
	id := sig.NewID[child]()
	got := line(t, "intervention", id, "took", 3*time.Second, "status", 503,
		"error", fmt.Errorf("commit: %w", &pgconn.PgError{Code: "40001", Message: "x"}))
	if got["intervention"] != id.String() {
		t.Errorf("an id shows as %v, want %v", got["intervention"], id)
	}
	if got["error"] != "commit: SQLSTATE 40001" {
		t.Errorf("a database fault shows as %v", got["error"])
	}
	if got["status"] != float64(503) || got["msg"] != "said" {
		t.Errorf("the line is %v", got)
	}
}
