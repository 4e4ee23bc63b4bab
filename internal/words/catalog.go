package words

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sync"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"go.yaml.in/yaml/v3"
	"golang.org/x/text/language"
)

//go:embed messages
var files embed.FS

// catalog is one language's texts. Each language has a bundle of its own, so
// that the library's tag matching never has anything to choose between.
type catalog struct {
	texts   map[string]template      // the form used without a count
	plurals map[string]*i18n.Message // only keys with plural forms
	areas   map[string]string        // key → area, which is the file's name
	plural  *i18n.Localizer
}

// catalogs reads the compiled-in files once. A fault in them is a fault of the
// build, found by this package's tests, and so it stops the program.
var catalogs = sync.OnceValue(func() map[string]*catalog {
	all := map[string]*catalog{}
	for _, l := range table {
		c, err := load(files, l.tag, cmp.Or(l.rules, l.tag))
		if err != nil {
			panic(err)
		}
		all[l.tag] = c
	}
	return all
})

// load reads a language's texts. Its plural forms are those of the language
// rules: the library knows Dari only as the Persian of Afghanistan.
func load(from fs.FS, tag, rules string) (*catalog, error) {
	names, err := fs.Glob(from, "messages/"+tag+"/*.yaml")
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("find messages of %s: %w", tag, err)
	}
	lang := language.MustParse(rules)
	bundle := i18n.NewBundle(lang)
	c := &catalog{
		texts: map[string]template{}, plurals: map[string]*i18n.Message{},
		areas: map[string]string{}, plural: i18n.NewLocalizer(bundle, rules),
	}
	for _, name := range names {
		buf, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		messages, err := bundle.ParseMessageBytes(lang, buf, yaml.Unmarshal)
		if err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		for _, m := range messages {
			if before, twice := c.areas[m.ID]; twice {
				return nil, fmt.Errorf("%s: %s already stands in %s", name, m.ID, before)
			}
			c.areas[m.ID] = name
			c.texts[m.ID] = parse(m.Other)
			if isPlural(m) {
				c.plurals[m.ID] = m
			}
		}
	}
	return c, nil
}

// isPlural reports whether a message has a form that depends on a count.
func isPlural(m *i18n.Message) bool {
	return m.Zero != "" || m.One != "" || m.Two != "" || m.Few != "" || m.Many != ""
}

// area is the name of the file that a key stands in, without folder and ending.
func (c *catalog) area(key string) string {
	name := path.Base(c.areas[key])
	return name[:len(name)-len(path.Ext(name))]
}
