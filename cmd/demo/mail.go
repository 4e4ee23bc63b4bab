package main

import (
	"context"
	"io"
	"log/slog"

	"sigportal/internal/mailcatch"
	"sigportal/internal/obs"
)

// startMail catches every mail that the portal sends and shows it on a page.
func startMail(ctx context.Context, at places, log io.Writer) (*mailcatch.Catcher, error) {
	return mailcatch.Start(ctx, at.smtp(), at.mailPage(), obs.Logger(log, slog.LevelInfo))
}
