package processors

import (
	"cmp"
	"fmt"
	"strconv"
	"time"
)

// The settings of a party about the acceptance of its orders.
const (
	SettingAccept       = "accept"
	SettingAcceptWithin = "accept_within_minutes"
	SettingAcceptInNeed = "accept_in_need"

	SettingERPCancelReason = "erp_cancel_reason"
)

// What bounds the time within which an order is to be accepted.
const (
	acceptWithin           = "60"
	acceptWithinMinutesMax = 14 * 24 * 60
)

// NewAcceptance reads what was settled for a party: by itself, within an hour, and in time though the ERP is down.
func NewAcceptance(settings map[string]string) (a Acceptance, err error) {
	minutes, err := strconv.Atoi(cmp.Or(settings[SettingAcceptWithin], acceptWithin))
	if err != nil || minutes < 1 || minutes > acceptWithinMinutesMax {
		return a, fmt.Errorf("setting %s is %q, must be from 1 to %d", SettingAcceptWithin, settings[SettingAcceptWithin], acceptWithinMinutesMax)
	}
	a.Within = time.Duration(minutes) * time.Minute
	if a.Manual, err = isOne(settings, SettingAccept, "automatic", "manual"); err != nil {
		return a, err
	}
	held, err := isOne(settings, SettingAcceptInNeed, "provisional", "hold")
	a.Provisional, a.ERPCancelReason = !held, settings[SettingERPCancelReason]
	return a, err
}

// isOne tells whether a setting is the second of the two words that it may be; the first is what it is if nothing is said.
func isOne(settings map[string]string, name, usual, other string) (bool, error) {
	switch settings[name] {
	case "", usual:
		return false, nil
	case other:
		return true, nil
	}
	return false, fmt.Errorf("setting %s is %q, must be %s or %s", name, settings[name], usual, other)
}
