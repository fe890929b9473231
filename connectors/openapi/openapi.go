// Package openapi has the description of the doors that take orders: openapi.json, which is the contract the handlers in
// connectors keep. It opens no door and knows no order; connectors/marketplaces/direct reads what it describes, and a test holds
// the two together.
package openapi

import _ "embed"

// Document is the description, as OpenAPI 3.1 in JSON.
//
//go:embed openapi.json
var Document []byte
