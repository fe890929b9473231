package woocommerce

import "waybill/schemas"

// Words are what is told of a parcel on its way: nothing. The REST API v3 knows of none.
var Words = schemas.NoWords("WooCommerce has no status of a parcel")
