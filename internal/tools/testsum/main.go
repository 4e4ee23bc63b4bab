// Command testsum reads what `go test -json ./...` prints, shows the output of
// whatever failed, and ends with the one line that people and machines look
// for: how many tests passed and how many failed. A skipped test is a failed
// one: a test that does not run proves nothing, and nobody notices.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() { os.Exit(run(os.Stdin, os.Stdout)) }

// event is one line of `go test -json`.
type event struct {
	Action     string
	Package    string
	ImportPath string // of a build that failed
	Test       string
	Output     string
	Elapsed    float64
}

type summary struct {
	out            io.Writer
	output         map[string][]string // of tests that run, by package and test
	passed, failed int
	failedIn       map[string]bool // packages with a failed test
}

func run(in io.Reader, out io.Writer) int {
	s := &summary{out: out, output: map[string][]string{}, failedIn: map[string]bool{}}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			s.print(lines.Text() + "\n") // what the go command itself has to say
			continue
		}
		s.take(e)
	}
	if err := lines.Err(); err != nil {
		s.print(fmt.Sprintf("the output of go test could not be read: %v\n", err))
		s.failed++
	}
	if s.passed+s.failed == 0 {
		s.print("no test has run\n")
		s.failed++
	}
	s.print(fmt.Sprintf("%d passed, %d failed\n", s.passed, s.failed))
	if s.failed > 0 {
		return 1
	}
	return 0
}

func (s *summary) take(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output":
		s.output[key] = append(s.output[key], e.Output)
	case "build-output":
		s.print(e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.endPackage(e, key)
		} else {
			s.endTest(e, key)
		}
		delete(s.output, key)
	default: // run, pause, cont, start, bench, attr and build-fail say nothing that is counted
	}
}

func (s *summary) endTest(e event, key string) {
	if e.Action == "pass" {
		s.passed++
		return
	}
	s.failed++
	s.failedIn[e.Package] = true
	if e.Action == "skip" {
		s.print(fmt.Sprintf("SKIPPED, which counts as failed: %s\n", key))
	}
	s.print(strings.Join(s.output[key], ""))
}

// endPackage prints one line for each package. One that fails without a failed
// test did not build, timed out, or ended while tests ran: that is one failure.
func (s *summary) endPackage(e event, key string) {
	switch e.Action {
	case "skip":
		return // no test files
	case "pass":
		s.print(fmt.Sprintf("ok    %-32s %6.1fs\n", e.Package, e.Elapsed))
	case "fail":
		if !s.failedIn[e.Package] {
			s.failed++
			s.orphans(e.Package)
			s.print(strings.Join(s.output[key], ""))
		}
		s.print(fmt.Sprintf("FAIL  %-32s %6.1fs\n", e.Package, e.Elapsed))
	}
}

// orphans prints what tests had said that never ended.
func (s *summary) orphans(pkg string) {
	for key, lines := range s.output {
		if name, test, _ := strings.Cut(key, " "); name == pkg && test != "" {
			s.print("never ended: " + key + "\n" + strings.Join(lines, ""))
		}
	}
}

func (s *summary) print(text string) { _, _ = io.WriteString(s.out, text) }
