package sample

import (
	"bytes"
	"context"
	_ "embed" // the directory file
	"fmt"

	"sigportal/internal/directory"
	"sigportal/internal/postgres"
)

//go:embed city.yaml
var cityYAML []byte

// File is the directory file of the city, read and checked.
func File() (*directory.File, error) {
	f, err := directory.Read("city.yaml", bytes.NewReader(cityYAML))
	if err != nil {
		return nil, fmt.Errorf("read the invented city: %w", err)
	}
	return f, nil
}

// FileText is the file as it is written, for those who change it and import it
// again.
func FileText() []byte { return bytes.Clone(cityYAML) }

// City imports the city's directory under the owner's role. Importing it again
// changes nothing.
func City(ctx context.Context, owner *postgres.DB) error {
	file, err := File()
	if err != nil {
		return err
	}
	if _, err := directory.Import(ctx, owner, file, "sample"); err != nil {
		return fmt.Errorf("import the invented city: %w", err)
	}
	return nil
}
