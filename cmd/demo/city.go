package main

import (
	"context"

	"sigportal/internal/localpg"
	"sigportal/internal/postgres"
	"sigportal/internal/sample"
)

// fillCity imports the invented city. A database that has it already stays as
// it is.
func fillCity(ctx context.Context, cluster *localpg.Cluster, _ secrets) error {
	owner, err := postgres.Open(ctx, cluster.URL("sig_owner", databaseName), 2)
	if err != nil {
		return err
	}
	defer owner.Close()
	return sample.City(ctx, owner)
}
