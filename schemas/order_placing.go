package schemas

import _ "embed"

// OrderPlacing is what place remembers of an order.
type OrderPlacing struct {
	TaskID   string `avro:"task_id"`  // of the first call that places it; "" if none was asked for
	Revision string `avro:"revision"` // of the version that is placed

	Content   string `avro:"content"`   // hash of what the ERP was told of it last
	Changes   int64  `avro:"changes"`   // amendments that were asked for
	Placed    bool   `avro:"placed"`    // it stands in the ERP
	Cancelled bool   `avro:"cancelled"` // its cancellation was asked for
	Amended   *Body  `avro:"amended"`   // the order as it is now, as JSON, until the ERP has it as it was

	Party       string       `avro:"party"`
	CustomerRef string       `avro:"customer_ref"` // what the ERP calls the buyer, once it has the order
	Expected    *Expectation `avro:"expected"`     // what is to come next; nil if nothing is

	Destinations []string `avro:"destinations"` // marks of where the ERP was told that it goes; none: nobody knows any more
	Goods        []string `avro:"goods"`        // marks of the lines that it was told
}

//go:embed order_placing.avsc
var orderPlacingText string

// OrderPlacingSchema is the schema of the states in table.place.
var OrderPlacingSchema = parse[OrderPlacing]("order_placing", orderPlacingText)
