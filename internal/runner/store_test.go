package runner

import (
	"context"
	"testing"
	"time"

	"waybill/schemas"
)

func TestADoorDoesNotWaitForEverForBrokersThatAreGone(t *testing.T) {
	r := newRig(t)
	r.toyTopics(&toy{})
	line := &wire{}
	store, err := NewStore(append(r.kafka, line.option()), r.registry)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	first := toyMessage(toyIn, key(1), "first")
	if err := store.Store(t.Context(), messages(first)); err != nil {
		t.Fatal(err)
	}
	line.cut()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if err := store.Store(ctx, messages(toyMessage(toyIn, key(1), "second"))); err == nil {
		t.Error("it was accepted without a broker")
	}
	line.mend()
	if err := store.Store(t.Context(), messages(toyMessage(toyIn, key(1), "third"))); err != nil {
		t.Fatal(err)
	}
	stored := readAll[schemas.RawOrder](r, toyIn)
	if last := stored[len(stored)-1]; string(last.value.Body.Bytes) != "third" {
		t.Errorf("last is %q", last.value.Body.Bytes)
	}
}
