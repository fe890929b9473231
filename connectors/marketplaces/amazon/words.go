package amazon

import "waybill/schemas"

// Words are what is told of a parcel on its way: nothing. The Orders API has no call for it but for pickups in shops (SP-API, updateShipmentStatus).
var Words = schemas.NoWords("Amazon follows the carrier itself, and takes no word of a delivery")
