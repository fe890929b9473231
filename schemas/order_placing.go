package schemas

import _ "embed"

// OrderPlacing is what place remembers of an order.
type OrderPlacing struct {
	TaskID   string `avro:"task_id"`  // of the first call that places it; "" if none was asked for
	Revision string `avro:"revision"` // of the version that is placed
}

//go:embed order_placing.avsc
var orderPlacingText string

// OrderPlacingSchema is the schema of the states in table.place.
var OrderPlacingSchema = parse[OrderPlacing]("order_placing", orderPlacingText)
