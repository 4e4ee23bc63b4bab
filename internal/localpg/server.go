package localpg

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// initialise runs initdb where the folder holds no cluster yet. It works in a
// folder beside and renames, so that an initdb killed half-way leaves nothing
// that looks like a cluster.
func initialise(ctx context.Context, bin string, acc account, home, password string, durable bool) error {
	data := filepath.Join(home, "data")
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err == nil {
		return nil
	}
	making := filepath.Join(home, "making")
	if err := errors.Join(os.RemoveAll(making), os.RemoveAll(data)); err != nil {
		return fmt.Errorf("clear the data folder: %w", err)
	}
	if err := acc.own(making); err != nil {
		return err
	}
	secret := filepath.Join(home, "superuser")
	if err := acc.lend(secret, password+"\n"); err != nil {
		return err
	}
	defer func() { _ = os.Remove(secret) }()
	args := []string{
		"--pgdata", making, "--username", superuser, "--auth", "scram-sha-256", "--pwfile", secret,
		"--encoding", "UTF8", "--locale", "C.UTF-8",
	}
	if durable {
		args = append(args, "--data-checksums")
	} else {
		args = append(args, "--no-sync", "--wal-segsize", "4")
	}
	cmd := acc.command(ctx, filepath.Join(bin, "initdb"), args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := os.Rename(making, data); err != nil {
		return fmt.Errorf("put the new cluster in place: %w", err)
	}
	return nil
}

// launch starts the server on a free port, and tries another one when somebody
// else takes it in the moment between.
func (c *Cluster) launch(ctx context.Context, bin string, acc account, opts Options) error {
	data := filepath.Join(c.home, "data")
	if err := waitUntilUnused(ctx, filepath.Join(data, "postmaster.pid")); err != nil {
		return err
	}
	var err error
	for range 5 {
		if c.port, err = freePort(ctx); err != nil {
			return err
		}
		cmd := acc.command(context.WithoutCancel(ctx), filepath.Join(bin, "postgres"), serverArgs(data, c.port, opts)...)
		if c.server, err = startServer(cmd, c.home, opts); err != nil {
			return err
		}
		if err = c.server.awaitReady(ctx, filepath.Join(data, "postmaster.pid")); err == nil {
			return nil
		}
		if err = errors.Join(err, c.server.end("keep")); ctx.Err() != nil {
			break
		}
	}
	return err
}

func serverArgs(data string, port int, opts Options) []string {
	settings := map[string]string{
		"port": strconv.Itoa(port), "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
		"logging_collector": "off", "log_min_messages": "warning", "timezone": "UTC",
		"max_connections": "200", "shared_buffers": "128MB",
	}
	if !opts.Durable {
		for _, name := range []string{"fsync", "full_page_writes", "synchronous_commit"} {
			settings[name] = "off"
		}
		settings["shared_buffers"] = "32MB"
		settings["autovacuum_naptime"] = "1h"
	}
	for name, value := range opts.Settings {
		settings[name] = value
	}
	args := []string{"-D", data}
	for name, value := range settings {
		args = append(args, "-c", name+"="+value)
	}
	return args
}

func freePort(ctx context.Context) (int, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return 0, errors.New("find a free port: not a TCP address")
	}
	return addr.Port, nil
}
