package allegro

import "waybill/schemas"

// deliver says how the goods go. A pick-up point is passed on as it is: not even Allegro lists all of them (ALL#11172).
func (t *translation) deliver() {
	d, o := &t.form.delivery, t.order
	o.DeliveryMethodRef, o.DeliveryMethod, o.Packages = d.method.id, d.method.name, d.packages
	if !d.point.given {
		return
	}
	o.PickupPoint = &schemas.PickupPoint{
		Ref: d.point.id, Name: d.point.name, Description: d.point.description,
		Street: d.point.address.street, PostalCode: d.point.address.postCode, City: d.point.address.city, Country: d.point.address.country,
	}
}
