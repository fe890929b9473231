package main

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// No label is billed twice, and nobody hears of anything twice, whatever happens to the pipeline's process, and after all of it was read three times
// more (items 88 and N2).
func TestNoLabelIsBilledTwiceWhateverIsKilledStoppedSharedAndReadOnceMore(t *testing.T) {
	t.Parallel()
	seed := time.Now().UnixNano() % 1_000_000
	t.Logf("seed %d", seed)
	c := rows[account](t, ask(t, "demo", "--orders", "60", "--seed", fmt.Sprint(seed), "--faults", "light",
		"--chaos", "kill=1,stop=1,rebalance=1,replay=3", "-o", "json"))[0]
	if c.Kills != 1 || c.Stops != 1 || c.Rebalances != 1 || c.Replays != 3 || c.Reread < 3*c.Normalized || c.Normalized != 60 || c.Shipments == 0 {
		t.Errorf("seed %d: it was not as hard as it was to be: %+v", seed, c)
	}
	if c.DoubleBilled+c.Replayed+c.Lost+c.Doubled > 0 || c.Shipments != c.LabelsCached+c.LabelsInDoubt+c.Refused || c.LabelsBilled < c.LabelsCached {
		t.Errorf("seed %d: %+v", seed, c)
	}
}

// What is billed once more by a replay is a fault of the demo, whoever has it in his books.
func TestADemoFailsIfAReplayHasDoneAnything(t *testing.T) {
	before := account{Normalized: 2, LabelsBilled: 2, LabelsCached: 2, Shipments: 2}
	after := before
	after.LabelsBilled, after.Acknowledged = 3, 1
	if apart := difference(before, after); apart != 2 {
		t.Errorf("%d are otherwise, want the label and the order that is accepted", apart)
	}
	d := &demonstration{}
	d.done.replays, d.chaos.replays = 1, 1
	if _, err := d.replay(t.Context(), before, func() (account, error) { return account{Replays: 1}, nil }); err == nil {
		t.Error("nothing was read once more, and nobody said so")
	}
	if err := (account{Replayed: 1}).fault(); err == nil {
		t.Error("what a replay has done is no fault")
	}
}

func TestWhatADemoIsToSufferIsReadWordByWord(t *testing.T) {
	for said, want := range map[string]chaos{
		"": {}, "kill=5": {kills: 5}, "kill=5,stop=1,replay=3": {kills: 5, stops: 1, replays: 3}, "rebalance=2": {rebalances: 2},
	} {
		if got, err := chaosIn(said); err != nil || got != want {
			t.Errorf("%q: got %+v, %v", said, got, err)
		}
	}
	for _, wrong := range []string{"kill", "kill=", "kill=-1", "burn=1", "kill=1 stop=1", "kill=1,"} {
		var exit *exitError
		if _, err := chaosIn(wrong); !errors.As(err, &exit) || exit.code != exitUsage {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
