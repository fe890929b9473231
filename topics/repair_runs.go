package topics

import "waybill/schemas"

// RepairRuns is what was begun to be read again, and the calls that it asks for. What became of each call lies on its ledger.
var RepairRuns = &Topic{
	Name:         "repair.runs",
	Doc:          "runs that read again what a step has read, and the calls that they ask for",
	Schema:       schemas.RepairRunSchema,
	Key:          "run id",
	Compacted:    true,
	MessageBytes: 8 * mib,
}
