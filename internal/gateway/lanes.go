package gateway

import (
	"context"

	"waybill/schemas"
)

// noteLane keeps the highest sequence of each lane, also when its task is long done. What failed of a lower one need not be mended any
// more.
func (t *tenure) noteLane(ctx context.Context, n *turn, row *schemas.LedgerRow) error {
	lane := row.Task.Lane
	if lane == "" {
		return nil
	}
	highest, err := t.highest(n, lane)
	if err != nil || row.Task.Sequence <= highest {
		return err
	}
	n.lanes[lane] = row.Task.Sequence
	head := schemas.LedgerRow{State: schemas.TaskLane, Offset: row.Offset, At: row.At}
	head.Task.Party, head.Task.OrderID, head.Task.Lane, head.Task.Sequence = row.Task.Party, row.Task.OrderID, lane, row.Task.Sequence
	n.steps = append(n.steps, change{step: step{row: head}, key: laneKey(lane)})
	for _, lower := range t.desk.turns[laneKey(lane)] {
		_, touched := n.touched[lower.row.Task.TaskID]
		if lower.row.State == schemas.TaskTrashed && lower.row.Task.Sequence < row.Task.Sequence && !touched {
			if err := t.put(ctx, n, lower, dropped(lower.row, t.now())); err != nil {
				return err
			}
		}
	}
	return nil
}

func laneKey(lane string) string { return "lane " + lane }

// noSequence is below every sequence.
const noSequence = -1 << 63

func (t *tenure) highest(n *turn, lane string) (int64, error) {
	if sequence, is := n.lanes[lane]; is {
		return sequence, nil
	}
	head, ok, err := t.row([]byte(laneKey(lane)))
	if err != nil || !ok {
		return noSequence, err
	}
	return head.Task.Sequence, nil
}

// isOvertaken tells whether a later one of its lane has come. What may have been sent is settled first.
func (t *tenure) isOvertaken(n *turn, task *schemas.Task) (bool, error) {
	if task.Lane == "" {
		return false, nil
	}
	highest, err := t.highest(n, task.Lane)
	return highest > task.Sequence, err
}
