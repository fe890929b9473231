package topics

import (
	"fmt"

	"waybill/schemas"
)

// TrackingRaw is what carriers said of parcels, byte for byte. It is keyed as the link of a tracking number in id.map is, and lies on as many
// partitions, so that all of a parcel is in one place.
var TrackingRaw = &Topic{
	Name:         "tracking.raw",
	Doc:          "what a carrier said of a parcel, byte for byte, by a push or when it was asked",
	Schema:       schemas.RawTrackingSchema,
	Key:          "party/tracking/number",
	Retention:    400 * day,
	MessageBytes: 6 * mib,
	Lands:        true,
	Line: func(value any) Line {
		raw := value.(*schemas.RawTracking)
		return Line{
			Party: raw.Party, Kind: "told", Summary: fmt.Sprintf("%s by %s of parcel %s, %d bytes", raw.Carrier, raw.Origin, raw.Number, len(raw.Body.Bytes)),
		}
	},
}
