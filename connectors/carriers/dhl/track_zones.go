package dhl

import (
	"time"

	"waybill/connectors/scans"
)

// unifiedZones are those in which a service tells times without an offset: its country's. The API mixes "2019-08-30T08:59:00" with
// "…Z"; the example of its specification writes one instant of express both ways, so the others are UTC.
var unifiedZones = map[string]*time.Location{
	"parcel-de": scans.Zone("Europe/Berlin"), "post-de": scans.Zone("Europe/Berlin"), "svb": scans.Zone("Europe/Berlin"),
	"parcel-nl": scans.Zone("Europe/Amsterdam"), "parcel-pl": scans.Zone("Europe/Warsaw"), "parcel-uk": scans.Zone("Europe/London"),
	"ecommerce-ppl": scans.Zone("Europe/Prague"),
}

func unifiedClock(service string) scans.Clock {
	zone := unifiedZones[service]
	if zone == nil {
		zone = time.UTC
	}
	return scans.Clock{Zone: zone, Layouts: scans.ISO}
}
