package topics

import "slices"

// All is every topic, in the order of the pipeline.
func All() []*Topic {
	return append([]*Topic{
		OrdersRaw, StepNormalize, TableNormalize, OrdersNormalized, OrdersFetch, OrdersKeys,
		StepPlace, TablePlace, OutboxERP, LedgerERP, OrdersPlaced,
		StepAcknowledge, TableAcknowledge, OrdersAcknowledged, Missing, Receipts,
		ERPRaw, StepRequest, TableRequest, Shipments, StepBook, TableBook, StepDispatch, TableDispatch,
		TrackingRaw, StepTrack, TableTrack, TrackingEvents, TrackingDue, StepAsk, TableAsk, StepAnnounce, TableAnnounce, OrdersDelivery, StepCare, TableCare,
		IDCatalogue, IDMap, Mappings, Versions, Instances, Gateways,
		Trash, TrashJobs, TrashNotes, RepairRuns,
	}, slices.Concat(called, carried, printed)...)
}

// Landing is every topic whose records become rows in ClickHouse.
func Landing() []*Topic {
	var landing []*Topic
	for _, t := range All() {
		if t.Lands {
			landing = append(landing, t)
		}
	}
	return landing
}

// Named is the topic of that name, nil if there is none.
func Named(name string) *Topic {
	for _, t := range All() {
		if t.Name == name {
			return t
		}
	}
	return nil
}
