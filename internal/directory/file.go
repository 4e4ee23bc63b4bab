package directory

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"

	"sigportal/internal/sig"
)

// File is a directory file that is in order by itself: nothing dangles,
// nothing stands twice. Whether it fits what is already in the directory is
// Compare's question. A file is the whole truth about the authorities in it
// and says nothing about others, so that each may keep a file of its own.
type File struct {
	Name      string
	Hash      [sha256.Size]byte
	Directory sig.Directory
	lines     map[string]int // where each thing stands, by label
	vacancies []Vacancy
}

// Vacancy is a function that stays in its unit though nobody sits in it from an
// instant on.
type Vacancy struct {
	Function sig.Function
	Unit     sig.UnitID
	At       time.Time
}

const maxFile = 8 << 20

// Read reads and checks a directory file; name is what problems call it. The
// error is Problems when the file can be read and something in it is wrong.
func Read(name string, from io.Reader) (*File, error) {
	text, err := io.ReadAll(io.LimitReader(from, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the directory file: %w", err)
	}
	if len(text) > maxFile {
		return nil, fmt.Errorf("the directory file is larger than %d bytes", maxFile)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document yaml.Node
	if err := decoder.Decode(&document); err != nil {
		return nil, fmt.Errorf("%s is not YAML: %w", name, err)
	}
	p := &parser{
		reader: reader{file: name},
		out:    &File{Name: name, Hash: sha256.Sum256(text), lines: map[string]int{}},
	}
	if err := decoder.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		p.fail(&document, "the file holds more than one document")
		return nil, p.problems.err()
	}
	if p.refuseAliases(&document); len(p.problems) > 0 {
		return nil, p.problems.err()
	}
	p.top(document.Content[0])
	p.check()
	return p.out, p.problems.err()
}

// line is where a thing stands in the file, or the first line.
func (f *File) line(label string) int { return max(f.lines[label], 1) }

// refuseAliases keeps anchors out: a change in one place must not change an
// office in another.
func (r *reader) refuseAliases(n *yaml.Node) {
	if n.Kind == yaml.AliasNode || n.Anchor != "" {
		r.fail(n, "anchors and aliases are not used in a directory file")
	}
	for _, c := range n.Content {
		r.refuseAliases(c)
	}
}
