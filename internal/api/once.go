package api

import (
	"context"
	"crypto/sha256"
	"fmt"
	"regexp"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"sigportal/internal/fault"
	"sigportal/internal/sig"
)

// keyHeader carries the key of every request that writes. It is the field of
// the IETF's draft; its value is taken without the quotes that the draft wants.
const keyHeader = "Idempotency-Key"

var keyForm = regexp.MustCompile(`^[!-~]{8,64}$`)

// keyParam describes the header, the same for every operation that writes.
func keyParam() *huma.Param {
	least, most := 8, 64
	return &huma.Param{
		Name: keyHeader, In: "header", Required: true,
		Description: "Drawn by the client for this act, such as a random UUID. The same request under the same key is answered " +
			"as it stands now and changes nothing more; another request under it is refused. Keys are kept for 30 days. " +
			"A request that was refused has not used its key.",
		Schema: &huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &most, Pattern: keyForm.String()},
	}
}

// actOf reads a writing request's key, and what it says byte for byte, under
// which hat.
func actOf(c *fiber.Ctx, actor sig.Actor) (*sig.Act, error) {
	key := c.Get(keyHeader)
	if !keyForm.MatchString(key) {
		var check fault.Check
		check.Fail(keyHeader, "error.bad_key")
		return nil, check.Err()
	}
	said := sha256.New()
	_, _ = fmt.Fprintf(said, "%s\n%s\n%s %s %s\n", c.Method(), c.Path(), actor.Assignment, actor.Guardian, actor.Youth) // a hash takes everything
	_, _ = said.Write(c.Body())
	return &sig.Act{Key: key, Said: [32]byte(said.Sum(nil))}, nil
}

// once does what was asked, or answers a repeat. Two requests under one key at
// the same time: the second waits for the first in the database, fails there,
// and is then a repeat.
func once[I, O any](ctx context.Context, a *API, who *caller, in *I, do, again func(context.Context, *caller, *I) (O, error)) (O, error) {
	if who.actor.Act == nil {
		return do(ctx, who, in)
	}
	done, failed := a.deps.Casework.Acted(ctx, who.actor)
	var out O
	if !done && failed == nil {
		if out, failed = do(ctx, who, in); failed == nil {
			return out, nil
		}
		var err error
		if done, err = a.deps.Casework.Acted(ctx, who.actor); fault.KindOf(err) == fault.Conflict {
			failed = err
		}
	}
	if !done {
		return out, failed
	}
	who.actor.Act = nil // what follows is no act
	return again(ctx, who, in)
}
