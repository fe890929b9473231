package topics

import "waybill/schemas"

// Gateways is how far the calls at each party are, as the process says that makes them: a record every few seconds while something
// changes.
var Gateways = &Topic{
	Name:         "gateways",
	Doc:          "how far the calls at each party are: what is held, limits, breakers, when all will be done",
	Schema:       schemas.GatewayStatusSchema,
	Key:          "party",
	Compacted:    true,
	MessageBytes: 256 * kib,
}
