package main

import (
	"context"
	"io"
	"log/slog"

	"sigportal/internal/mailcatch"
	"sigportal/internal/obs"
)

// startMail catches every mail that the portal sends and shows it on a page, whose
// buttons answer calls to meetings as a calendar program does.
func startMail(ctx context.Context, at places, log io.Writer) (*mailcatch.Catcher, error) {
	catcher, err := mailcatch.Start(ctx, at.smtp(), at.mailPage(), obs.Logger(log, slog.LevelInfo))
	if err != nil {
		return nil, err
	}
	catcher.AnswerTo(at.replies(0))
	return catcher, nil
}
