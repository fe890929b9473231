package scans

import (
	"regexp"
	"strings"

	"waybill/schemas"
)

// hints are the words by which carriers say what hinders a parcel, the most certain first: a damaged one goes back to its sender too.
var hints = []struct {
	trouble string
	words   *regexp.Regexp
}{
	{schemas.TroubleDamaged, regexp.MustCompile(`(?i)damage|beschädig`)},
	{schemas.TroubleLost, regexp.MustCompile(`(?i)\blost\b|reported missing|^missing$|not be found|looking for|dead letter|destroy|dispos|seized|abandoned|verloren`)},
	{schemas.TroubleRefused, regexp.MustCompile(`(?i)refus|reject|cod not ready|no cash|funds required|annahme verweigert`)},
	{schemas.TroubleAttempt, regexp.MustCompile(`(?i)re-?delivery`)},
	{schemas.TroubleReturning, regexp.MustCompile(`(?i)return|to[ _](the[ _])?(sender|shipper)|goes back|rücksendung`)},
	{schemas.TroubleNotCollected, regexp.MustCompile(`(?i)not collected|unclaimed|expired|deadline for collecting|no pickup by consignee`)},
	{schemas.TroubleCustoms, regexp.MustCompile(`(?i)customs|clearance|duties|zoll`)},
	{schemas.TroubleAddress, regexp.MustCompile(`(?i)address|unknown|moved|vacant|no such number|incorrect delivery details|does not live|no mailbox|deceased|adresse|unbekannt`)},
	{schemas.TroubleLate, regexp.MustCompile(`(?i)delay|weather|backlog|holiday|strike|force majeure|rescheduled|date changed|missed delivery|verspät|verzöger`)},
}

// trouble is what hinders a parcel that stands so, as far as its carrier's words say it. Where they do not, an exception is held, and what was
// not delivered an attempt.
func trouble(status string, words ...string) string {
	if status != schemas.ParcelException && status != schemas.ParcelFailedAttempt {
		return ""
	}
	for _, said := range words {
		for i := range hints {
			if hints[i].words.MatchString(said) && !strings.Contains(said, "e.g.") { // it may be anything
				return hints[i].trouble
			}
		}
	}
	if status == schemas.ParcelException {
		return schemas.TroubleHeld
	}
	return schemas.TroubleAttempt
}
