package dbtest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"sigportal/deploy"
	"sigportal/internal/localpg"
	"sigportal/internal/postgres"
	"sigportal/migrations"
)

// template is the migrated database that every test's database is a copy of.
const template = "sig_template"

// format is raised when the way of preparing changes.
const format = "1"

// cluster starts this program's cluster from the prepared copy.
func cluster(ctx context.Context) (*localpg.Cluster, error) {
	root := filepath.Join(roomiest(), "sigportal-dbtest-"+strconv.Itoa(os.Getuid()))
	if err := ownFolder(root); err != nil {
		return nil, err
	}
	unlock, err := lock(filepath.Join(root, "lock"))
	if err != nil {
		return nil, err
	}
	defer unlock()
	if os.Getenv(localpg.Given) != "" {
		return given(ctx, root)
	}
	bare, err := prepare(ctx, root, "bare-", "", []string{deploy.RolesSQL}, nil)
	if err != nil {
		return nil, fmt.Errorf("prepare a bare cluster: %w", err)
	}
	texts, err := migrationTexts()
	if err != nil {
		return nil, err
	}
	full, err := prepare(ctx, root, "full-", bare, append(texts, deploy.RolesSQL), migrated)
	if err != nil {
		return nil, fmt.Errorf("prepare a migrated cluster: %w", err)
	}
	sweep(root, "bare-", 1)
	sweep(root, "full-", 3)
	sweepRuns(ctx, root)
	home, err := os.MkdirTemp(root, "run-")
	if err != nil {
		return nil, fmt.Errorf("make the cluster's folder: %w", err)
	}
	if err := copyFolder(ctx, full, home); err != nil {
		return nil, err
	}
	running := maps.Clone(settings)
	if durable {
		for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
			running[name] = "on"
		}
	}
	return localpg.Start(ctx, localpg.Options{Dir: home, Ephemeral: true, Settings: running})
}

// given uses the server of DATABASE_URL. Its migrated template stays there for
// the next run; it is made under another name first, so that one which was
// broken off half-way is not taken for whole.
func given(ctx context.Context, root string) (*localpg.Cluster, error) {
	texts, err := migrationTexts()
	if err != nil {
		return nil, err
	}
	c, err := localpg.Start(ctx, localpg.Options{Dir: filepath.Join(root, "given-"+digest(texts))})
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, c.SuperURL("postgres"))
	if err != nil {
		return nil, fmt.Errorf("connect to the given server: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var exists bool
	err = conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, c.Database(template)).Scan(&exists)
	if err != nil || exists {
		return c, err
	}
	const making = "sig_making"
	if _, err := conn.Exec(ctx, `drop database if exists `+c.Database(making)+` with (force)`); err != nil {
		return nil, fmt.Errorf("clear a half-made template: %w", err)
	}
	if err := c.EnsureDatabase(ctx, making); err != nil {
		return nil, err
	}
	if err := postgres.Migrate(ctx, c.URL("sig_owner", making)); err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `alter database `+c.Database(making)+` rename to `+c.Database(template)); err != nil {
		return nil, fmt.Errorf("put the template in place: %w", err)
	}
	return c, nil
}

// durable is set by Durable.
var durable bool

// Durable makes this program's cluster keep what was committed, as a real one
// does: the wired portal refuses any other. It is called before the first New,
// and costs each commit a flush.
func Durable() { durable = true }

// settings allow many tests at once with several pools each, and keep little of
// a log that nobody will ever replay.
var settings = map[string]string{"max_connections": "300", "min_wal_size": "32MB", "max_wal_size": "128MB"}

// memory is where Linux keeps files in memory, and enough is what must be free
// there for the clusters of two packages with room to spare.
const (
	memory = "/dev/shm"
	enough = 4 << 30
)

// roomiest is the folder for clusters: in memory where there is room, because
// a database is seven hundred files and a disk takes a tenth of a second to
// make them, for each of some four hundred tests.
func roomiest() string {
	var free syscall.Statfs_t
	if os.Getenv("TMPDIR") == "" && syscall.Statfs(memory, &free) == nil && free.Bavail*uint64(free.Bsize) >= enough { //nolint:gosec // a block has a size above zero
		return memory
	}
	return os.TempDir()
}

