package allegro

import "waybill/connectors/reading"

// prices reads a Price of the specification.
var prices = reading.PricesNamed("amount", "currency")
