package marketplaces_test

import (
	"testing"

	"waybill/connectors/marketplaces"
	"waybill/schemas"
)

// Of each status and each channel it is said what is sent, or why nothing is (item 116). Only a channel that is called is sent anything.
func TestEachStatusHasItsWordAtEachChannelOrAReasonForNone(t *testing.T) {
	for _, channel := range marketplaces.Channels() {
		words := marketplaces.Words(channel)
		for _, status := range schemas.ParcelStatuses {
			word, is := words[status]
			switch status {
			case schemas.ParcelIgnored, schemas.ParcelUnknown:
				if is {
					t.Errorf("%s is told of %s, which says nothing", channel, status)
				}
			default:
				if !is || (word.Send == "") == (word.Why == "") {
					t.Errorf("%s, %s: %+v", channel, status, word)
				}
			}
		}
		if len(words) != len(schemas.ParcelStatuses)-2 {
			t.Errorf("%s has words for %d statuses", channel, len(words))
		}
	}
}
