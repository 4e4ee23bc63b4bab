package archtest

// row is the place of one package: its ring, what of ours it may import, and
// which modules. The standard library is open to all but the pure rings, which
// may not do input or output.
type row struct {
	ring   int
	ours   []string
	others []string
}

// The rings, from the inside. A package imports only rings inside its own.
const (
	ringVocabulary = iota
	ringRules
	ringStorage
	ringSeal
	ringSharing
	ringServices
	ringDelivery
	ringBackground
	ringFaces
	ringWiring
	ringCommands
	ringTests // may import what it needs; nothing of the product imports it
)

const (
	pgx      = "github.com/jackc/pgx/v5"
	uuid     = "github.com/google/uuid"
	fiber    = "github.com/gofiber/fiber/v2"
	fasthttp = "github.com/valyala/fasthttp"
	errgroup = "golang.org/x/sync"
)

// services is what every package of rings 3a and 3b may import.
var services = []string{"sig", "policy", "ledger", "fault", "postgres", "seal", "upload", "retention"}

// pages is what the faces may ask: services and delivery, never the database
// or the policy itself, so that buttons and rules cannot drift apart.
var pages = []string{
	"sig", "fault", "words", "sharing", "closing", "consenting", "directory",
	"oversight", "casework", "draft", "inquiry", "meeting", "notice", "plan", "question", "picture", "paper", "cursor", "login", "live", "web",
}

