package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sigportal/internal/config"
)

func complete(more ...string) []string {
	return append([]string{
		"SIG_ORIGIN=https://sig.example.se",
		"SIG_APP_DATABASE_URL=postgres://app:hush@db/sig", "SIG_WORKER_DATABASE_URL=postgres://w@db/sig",
		"SIG_REVIEWER_DATABASE_URL=postgres://r@db/sig",
		"SIG_KEK=a", "SIG_LOOKUP_KEY=b", "SIG_LEDGER_KEY=c", "SIG_PROVIDERS=[]", "PATH=/bin",
	}, more...)
}

func TestACompleteEnvironmentIsRead(t *testing.T) {
	t.Parallel()
	c, err := config.LoadServe(complete("SIG_TRUSTED_PROXIES=10.0.0.0/8,192.168.1.0/24", "SIG_OLD_KEKS=x,y"))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.AppURL.Reveal(); got != "postgres://app:hush@db/sig" {
		t.Errorf("database address: %q", got)
	}
	if len(c.TrustedProxies) != 2 || len(c.OldKEKs) != 2 || c.OldKEKs[1].Reveal() != "y" {
		t.Errorf("lists: %v and %d old keys", c.TrustedProxies, len(c.OldKEKs))
	}
}

func TestASecretMayLieInAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "kek")
	if err := os.WriteFile(path, []byte("from the file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	environ := slices.DeleteFunc(complete(), func(s string) bool { return s == "SIG_KEK=a" })
	c, err := config.LoadServe(append(environ, "SIG_KEK_FILE="+path))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.KEK.Reveal(); got != "from the file" {
		t.Errorf("the key is %q", got)
	}
	if _, err := config.LoadServe(complete("SIG_KEK_FILE=" + path)); err == nil {
		t.Error("a secret given twice was taken")
	}
}

func TestWhatIsWrongIsNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ set, names string }{
		{"SIG_LISTENN=127.0.0.1:1", "SIG_LISTENN"},
		{"SIG_LISTEN_FILE=/etc/hostname", "SIG_LISTEN_FILE"},
		{"SIG_KEK_FILE=/nonexistent", "SIG_KEK_FILE"},
		{"SIG_METRICS_LISTEN=0.0.0.0:9464", "SIG_METRICS_LISTEN"},
		{"SIG_LISTEN=8080", "SIG_LISTEN"},
		{"SIG_MAIL_ADDRESS=mail.example.se:25", "SIG_MAIL_FROM"},
		{"SIG_APP_CONNECTIONS=many", "AppConns"},
	} {
		if _, err := config.LoadServe(complete(c.set)); err == nil || !strings.Contains(err.Error(), c.names) {
			t.Errorf("%s: the error is %v, want one that names %s", c.set, err, c.names)
		}
	}
	for _, origin := range []string{"http://sig.example.se", "https://sig.example.se/", "sig.example.se", "ftp://127.0.0.1"} {
		environ := complete()
		environ[0] = "SIG_ORIGIN=" + origin
		if _, err := config.LoadServe(environ); err == nil || !strings.Contains(err.Error(), "SIG_ORIGIN") {
			t.Errorf("origin %s: the error is %v", origin, err)
		}
	}
	_, err := config.LoadServe([]string{"PATH=/bin"})
	for _, v := range config.Variables() {
		if v.Required && v.Name != "SIG_OWNER_DATABASE_URL" && (err == nil || !strings.Contains(err.Error(), v.Name)) {
			t.Errorf("nothing set: %s is not named in %v", v.Name, err)
		}
	}
}

func TestSecretsDoNotShow(t *testing.T) {
	t.Parallel()
	c, err := config.LoadServe(complete())
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if shown := fmt.Sprintf(verb, c); strings.Contains(shown, "hush") {
			t.Errorf("%s shows a password: %s", verb, shown)
		}
	}
}

// A meeting has one name in every calendar: that of the mails, where any are sent.
func TestAMeetingHasOneNameInEveryCalendar(t *testing.T) {
	for _, tc := range []struct{ from, origin, want string }{
		{"portal@sig.example", "http://127.0.0.1:8080", "sig.example"},
		{"", "https://portal.example:8443", "portal.example"},
	} {
		if got := (config.Serve{MailFrom: tc.from, Origin: tc.origin}).CalendarDomain(); got != tc.want {
			t.Errorf("from %q at %s: %q, want %q", tc.from, tc.origin, got, tc.want)
		}
	}
}
