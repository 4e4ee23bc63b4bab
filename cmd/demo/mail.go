package main

import "io"

type nothing struct{}

func (nothing) Close() error { return nil }

func startMail(places) (io.Closer, error) { return nothing{}, nil }
