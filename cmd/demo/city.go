package main

import (
	"context"
	"fmt"

	"sigportal/internal/localpg"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
	"sigportal/internal/seal"
)

// fillCity imports the invented city and plays its cases. A database that has
// them already stays as it is.
func fillCity(ctx context.Context, cluster *localpg.Cluster, keys secrets) error {
	owner, err := postgres.Open(ctx, cluster.URL("sig_owner", databaseName), 2)
	if err != nil {
		return err
	}
	defer owner.Close()
	if err := sample.City(ctx, owner); err != nil {
		return err
	}
	app, err := postgres.Open(ctx, cluster.URL("sig_app", databaseName), 4)
	if err != nil {
		return err
	}
	defer app.Close()
	sealer, err := keys.sealer()
	if err != nil {
		return err
	}
	if err := sample.NewTown(app, sealer).Fill(ctx); err != nil {
		return fmt.Errorf("fill the city: %w", err)
	}
	return nil
}

// sealer is the one that the replicas will have.
func (s secrets) sealer() (*seal.Sealer, error) {
	lookup, err := seal.ReadKey(s.Lookup)
	if err != nil {
		return nil, fmt.Errorf("read the lookup key: %w", err)
	}
	kek, err := seal.ReadKey(s.KEK)
	if err != nil {
		return nil, fmt.Errorf("read the key-encryption key: %w", err)
	}
	return seal.New(lookup, kek)
}
