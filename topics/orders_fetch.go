package topics

import "waybill/schemas"

// OrdersFetch is what a channel told about without telling it: the open ones are to be asked for.
var OrdersFetch = &Topic{
	Name:         "orders.fetch",
	Doc:          "what is to be asked for at a channel, because a notice named it",
	Schema:       schemas.FetchTaskSchema,
	Key:          "task id",
	Compacted:    true,
	MessageBytes: 64 * kib,
	Lands:        true,
	Line: func(value any) Line {
		t := value.(*schemas.FetchTask)
		line := Line{OrderID: t.TaskID, Party: t.Party, Seller: t.Seller, Kind: "to_fetch", Summary: t.Kind + " " + t.Ref + " is to be fetched from " + t.Channel}
		if t.State == schemas.FetchDone {
			line.Kind, line.Summary = "fetched", t.Kind+" "+t.Ref+" has come"
		}
		return line
	},
}
