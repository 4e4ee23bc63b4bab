package localpg

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is whom the server programs run as. PostgreSQL refuses to run as
// root, so root lends it another account; everybody else runs it as themselves.
type account struct {
	drop     bool
	uid, gid int
}

func serverAccount() (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil && uid != 0 {
			return account{drop: true, uid: uid, gid: gid}, nil
		}
	}
	return account{}, errors.New("PostgreSQL cannot run as root, and neither of the accounts postgres and nobody exists")
}

// command prepares a server program to run under the account, in a process
// group of its own: Ctrl-C at the terminal must reach the portal first, and
// the database only when the portal has let go of it.
func (a account) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH"), "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if a.drop {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)} //nolint:gosec // ids of an existing account
	}
	return cmd
}

// own makes a folder that belongs to the account and that nobody else enters.
func (a account) own(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make %s: %w", folder, err)
	}
	if a.drop {
		if err := os.Chown(folder, a.uid, a.gid); err != nil {
			return fmt.Errorf("give %s to the server's account: %w", folder, err)
		}
	}
	return nil
}

// lend writes a file that only the account can read.
func (a account) lend(path, content string) error {
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if a.drop {
		if err := os.Chown(path, a.uid, a.gid); err != nil {
			return fmt.Errorf("give %s to the server's account: %w", path, err)
		}
	}
	return nil
}

// home is the folder where the cluster really lies. It is the wanted one,
// unless root has lent an account that cannot walk there (a checkout under
// /root): then it is a folder of the same name's hash under /var/lib, which
// only root can write to.
func (a account) home(ctx context.Context, wanted string) (string, error) {
	wanted, err := filepath.Abs(wanted)
	if err != nil {
		return "", fmt.Errorf("find the data folder: %w", err)
	}
	if err := makePassable(wanted); err != nil {
		return "", err
	}
	if !a.drop || a.command(ctx, "/usr/bin/test", "-x", wanted).Run() == nil {
		return wanted, nil
	}
	home := filepath.Join(elsewhere, fmt.Sprintf("%x", sha256.Sum256([]byte(wanted)))[:16])
	return home, makePassable(home)
}

const elsewhere = "/var/lib/sigportal-local"

// makePassable makes a folder that the account may walk through, not list.
func makePassable(folder string) error {
	if err := os.MkdirAll(folder, 0o711); err != nil { //nolint:gosec // the passwords in it are 0600, the data 0700
		return fmt.Errorf("make the data folder: %w", err)
	}
	return nil
}
