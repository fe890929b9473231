package topics

import (
	"fmt"
	"time"
)

// Block is a range of one partition on its way to a table: the offsets From (with) to To (without), and what a read_committed
// reader finds in them.
type Block struct {
	Topic     *Topic
	Partition int32
	From, To  int64
	Events    []Landed
	// Promised is how many records the range had when it was first cut. Compaction may since have removed some.
	Promised int
}

// Landed is one record as it lands. Value is nil for a tombstone, and for a record that cannot be read, whose Fault says why.
type Landed struct {
	Event
	Raw   []byte // the value as it lies on the topic
	Fault string
}

// Token names the range: whoever repeats it sends the same token, and the table takes it once.
func (b *Block) Token() string {
	return fmt.Sprintf("%s/%d/%d-%d", b.Topic.Name, b.Partition, b.From, b.To)
}

// Doubled is an offset that has more than one row, and the minutes these lie in.
type Doubled struct {
	Offset  int64
	Rows    int64
	Minutes []time.Time
}

// Range is one block that has landed: the offsets From (with) to To (without) of a partition.
type Range struct {
	Partition  int32
	From, To   int64
	Records    int64 // that landed
	Superseded int64 // that compaction had removed before they could
}
