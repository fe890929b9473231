package carriers

import (
	"waybill/connectors/carriers/dhl"
	"waybill/connectors/carriers/dpd"
	"waybill/connectors/carriers/inpost"
	"waybill/connectors/carriers/ups"
	"waybill/connectors/scans"
)

// Push is how a carrier's push comes in.
type Push = scans.Push

// pushes is the catalogue of those carriers that say by themselves how parcels stand. GLS does not.
var pushes = map[string]Push{"dhl": dhl.Push, "dpd": dpd.Push, "inpost": inpost.Push, "ups": ups.Push}

// PushOf is how a carrier pushes, if it does.
func PushOf(carrier string) (Push, bool) {
	push, does := pushes[carrier]
	return push, does
}
