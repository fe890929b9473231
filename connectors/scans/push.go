package scans

import (
	"net/netip"

	"waybill/connectors/signature"
)

// The settings of an account that prove a push.
const (
	SettingPushSecret = "push_secret" // that the carrier shows, or signs with
	SettingPushHeader = "push_header" // in which it shows that, where the header is ours to name
	SettingPushFrom   = "push_from"   // networks that pushes come from, where nothing else tells
)

// Push is how a carrier's push comes in, and what the carrier wants to hear.
type Push struct {
	Method string // by which it comes; of a GET the query is all it says
	SetUp  bool   // by a GET it asks, when it is set up, whether somebody listens

	// Check says what is wrong with the settings of an account; nil: nothing can be.
	Check func(settings map[string]string) error
	// Prove says whether it is certain that the carrier sent it, and the carrier's own name of the push. With an error, one of those of
	// signature, it is turned away.
	Prove func(d *signature.Delivery, from netip.Addr, settings map[string]string) (proven bool, id string, err error)
	// Said is what is kept of it, without a secret; nil: its body.
	Said func(d *signature.Delivery) []byte
	// Answer is what the carrier wants to hear when it is stored; nil: a success without a body.
	Answer func(said []byte) (contentType string, body []byte)
}
