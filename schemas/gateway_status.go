package schemas

import _ "embed"

// GatewayStatus is how far the calls at one party are, as the process says that makes them.
type GatewayStatus struct {
	Party         string  `avro:"party" json:"party"`
	Instance      string  `avro:"instance" json:"instance"` // that has the party
	Since         Millis  `avro:"since" json:"since"`       // it has it
	At            Millis  `avro:"at" json:"at"`
	Paused        bool    `avro:"paused" json:"paused"`
	PausedBy      string  `avro:"paused_by" json:"paused_by"`
	PausedWhy     string  `avro:"paused_why" json:"paused_why"` // no personal data
	PerHour       int64   `avro:"per_hour" json:"per_hour"`     // calls at the whole party; 0: no limit
	Breaker       string  `avro:"breaker" json:"breaker"`       // of the whole party
	BreakerReason string  `avro:"breaker_reason" json:"breaker_reason"`
	BreakerUntil  *Millis `avro:"breaker_until" json:"breaker_until"`
	Calls         int64   `avro:"calls" json:"calls"` // under way
	Held          int64   `avro:"held" json:"held"`   // tasks that are to be done
	Stuck         int64   `avro:"stuck" json:"stuck"` // of those, behind one that waits for a person
	InDoubt       int64   `avro:"in_doubt" json:"in_doubt"`
	Trashed       int64   `avro:"trashed" json:"trashed"`
	DrainSeconds  int64   `avro:"drain_seconds" json:"drain_seconds"` // until all is done that is not stuck; DrainNever if that does not end
	WillMiss      int64   `avro:"will_miss" json:"will_miss"`         // their deadline
	FirstMiss     *Millis `avro:"first_miss" json:"first_miss"`
	Lifted        int64   `avro:"lifted" json:"lifted"`             // held tasks that go before others
	LiftedUntil   *Millis `avro:"lifted_until" json:"lifted_until"` // of the one that does so longest, like by whom and why
	LiftedBy      string  `avro:"lifted_by" json:"lifted_by"`
	LiftedWhy     string  `avro:"lifted_why" json:"lifted_why"` // no personal data

	Operations []GatewayOperation `avro:"operations" json:"operations"`
	Slices     []GatewaySlice     `avro:"slices" json:"slices"` // of calls that are held, because they fail alike and others of their kind do not
}

// GatewaySlice is a part of the calls of a kind that is held alone: those to one storefront, or of one article.
type GatewaySlice struct {
	Kind   string  `avro:"kind" json:"kind"`
	Slice  string  `avro:"slice" json:"slice"`
	State  string  `avro:"state" json:"state"`
	Reason string  `avro:"reason" json:"reason"`
	Until  *Millis `avro:"until" json:"until"`
	Held   int64   `avro:"held" json:"held"`
}

// DrainNever is the drain of what does not end as things stand: the party is paused.
const DrainNever = -1

// GatewayOperation is the calls of one kind.
type GatewayOperation struct {
	Kind          string  `avro:"kind" json:"kind"`
	Priority      string  `avro:"priority" json:"priority"`
	PerHour       int64   `avro:"per_hour" json:"per_hour"` // calls, as configured; 0: no limit
	Burst         int64   `avro:"burst" json:"burst"`       // calls at once
	SeenPerHour   int64   `avro:"seen_per_hour" json:"seen_per_hour"`
	ShutUntil     *Millis `avro:"shut_until" json:"shut_until"` // the party asked for it
	NextAt        *Millis `avro:"next_at" json:"next_at"`
	Held          int64   `avro:"held" json:"held"`
	Peak          int64   `avro:"peak" json:"peak"`
	Oldest        *Millis `avro:"oldest" json:"oldest"`
	Breaker       string  `avro:"breaker" json:"breaker"`
	BreakerReason string  `avro:"breaker_reason" json:"breaker_reason"`
	BreakerUntil  *Millis `avro:"breaker_until" json:"breaker_until"`
	DrainSeconds  int64   `avro:"drain_seconds" json:"drain_seconds"`
	WillMiss      int64   `avro:"will_miss" json:"will_miss"`
	Lifted        int64   `avro:"lifted" json:"lifted"`
}

//go:embed gateway_status.avsc
var gatewayStatusText string

// GatewayStatusSchema is the schema of gateways.
var GatewayStatusSchema = parse[GatewayStatus]("gateway_status", gatewayStatusText)
