package browsertest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// demo is the running product, as demo.json tells of it.
type demo struct {
	Address  string   `json:"address"`
	Replicas []string `json:"replicas"`
	Mail     string   `json:"mail"`
	Personas []struct {
		ID        string   `json:"id"`
		Name      string   `json:"name"`
		Issuer    string   `json:"issuer"`
		Functions []string `json:"functions"`
	} `json:"personas"`
	routes    []route
	sigportal string // the product's binary
	stop      func()
	data      string // the folder of its database and log
}

// route is one line of `sigportal routes`.
type route struct{ Method, Path, Level string }

// startDemo builds both programs and starts the demo with an empty city.
func startDemo() (*demo, error) {
	dir, err := os.MkdirTemp("", "sigportal-browser-")
	if err != nil {
		return nil, err
	}
	d, err := buildDemo(dir)
	if err != nil {
		_ = os.RemoveAll(dir)
	}
	return d, err
}

func buildDemo(dir string) (*demo, error) {
	// The database runs under an account of its own and must pass through.
	if err := os.Chmod(dir, 0o755); err != nil { // as the line above says
		return nil, err
	}
	out, err := exec.Command("go", "build", "-o", dir, "../../cmd/demo", "../../cmd/sigportal").CombinedOutput() //nolint:noctx // before any test
	if err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	d := &demo{sigportal: filepath.Join(dir, "sigportal")}
	list, err := exec.Command(d.sigportal, "routes").Output() //nolint:noctx // before any test
	if err != nil {
		return nil, fmt.Errorf("list the routes: %w", err)
	}
	if err := json.Unmarshal(list, &d.routes); err != nil {
		return nil, fmt.Errorf("read the routes: %w", err)
	}
	for range 5 {
		if err = d.run(dir); err == nil {
			return d, nil
		}
	}
	return nil, err
}

// run starts the demo on nine ports that are free now, and waits for its word.
func (d *demo) run(dir string) error {
	port, err := freePorts(9)
	if err != nil {
		return err
	}
	data := filepath.Join(dir, fmt.Sprint(port))
	cmd := exec.Command(filepath.Join(dir, "demo"), "-dir", data, "-port", fmt.Sprint(port)) // ended by stop
	var said strings.Builder
	cmd.Stderr = &said
	words, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_, _ = io.Copy(io.Discard, words)
		_ = cmd.Wait()
	}
	late := time.AfterFunc(3*time.Minute, func() { _ = cmd.Process.Signal(syscall.SIGTERM) })
	defer late.Stop()
	for lines := bufio.NewScanner(words); lines.Scan(); {
		if !strings.HasPrefix(lines.Text(), "ready") {
			continue
		}
		d.stop = func() { ended(); _ = os.RemoveAll(dir) }
		d.data = data
		text, err := os.ReadFile(filepath.Join(data, "demo.json")) // our own folder
		if err != nil {
			return err
		}
		return json.Unmarshal(text, d)
	}
	ended()
	return fmt.Errorf("the demo did not start: %s", said.String())
}

// complaints writes what the replicas have logged as errors.
func (d *demo) complaints(to io.Writer) {
	log, err := os.Open(filepath.Join(d.data, "replicas.log"))
	if err != nil {
		return
	}
	defer func() { _ = log.Close() }()
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if strings.Contains(lines.Text(), `"level":"ERROR"`) {
			_, _ = fmt.Fprintln(to, lines.Text())
		}
	}
}

// freePorts finds n ports in a row that nobody listens on.
func freePorts(n int) (int, error) {
	for range 50 {
		first, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
		if err != nil {
			return 0, err
		}
		port := first.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // as asked for
		held := []net.Listener{first}
		for len(held) < n {
			next, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+len(held))) //nolint:noctx // closed at once
			if err != nil {
				break
			}
			held = append(held, next)
		}
		for _, l := range held {
			_ = l.Close()
		}
		if len(held) == n {
			return port, nil
		}
	}
	return 0, fmt.Errorf("found no %d free ports in a row", n)
}

// issuer is the word of the provider at which somebody signs in.
func (d *demo) issuer(persona string) string {
	for _, p := range d.Personas {
		if p.ID == persona {
			return p.Issuer
		}
	}
	panic("nobody is called " + persona)
}