var rings = map[string]row{
	"sig":        {ringVocabulary, nil, []string{uuid}},
	"fault":      {ringVocabulary, nil, nil},
	"words":      {ringVocabulary, nil, []string{"github.com/nicksnyder/go-i18n/v2", "go.yaml.in/yaml/v3", "golang.org/x/text"}},
	"migrations": {ringVocabulary, nil, nil},
	"web":        {ringVocabulary, nil, nil},
	"deploy":     {ringVocabulary, nil, nil},
	"config":     {ringVocabulary, nil, []string{"github.com/caarlos0/env/v11", "go.yaml.in/yaml/v3"}},
	"obs":        {ringVocabulary, nil, []string{"github.com/prometheus/client_golang"}},

	"policy":    {ringRules, []string{"sig"}, nil},
	"retention": {ringRules, []string{"sig"}, nil},
	"ledger": {ringRules, []string{"sig"}, []string{
		"golang.org/x/mod", "github.com/transparency-dev/merkle", "github.com/transparency-dev/formats",
	}},

	"postgres": {ringStorage, []string{"sig", "ledger", "fault", "migrations"}, []string{
		pgx, uuid, errgroup, "github.com/jackc/tern/v2", "github.com/riverqueue/river",
	}},
	"upload": {ringSeal, []string{"sig", "fault"}, nil},
	"seal":   {ringSeal, []string{"sig", "fault", "postgres"}, []string{uuid, "github.com/tink-crypto/tink-go/v2"}},

	"sharing":    {ringSharing, services, []string{uuid}},
	"closing":    {ringSharing, services, []string{uuid, "github.com/rickar/cal/v2"}},
	"consenting": {ringServices, append([]string{"sharing", "closing", "words"}, services...), []string{uuid}},
	"casework":   {ringServices, append([]string{"sharing", "closing"}, services...), []string{uuid}},
	"directory":  {ringServices, append([]string{"sharing", "closing"}, services...), []string{uuid, "go.yaml.in/yaml/v3"}},
	"plan":       {ringServices, append([]string{"sharing", "closing"}, services...), []string{uuid}},
	"meeting":    {ringServices, append([]string{"sharing", "closing"}, services...), []string{uuid}},
	"inquiry":    {ringServices, append([]string{"sharing", "closing"}, services...), []string{uuid}},
	"draft":      {ringServices, services, []string{uuid}},
	"question":   {ringServices, append([]string{"sharing", "closing"}, services...), []string{uuid}},
	"notice":     {ringServices, services, nil},
	"oversight":  {ringServices, append([]string{"sharing", "closing"}, services...), nil},

	"paper":    {ringDelivery, nil, nil},
	"cursor":   {ringDelivery, []string{"sig", "fault"}, nil},
	"picture":  {ringDelivery, []string{"sig", "words"}, nil},
	"mail":     {ringDelivery, []string{"sig", "words", "fault"}, []string{"github.com/wneessen/go-mail"}},
	"sms":      {ringDelivery, []string{"sig", "words"}, nil},
	"reply":    {ringDelivery, []string{"sig"}, []string{uuid, "github.com/emersion/go-smtp"}},
	"caldav":   {ringDelivery, nil, nil},
	"calendar": {ringDelivery, []string{"words"}, []string{"github.com/emersion/go-ical"}},
	"login": {ringDelivery, []string{"sig", "fault", "ledger", "directory", "postgres", "seal"}, []string{
		"github.com/coreos/go-oidc/v3", "golang.org/x/oauth2", "github.com/go-jose/go-jose/v4", fiber, uuid, "go.yaml.in/yaml/v3",
	}},
	"live": {ringDelivery, []string{"sig", "fault", "postgres"}, []string{"github.com/gorilla/websocket", fiber, fasthttp, uuid}},

	"alarm": {ringBackground, append([]string{"sharing", "closing", "consenting", "casework", "mail"}, services...), []string{uuid, errgroup}},
	"jobs": {ringBackground, append([]string{"sharing", "closing", "consenting", "casework", "oversight", "mail", "sms", "calendar", "reply"}, services...), []string{
		"github.com/riverqueue/river", pgx, uuid,
	}},

	"httpd": {ringFaces, append([]string{"caldav", "calendar", "upload"}, pages...), []string{fiber, fasthttp, uuid, "github.com/andybalholm/brotli"}},
	"api":   {ringFaces, append([]string{"upload"}, pages...), []string{fiber, uuid, "github.com/danielgtaylor/huma/v2"}},

	"portal": {ringWiring, []string{"*"}, []string{fiber, uuid, errgroup, "golang.org/x/mod", "golang.org/x/text", "github.com/riverqueue/river"}},

	"cmd/sigportal": {ringCommands, []string{"*"}, []string{"golang.org/x/crypto"}},
	"cmd/demo":      {ringCommands, []string{"*"}, []string{pgx, errgroup, "github.com/go-jose/go-jose/v4"}},

	"archtest":      {ringTests, nil, nil},
	"clamtest":      {ringTests, nil, nil},
	"browsertest":   {ringTests, nil, nil},
	"localpg":       {ringTests, []string{"deploy"}, []string{pgx}},
	"dbtest":        {ringTests, []string{"*"}, []string{pgx}},
	"mailcatch":     {ringTests, []string{"words"}, []string{"github.com/emersion/go-smtp"}},
	"devidp":        {ringTests, nil, []string{"github.com/zitadel/oidc/v3", "github.com/go-jose/go-jose/v4", "golang.org/x/text"}},
	"racetest":      {ringTests, nil, nil},
	"replica":       {ringTests, nil, nil},
	"routetest":     {ringTests, nil, nil},
	"twintest":      {ringTests, nil, nil},
	"walltest":      {ringTests, nil, nil},
	"scenariotest":  {ringTests, nil, nil},
	"sample":        {ringTests, []string{"*"}, []string{uuid}},
	"tools/testsum": {ringTests, nil, nil},
}

// demoOnly are the test ring's packages that the demo links as well.
var demoOnly = []string{"localpg", "devidp", "mailcatch", "sample"}

// pure packages decide without asking the outside, so that a jurist can read
// them and tests can try everything.
var pure = []string{"sig", "fault", "policy", "retention", "ledger"}

// impure is what no pure package imports.
var impure = []string{"os", "net", "net/http", "database/sql", "log", "io/ioutil", "os/exec", "syscall"}
