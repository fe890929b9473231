package connectors

import (
	"fmt"
	"net/url"

	"waybill/connectors/signature"
)

// What a party's settings say to the doors.
const (
	SettingToken         = "token"          // who shows it may feed orders and send them to the order API
	SettingWebhookSecret = "webhook_secret" // with which the channel signs its webhooks
	SettingWebhookAuth   = "webhook_auth"   // how a webhook proves where it is from: WebhookSigned or WebhookToken
	SettingCallbackURL   = "callback_url"   // by which the channel knows the webhook door; none: as the request says
)

// SuffixOld behind the name of a secret is the one that it replaces: both are good while they are exchanged.
const SuffixOld = signature.SuffixOld

// The values of SettingWebhookAuth.
const (
	WebhookSigned = "signature" // with a signature made with the secret: what holds if nothing is said
	WebhookToken  = "token"     // by showing the secret itself, for a relay that can not sign
)

// secrets are those of that name which the party has.
func (p *Party) secrets(name string) []string { return signature.Secrets(p.Settings, name) }

// checkWebhooks says what is wrong with the settings that the webhook door reads.
func (p *Party) checkWebhooks() error {
	switch auth := p.Settings[SettingWebhookAuth]; auth {
	case "", WebhookSigned, WebhookToken:
	default:
		return fmt.Errorf("party %s: %s is %q: write %s or %s", p.Name, SettingWebhookAuth, auth, WebhookSigned, WebhookToken)
	}
	if address := p.Settings[SettingCallbackURL]; address != "" {
		if u, err := url.Parse(address); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
			return fmt.Errorf("party %s: %s is no http(s) address: write the one that the channel calls", p.Name, SettingCallbackURL)
		}
	}
	return nil
}
