package main

import (
	"fmt"
	"path/filepath"
)

// places are the addresses and files of one demo. The ports follow from the
// first, because issuer names contain theirs and must stay between runs.
type places struct {
	dir  string
	port int
}

func newPlaces(dir string, port int) places { return places{dir: dir, port: port} }

func (p places) database() string { return filepath.Join(p.dir, "postgresql") }
func (p places) secrets() string  { return filepath.Join(p.dir, "secrets.json") }
func (p places) about() string    { return filepath.Join(p.dir, "demo.json") }

// unfinished is a file that is there while the city is being filled.
func (p places) unfinished() string { return filepath.Join(p.dir, "unfinished") }

func (p places) address() string { return origin(p.port) }
func (p places) replica(n int) string {
	return origin(p.port + 1 + n)
}

func (p places) identityPort() int { return p.port + 3 }
func (p places) clockAddress() string {
	return fmt.Sprintf("127.0.0.1:%d", p.port+4)
}
func (p places) mailPage() string { return fmt.Sprintf("127.0.0.1:%d", p.port+5) }
func (p places) smtp() string     { return fmt.Sprintf("127.0.0.1:%d", p.port+6) }

// replies is where one replica takes the answers of calendar programs.
func (p places) replies(n int) string { return fmt.Sprintf("127.0.0.1:%d", p.port+7+n) }

func origin(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }

// replicas is how many portals stand behind the one address.
const replicas = 2
