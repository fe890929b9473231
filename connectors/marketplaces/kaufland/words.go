package kaufland

import "waybill/schemas"

// Words are what is told of a parcel on its way: nothing. The Seller API has no call for it.
var Words = schemas.NoWords("Kaufland takes no word of a delivery: received is its own to say")
