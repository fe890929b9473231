package topics

import "waybill/schemas"

// ERP is the party that owns the orders.
const ERP = "erp"

// What is asked of the ERP, and what became of it.
var (
	OutboxERP = Outbox(ERP)
	LedgerERP = Ledger(ERP)
)

// OutboxName is that of a party's outbox.
func OutboxName(party string) string { return "outbox." + party }

// LedgerName is that of a party's ledger.
func LedgerName(party string) string { return "ledger." + party }

// Outbox is what is to be done at a party. It has one partition, so that one process makes all its calls.
func Outbox(party string) *Topic {
	return &Topic{
		Name:         OutboxName(party),
		Doc:          "calls that are to be made at " + party,
		Schema:       schemas.TaskSchema,
		Key:          "task id",
		Retention:    30 * day,
		Partitions:   1,
		MessageBytes: mib,
		Lands:        true,
		Line: func(value any) Line {
			t := value.(*schemas.Task)
			return Line{OrderID: t.OrderID, Party: t.Party, Kind: "to_do", Summary: t.Kind + " is to be done at " + t.Party}
		},
	}
}

// Ledger is what became of a party's tasks: the truth about every call, never expired and never made again from another topic.
func Ledger(party string) *Topic {
	return &Topic{
		Name:         LedgerName(party),
		Doc:          "what became of the calls at " + party,
		Schema:       schemas.LedgerRowSchema,
		Key:          "task id",
		Compacted:    true,
		Partitions:   1,
		MessageBytes: 2 * mib,
		Lands:        true,
		Line: func(value any) Line {
			r := value.(*schemas.LedgerRow)
			line := Line{OrderID: r.Task.OrderID, Party: r.Task.Party, Kind: "call_" + r.State, Summary: r.Task.Kind + " at " + r.Task.Party + ": " + r.State}
			if r.TheirRef != "" {
				line.Summary += ", " + r.TheirRef
			}
			if r.Class != "" && r.State != schemas.TaskDone {
				line.Summary += ", " + r.Class + " " + r.Code
			}
			return line
		},
	}
}
