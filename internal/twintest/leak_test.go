package twintest

import (
	"slices"
	"strings"
	"testing"

	"sigportal/internal/replica"
)

// leak is a fault through which a secret shows to somebody, and where.
type leak struct {
	name, planted, environ string
	secret, persona, where string
}

// What the second wall is broken with: a policy more lets everybody see all rows
// of a table, and a function hands out what only its owner may read.
var leaks = []leak{
	{
		name: "a count of what is hidden", secret: "a hidden item", persona: "omid", where: "/withdraw",
		planted: `create policy planted on sig.disclosure for select to sig_app using (true)`,
	},
	{
		name: "a hidden reader's row", secret: "who has read a hidden item", persona: "amir", where: "/diary",
		planted: `create policy planted on sig.ledger for select to sig_app using (true)`,
	},
	{name: "the gap in the ledger", secret: "that the other guardian looks around", persona: "omid", where: "/diary", environ: "PLANTED=gap"},
	{
		name: "the size of a hidden text", secret: "how long a hidden text is", persona: "amir", where: "/diary", environ: "PLANTED=size",
		planted: `create function sig.planted(uuid) returns bigint language sql security definer as
			$$ select sum(octet_length(body_sealed)) from sig.item where intervention = $1 $$`,
	},
	{
		name: "the other guardian's address", secret: "the other guardian's address", persona: "omid", where: "mail", environ: "PLANTED=address",
		planted: `create function sig.planted(uuid) returns table (id uuid, contact bytea) language sql security definer as
			$$ select o.id, o.contact_sealed from sig.guardianship o join sig.guardianship g on g.youth = o.youth where g.id = $1 and o.id <> $1 $$`,
	},
}

// leaking is a portal whose diary and mails tell more than they should.
var leaking = []replica.Edit{
	{"internal/sharing/diary.go", "		if size > 0 && len(page.Rows) > size {\n", `		switch os.Getenv("PLANTED") {
		case "gap":
			page.CaseNumber += strconv.FormatInt(page.Rows[0].Ledger-page.Rows[len(page.Rows)-1].Ledger, 10)
		case "size":
			var sum int
			if err := tx.QueryRow(ctx, "select sig.planted($1)", entry.Intervention).Scan(&sum); err != nil {
				return err
			}
			page.CaseNumber += strings.Repeat(" ", sum/100)
		}
		if size > 0 && len(page.Rows) > size {
`},
	{"internal/sharing/diary.go", "	\"context\"\n", "	\"context\"\n	\"os\"\n	\"strconv\"\n	\"strings\"\n"},
	{"internal/jobs/mail.go", "	switch {\n	case out.Meeting != nil:\n", `	if os.Getenv("PLANTED") == "address" {
		at, sealed := seal.Place{Authority: out.Authority, Field: "contact"}, []byte(nil)
		if tx.QueryRow(ctx, "select id, contact from sig.planted($1)", out.Owner).Scan(&at.Object, &sealed) == nil {
			text, _ := w.deps.Sealer.Open(ctx, tx, at, sealed)
			letter.CaseNumber = string(text)
		}
	}
	switch {
	case out.Meeting != nil:
`},
	{"internal/jobs/mail.go", "	\"log/slog\"\n", "	\"log/slog\"\n	\"os\"\n"},
}

// TestPlantedLeaksAreCaught: each leak makes the twins differ to the observer,
// and where it should.
func TestPlantedLeaksAreCaught(t *testing.T) {
	whole, broken := replica.Build(t), replica.Build(t, leaking...)
	for _, l := range leaks {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			b := build{program: whole, planted: l.planted}
			if l.environ != "" {
				b.program, b.environ = broken, []string{l.environ}
			}
			kept := secrets[slices.IndexFunc(secrets, func(s secret) bool { return s.name == l.secret })]
			told := difference(looks(t, b, l.persona), looks(t, b, l.persona, kept))
			if !strings.Contains(told, l.where) {
				t.Errorf("%s is not caught; what differs:\n%s", l.name, told)
			}
		})
	}
}
