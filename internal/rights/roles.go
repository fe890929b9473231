package rights

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"waybill/processors"
	"waybill/topics"
)

const (
	read     = kmsg.ACLOperationRead
	write    = kmsg.ACLOperationWrite
	create   = kmsg.ACLOperationCreate
	describe = kmsg.ACLOperationDescribe
	settings = kmsg.ACLOperationDescribeConfigs
	alter    = kmsg.ACLOperationAlterConfigs
)

// on is an operation on topics. To read or to write implies to describe; to alter settings implies to describe them.
func on(operation kmsg.ACLOperation, why string, all ...*topics.Topic) []Right {
	var rights []Right
	for _, t := range all {
		rights = append(rights, Right{Resource: kmsg.ACLResourceTypeTopic, Name: t.Name, Operation: operation, Why: why})
	}
	return rights
}

// ToRead are the rights to read topics.
func ToRead(all ...*topics.Topic) []Right { return on(read, "read it", all...) }

// ToWrite are the rights to write to topics.
func ToWrite(all ...*topics.Topic) []Right { return on(write, "write to it", all...) }

func group(name string, operation kmsg.ACLOperation, why string) Right {
	return Right{Resource: kmsg.ACLResourceTypeGroup, Name: name, Operation: operation, Why: why}
}

// looked adds what the start of every role asks: whether the topics it uses are as they are declared.
func looked(sets ...[]Right) []Right {
	var all []Right
	for _, set := range sets {
		all = append(all, set...)
	}
	return once(append(all, on(settings, "compare its settings with what is declared", Topics(all)...)...))
}

// provision also says which version of a schema is written, for which it asks who runs and what those can read.
func provision(deployment string) []Right {
	all := topics.All()
	rights := append(on(create, "make it", all...), on(describe, "see whether it is there", all...)...)
	rights = append(rights, on(alter, "set its retention and limits", all...)...)
	rights = append(rights, on(read, "know which versions are written, and who runs", topics.Versions, topics.Instances)...)
	rights = append(rights, on(write, "say which version of a schema is written", topics.Versions)...)
	return once(append(rights, groups(deployment, "see who runs")...))
}

// groups is Describe on every group of the deployment.
func groups(deployment, why string) []Right {
	all := []Right{group(deployment+"."+Landing, describe, why)}
	for _, step := range processors.All(processors.Sources{}) {
		all = append(all, group(deployment+"."+step.Name, describe, why))
	}
	for _, g := range processors.Gateways() {
		all = append(all, group(deployment+"."+g.Outbox.Name, describe, why))
	}
	return all
}

// running is what every process does, whatever its parts.
func running() []Right {
	return append(on(read, "know which version of a schema is written", topics.Versions), on(write, "say that it runs, and what it can read", topics.Instances)...)
}

func doors(deployment string) []Right {
	all := looked(running(), on(write, "store what comes in", topics.OrdersRaw, topics.TrackingRaw), on(read, "know the requests that were carried out", topics.OrdersKeys),
		on(write, "have the ERP asked, when it says that something is new", topics.OutboxERP))
	return once(append(all, backlog(deployment)...))
}

// backlog is what it takes to know how long the pipeline needs for what waits. What came in at a door may be read there; of what the
// steps made of it, only how much it is.
func backlog(deployment string) []Right {
	all := append(on(describe, "see how much waits", topics.Landing()...), groups(deployment, "see how much waits")...)
	return append(all, on(read, StandsStill, topics.OrdersRaw)...)
}

// StandsStill is why the doors read what they only have to count: it takes effect where a step has stood still for a while.
const StandsStill = "see whether there is anything to wait for, where a step stands still"

// ofStep: a transaction is a write under the step's transactional id, whose end is the instance's name; to move the offsets in it
// takes to read the group.
func ofStep(deployment string, step processors.Processor) []Right {
	inputs := append([]*topics.Topic{step.Back}, step.Reads...)
	return looked(running(),
		on(read, "its input", inputs...), on(read, "what it looks up", step.Looks...), on(read, "its memory", step.Table),
		on(write, "its memory", step.Table), on(write, "its wake-ups", step.Back), on(write, "its output", step.Writes...),
		on(write, "what it can not handle", topics.Trash),
		[]Right{
			group(deployment+"."+step.Name, read, "share the work, and move the offsets"),
			{Resource: kmsg.ACLResourceTypeTransactionalId, Name: deployment + "-" + step.Name + "-", Prefix: true, Operation: write, Why: "write in transactions, an id an instance"},
		},
	)
}

// ofGateway: what follows from a call may be another one at the same party.
func ofGateway(deployment string, g processors.Gateway) []Right {
	return looked(running(),
		on(read, "the calls that are to be made", g.Outbox), on(read, "what became of them", g.Ledger), on(write, "what becomes of them", g.Ledger),
		on(write, "what follows from a call", append([]*topics.Topic{g.Outbox}, g.Writes...)...), on(write, "what failed", topics.Trash), on(write, "say how far it is", topics.Gateways),
		[]Right{
			group(deployment+".gateway."+g.Party, read, "be the one that makes the calls"),
			group(deployment+"."+g.Outbox.Name, read, "say how far it has read"),
			{Resource: kmsg.ACLResourceTypeTransactionalId, Name: deployment + "-gateway-" + g.Party, Prefix: true, Operation: write, Why: "end its predecessor, and write in transactions"},
		},
	)
}

func landing(deployment string) []Right {
	return looked(running(), on(read, "take it to its table", topics.Landing()...),
		[]Right{group(deployment+"."+Landing, read, "share the work, promise ranges and move the offsets")})
}

func reader(deployment string) []Right {
	return append(looked(on(read, "look at it", topics.All()...), groups(deployment, "see how much waits")),
		Right{Resource: kmsg.ACLResourceTypeTransactionalId, Name: deployment + "-", Prefix: true, Operation: describe, Why: "see whether a transaction hangs"},
		Right{Resource: kmsg.ACLResourceTypeCluster, Name: clusterName, Operation: describe, Why: "ask the controller for its clock"})
}

// clusterName is what Kafka calls the only resource of its kind.
const clusterName = "kafka-cluster"

func keeper(deployment string) []Right {
	written := []*topics.Topic{topics.IDCatalogue, topics.IDMap, topics.OrdersPlaced, topics.Mappings, topics.Trash, topics.TrashJobs, topics.TrashNotes, topics.RepairRuns, topics.Shipments, topics.TrackingRaw}
	for _, step := range processors.All(processors.Sources{}) {
		written = append(written, step.Back)
	}
	for _, g := range processors.Gateways() {
		written = append(written, g.Outbox)
	}
	return once(append(reader(deployment), on(write, "correct it", written...)...))
}
