package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/connectors/marketplaces"
	"waybill/connectors/remote"
	"waybill/internal/config"
)

// accountSecondsMax bounds how long a channel may take for a question.
const accountSecondsMax = 10

// accountAnswers asks a channel what only the seller is answered.
func accountAnswers(ctx context.Context, c *config.Config, name string) finding {
	party := c.Parties[name]
	account, _, err := marketplaces.OpenAccount(party.Channel, party.Settings)
	if err != nil {
		return judge(name, fmt.Errorf("party %s: %w", name, err), "", "give what its channel asks for, or leave its api_url away")
	}
	ctx, cancel := context.WithTimeout(ctx, accountSecondsMax*time.Second)
	defer cancel()
	err = account.Ping(ctx)
	var f *remote.Failure
	detail := fmt.Sprintf("%s at %s", party.Channel, party.Settings[marketplaces.SettingURL])
	switch {
	case err == nil:
		return judge(name, nil, detail+" answers", "")
	case errors.As(err, &f) && f.Class == remote.Authentication:
		return judge(name, fmt.Errorf("%s refuses our credentials: %s", detail, f.Reason), "",
			fmt.Sprintf("set parties.%s.settings.%s_file", name, marketplaces.SettingSecret))
	case errors.As(err, &f):
		return judge(name, fmt.Errorf("%s: %s", detail, f.Reason), "", "look there; what is to be asked waits until it answers")
	}
	return judge(name, fmt.Errorf("%s: %w", detail, err), "", "")
}
