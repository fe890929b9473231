package connectors

import (
	"errors"
	"fmt"
	"net/http"

	"waybill/connectors/signature"
)

// guarded is a door that asks for the party's token.
type guarded struct {
	door

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

func unauthorized(outcome, reason string) error {
	a := refuse(http.StatusUnauthorized, outcome, reason)
	a.scheme = "Bearer"
	return a
}
