package ebay

import "waybill/schemas"

// Words are what is told of a parcel on its way: nothing. The Fulfillment API has no call for it (v1.20.7).
var Words = schemas.NoWords("eBay takes no word of a delivery")
