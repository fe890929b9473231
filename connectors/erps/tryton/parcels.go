package tryton

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"waybill/schemas"
)

// packed is a package of the modules stock_package, stock_shipment_measurements (its weight, in kilograms) and stock_package_shipping
// (its sides, each in a unit of its own).
type packed struct {
	ID         json.Number `json:"id"`
	Weight     float64     `json:"total_weight"`
	Length     float64     `json:"length"`
	Width      float64     `json:"width"`
	Height     float64     `json:"height"`
	LengthUnit unit        `json:"length_uom."`
	WidthUnit  unit        `json:"width_uom."`
	HeightUnit unit        `json:"height_uom."`
}

// unit is one of measure: how many of the category's base it is, of lengths metres.
type unit struct {
	Factor float64 `json:"factor"`
}

// packages are the rows of packages, by their ids.
func (e *ERP) packages(ctx context.Context, ids []json.Number) (map[json.Number]json.RawMessage, error) {
	rows := map[json.Number]json.RawMessage{}
	if len(ids) == 0 {
		return rows, nil
	}
	fields := e.known(ctx, "stock.package", "total_weight", "length", "width", "height", "length_uom", "width_uom", "height_uom")
	for i, name := range fields {
		if name == "length_uom" || name == "width_uom" || name == "height_uom" {
			fields[i] = name + ".factor"
		}
	}
	var found []json.RawMessage
	if _, err := e.ask(ctx, "model.stock.package.read", &found, ids, fields); err != nil {
		return nil, err
	}
	for _, raw := range found {
		var p packed
		if json.Unmarshal(raw, &p) != nil {
			return nil, unreadable("a package in it is none")
		}
		rows[p.ID] = raw
	}
	return rows, nil
}

// parcelOf is a package in our words.
func parcelOf(row json.RawMessage) (schemas.Parcel, error) {
	var p packed
	if json.Unmarshal(row, &p) != nil {
		return schemas.Parcel{}, unreadable("a package in it is none")
	}
	return schemas.Parcel{
		Ref: p.ID.String(), Grams: thousandths(p.Weight), Length: thousandths(p.Length * p.LengthUnit.Factor),
		Width: thousandths(p.Width * p.WidthUnit.Factor), Height: thousandths(p.Height * p.HeightUnit.Factor),
	}, nil
}

// known are those of the fields that a model has here: which modules are active is the merchant's choice. If Tryton can not be asked,
// they are all of them, and the call that follows says what is wrong.
func (e *ERP) known(ctx context.Context, model string, names ...string) []string {
	if fields, cached := e.ids.Load("fields of " + model); cached {
		return slices.Clone(fields.([]string))
	}
	var there map[string]json.RawMessage
	if _, err := e.ask(ctx, "model."+model+".fields_get", &there, names); err != nil {
		return names
	}
	fields := slices.Sorted(maps.Keys(there))
	e.ids.Store("fields of "+model, fields)
	return slices.Clone(fields)
}
