package direct

import "waybill/schemas"

// Words are what is told of a parcel on its way: nothing. There is nobody to be told.
var Words = schemas.NoWords("who sent the order reads it at Waybill")
