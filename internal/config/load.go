package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

const (
	prefix     = "SIG_"
	fileSuffix = "_FILE"
)

// Variable describes one variable, for README's table and the tests that hold
// it to the code.
type Variable struct {
	Name     string
	Default  string
	Help     string
	Required bool
	Secret   bool
}

// Variables lists every variable that some command reads.
func Variables() []Variable {
	var all []Variable
	for _, t := range []reflect.Type{reflect.TypeFor[Serve](), reflect.TypeFor[Migrate]()} {
		for i := range t.NumField() {
			tag := t.Field(i).Tag
			name, options, _ := strings.Cut(tag.Get("env"), ",")
			kind := t.Field(i).Type
			all = append(all, Variable{
				Name: name, Default: tag.Get("envDefault"), Help: tag.Get("help"),
				Required: strings.Contains(options, "required"),
				Secret:   kind == reflect.TypeFor[Secret]() || kind == reflect.TypeFor[[]Secret](),
			})
		}
	}
	return all
}

// load fills a struct from an environment, after putting the content of the
// files that _FILE variables name in the place of the secrets themselves.
func load(environ []string, into any) error {
	given, err := resolve(environ)
	if err != nil {
		return err
	}
	if err := env.ParseWithOptions(into, env.Options{Environment: given}); err != nil {
		return fmt.Errorf("read the environment: %w", err)
	}
	return nil
}

func resolve(environ []string) (map[string]string, error) {
	known := Variables()
	given := map[string]string{}
	var errs []error
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		base, fromFile := strings.CutSuffix(name, fileSuffix)
		at := slices.IndexFunc(known, func(v Variable) bool { return v.Name == base })
		if at < 0 || fromFile && !known[at].Secret {
			errs = append(errs, fmt.Errorf("%s: no such variable", name))
			continue
		}
		if fromFile {
			content, err := os.ReadFile(value)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", name, err))
				continue
			}
			value = strings.TrimRight(string(content), "\r\n")
		}
		if _, twice := given[base]; twice {
			errs = append(errs, fmt.Errorf("%s: given both as itself and as a file", base))
		}
		given[base] = value
	}
	return given, errors.Join(errs...)
}
