package processors

import (
	"reflect"
	"testing"

	"waybill/schemas"
	"waybill/topics"
)

// The golden thread: each stage adds a block of its own to the order, signed with who added it and in which version of what it means,
// and touches no other (item 25), nor what is owned by anybody but us (item 43).
func TestEachStageAddsABlockOfItsOwnAndOverwritesNone(t *testing.T) {
	stages := map[string]func(*schemas.Order) *schemas.Order{
		"Placement": func(order *schemas.Order) *schemas.Order {
			call, err := erpCall(KindOrder, &schemas.Placing{Customer: customerOf(order, Terms{}), CustomerRef: "C-1", Order: *order}, placingLane, 0)
			if err != nil {
				t.Fatal(err)
			}
			messages, err := OrderThen(call.Value.(*schemas.Task), "O-1", 5)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range messages {
				if m.Topic == topics.OrdersPlaced {
					return m.Value.(*schemas.Order)
				}
			}
			t.Fatal("it hands no order on")
			return nil
		},
	}
	order := bought(schemas.StatusReady)
	for block, add := range stages {
		before, after := reflect.ValueOf(*order), reflect.ValueOf(*add(order))
		for i := range before.NumField() {
			name := before.Type().Field(i).Name
			same := reflect.DeepEqual(before.Field(i).Interface(), after.Field(i).Interface())
			switch {
			case name == block && (same || after.Field(i).Elem().FieldByName("By").String() == ""):
				t.Errorf("%s is not added, or not signed", block)
			case name != block && !same:
				t.Errorf("who adds %s overwrites %s", block, name)
			}
			field := before.Type().Field(i).Tag.Get("avro")
			if owner := schemas.OwnerOf(field); !same && owner != schemas.OwnerOrchestrator {
				t.Errorf("who adds %s writes %s, which is owned by %q", block, field, owner)
			}
		}
		order = add(order)
	}
	for i := range reflect.TypeFor[schemas.Order]().NumField() { // a block that a stage adds is tested here
		field := reflect.TypeFor[schemas.Order]().Field(i)
		if field.Type.Kind() == reflect.Pointer && field.Type.Elem().Kind() == reflect.Struct {
			if _, signed := field.Type.Elem().FieldByName("By"); signed && stages[field.Name] == nil {
				t.Errorf("no stage is known to add %s", field.Name)
			}
		}
	}
}