// prepare gives the folder of a stopped cluster that was made of the texts,
// making it from another one (or from nothing) when there is none.
func prepare(ctx context.Context, root, prefix, from string, texts []string, fill func(context.Context, *localpg.Cluster) error) (string, error) {
	bin, err := localpg.Binaries(ctx)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(root, prefix+digest(append(texts, bin, format)))
	if _, err := os.Stat(folder); err == nil {
		return folder, os.Chtimes(folder, time.Time{}, time.Now()) //nolint:forbidigo // the wall clock: which was used last
	}
	making := folder + ".making"
	if err := os.RemoveAll(making); err != nil {
		return "", fmt.Errorf("clear a half-made cluster: %w", err)
	}
	if from != "" {
		if err := copyFolder(ctx, from, making); err != nil {
			return "", err
		}
	}
	c, err := localpg.Start(ctx, localpg.Options{Dir: making, Settings: settings})
	if err != nil {
		return "", err
	}
	if fill != nil {
		err = fill(ctx, c)
	}
	if err := errors.Join(err, c.Stop()); err != nil {
		return "", err
	}
	return folder, os.Rename(making, folder)
}

func digest(texts []string) string {
	sum := sha256.New()
	for _, text := range texts {
		_, _ = fmt.Fprintf(sum, "%d:%s", len(text), text) // a hash takes everything
	}
	return fmt.Sprintf("%x", sum.Sum(nil))[:16]
}

func migrated(ctx context.Context, c *localpg.Cluster) error {
	if err := c.EnsureDatabase(ctx, template); err != nil {
		return err
	}
	return postgres.Migrate(ctx, c.URL("sig_owner", template))
}

func migrationTexts() ([]string, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list the migrations: %w", err)
	}
	var texts []string
	for _, name := range names {
		body, err := fs.ReadFile(migrations.Files, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		texts = append(texts, name, string(body))
	}
	return texts, nil
}

// ownFolder makes the shared folder and refuses one that another user of the
// machine has put there.
func ownFolder(path string) error {
	if err := os.MkdirAll(path, 0o711); err != nil { //nolint:gosec // the server's account walks through it
		return fmt.Errorf("make %s: %w", path, err)
	}
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("look at %s: %w", path, err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !info.IsDir() || !ok || int(stat.Uid) != os.Getuid() {
		return fmt.Errorf("%s belongs to somebody else", path)
	}
	return nil
}

// lock lets one program at a time prepare and sweep.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(fmt.Errorf("take the lock: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil
}

// copyFolder copies with owners and modes; cp shares blocks where it can.
func copyFolder(ctx context.Context, from, to string) error {
	out, err := exec.CommandContext(ctx, "cp", "-Rp", from+"/.", to+"/").CombinedOutput() //nolint:gosec // our own folders
	if err != nil {
		return fmt.Errorf("copy the prepared cluster: %w: %s", err, out)
	}
	return os.Chmod(to, 0o711) //nolint:gosec // the server's account walks through it
}

// sweepRuns removes what a run left behind whose watcher was killed as well:
// nobody holds a folder that old.
func sweepRuns(ctx context.Context, root string) {
	_ = exec.CommandContext(ctx, "find", root, "-maxdepth", "1", "-name", "run-*", "-mmin", "+240",
		"-exec", "rm", "-rf", "{}", "+").Run() // the next run tries again
}

// sweep removes all but the newest prepared copies, whose migrations are gone.
func sweep(root, prefix string, keep int) {
	found, err := filepath.Glob(filepath.Join(root, prefix+"*"))
	if err != nil || len(found) <= keep {
		return
	}
	used := func(path string) time.Time {
		info, err := os.Stat(path)
		if err != nil {
			return time.Time{}
		}
		return info.ModTime()
	}
	slices.SortFunc(found, func(a, b string) int { return used(b).Compare(used(a)) })
	for _, old := range found[keep:] {
		_ = os.RemoveAll(old) // the next sweep tries again
	}
}
