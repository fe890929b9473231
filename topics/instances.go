package topics

import "waybill/schemas"

// Instances is who runs, and what each can read: a record every few seconds, and none any more of one that ended cleanly.
var Instances = &Topic{
	Name:         "instances",
	Doc:          "the processes that run, and what each can read",
	Schema:       schemas.InstanceSchema,
	Key:          "instance/parts",
	Compacted:    true,
	MessageBytes: 64 * kib,
}
