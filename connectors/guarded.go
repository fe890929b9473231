package connectors

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"waybill/connectors/signature"
)

// Backlog knows whether more may wait behind the doors. It is asked at each request, so it answers at once.
type Backlog interface {
	// Full is why no more may, and after how long it makes sense to come again; "" while more may.
	Full() (why string, again time.Duration)
}

// guarded is a door that asks for the party's token. Those who send here have what they send at hand, and can send it later: while too
// much waits behind the doors they are told to. A marketplace gives up on a webhook after a while, so its door is none of these.
type guarded struct {
	door

	// Backlog is what waits behind the door; nil: nobody looks. Set before the first request.
	Backlog Backlog

	// OpenWithoutToken lets everybody in at a party that has no token: for a door that only this machine can reach. Set before the
	// first request.
	OpenWithoutToken bool
}

// authorize lets in who shows a token of the party. Where none is set, nobody is, unless the door was told to stand open.
func (g *guarded) authorize(v *visit) error {
	tokens := v.party.secrets(SettingToken)
	if len(tokens) == 0 {
		if g.OpenWithoutToken {
			return nil
		}
		return unauthorized(outcomeNoSecret, fmt.Sprintf(
			"this door takes what shows the party's token, and none is set: set parties.%s.settings.token_file, or the token itself in the environment", v.party.Name))
	}
	switch err := signature.Bearer(v.r.Header, tokens); {
	case err == nil:
		return nil
	case errors.Is(err, signature.ErrMissing):
		return unauthorized(outcomeNoToken, "show the party's token: Authorization: Bearer …")
	}
	return unauthorized(outcomeWrongToken, "that is not the party's token")
}

// enter lets in who may come in, now.
func (g *guarded) enter(v *visit) error {
	if err := g.authorize(v); err != nil || g.Backlog == nil {
		return err
	}
	why, again := g.Backlog.Full()
	if why == "" {
		return nil
	}
	g.metrics.refused.WithLabelValues(g.name, v.party.Name).Inc()
	return refuse(http.StatusTooManyRequests, outcomeFull, why+". Send this again after the seconds in Retry-After; webhooks are taken meanwhile").after(again)
}

func unauthorized(outcome, reason string) error {
	a := refuse(http.StatusUnauthorized, outcome, reason)
	a.scheme = "Bearer"
	return a
}
