package carriers

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"waybill/connectors/carriers/dhl"
	"waybill/connectors/carriers/dhlexpress"
	"waybill/connectors/carriers/dpd"
	"waybill/connectors/carriers/fedex"
	"waybill/connectors/carriers/gls"
	"waybill/connectors/carriers/inpost"
	"waybill/connectors/carriers/packeta"
	"waybill/connectors/carriers/ups"
	"waybill/schemas"
)

// Tracker reads an answer or a push of a carrier, whatever its kind. asked is the parcel that was asked for, "" if none was: there are
// answers that do not name it. What can not be read is schemas.Faults, beside what could.
type Tracker func(said []byte, asked string) (schemas.Tracked, error)

// trackers is the catalogue of those whose words on parcels are understood.
var trackers = map[string]Tracker{
	"dhl": dhl.Track, "dhl-express": dhlexpress.Track, "dpd": dpd.Track, "fedex": fedex.Track, "gls": gls.Track, "inpost": inpost.Track,
	"packeta": packeta.Track, "ups": ups.Track,
}

// alsoCalled are names of one of their services, and other names.
var alsoCalled = map[string]string{
	"dhl-de": "dhl", "dhl-parcel-de": "dhl", "dhl-unified": "dhl", "dhl-unified-tracking": "dhl", "dhl-unified-push": "dhl",
	"mydhl": "dhl-express", "dhl-express-mydhl": "dhl-express", "dhl-express-xmlpi": "dhl-express",
	"dpd-de": "dpd", "dpd-pl": "dpd", "dpd-push": "dpd", "gls-group": "gls", "inpost-pl": "inpost", "inpost-shipx": "inpost", "inpost-group": "inpost",
	"zasilkovna": "packeta",
}

// reopening are the statuses that say that a parcel is at its end, and that a carrier is known to take back: a returned parcel of
// InPost has but set off, according to the text of its code; one that DHL said to be returned, in the Netherlands, goes on for days.
var reopening = map[string][]string{
	"inpost": {schemas.ParcelReturned},
	"dhl":    {schemas.ParcelReturned},
}

// Trackers are the carriers that are understood.
func Trackers() []string { return slices.Sorted(maps.Keys(trackers)) }

// TrackerOf is that of a carrier, by its name or one of its services'.
func TrackerOf(carrier string) (Tracker, error) {
	name := strings.ToLower(carrier)
	if one, is := alsoCalled[name]; is {
		name = one
	}
	if tracker, known := trackers[name]; known {
		return tracker, nil
	}
	return nil, fmt.Errorf("carrier %q: nobody understands what it says of parcels; there are: %s", carrier, strings.Join(Trackers(), ", "))
}

// Reopens says that a carrier goes on with a parcel that it said was at its end, so that what it says later counts.
func Reopens(carrier, status string) bool { return slices.Contains(reopening[carrier], status) }
