package deed

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/schemas"
)

func TestADeedIsReadAsItWasSent(t *testing.T) {
	for _, d := range []Deed{
		{TrashID: "gateway.toy/outbox.toy/0/7", Does: schemas.DidRetry, By: "anna", Why: "it is open again", Job: "j", Attempts: 0},
		{TrashID: "gateway.toy/outbox.toy/0/7", Does: schemas.DidDone, TheirRef: "SO1", By: "anna", Attempts: 3},
		{Does: schemas.DidRetry, Party: Pause, By: "anna", Why: "stocktaking", Attempts: -1},
		{Does: schemas.DidRetry, Party: Boost, By: "anna", Why: "they called", Until: 1_800_000_000_000, Attempts: -1},
		{Does: schemas.DidRetry, Party: Permit, By: "anna", Why: "the mapping was wrong", Plan: "ab12", Attempts: -1},
	} {
		if got, ok := Of(&kgo.Record{Headers: d.Headers()}); !ok || got != d {
			t.Errorf("%+v became %+v", d, got)
		}
	}
}

func TestWhatNobodySaidIsNoDeed(t *testing.T) {
	if _, ok := Of(&kgo.Record{Headers: []kgo.RecordHeader{{Key: "order-id", Value: []byte("a/1")}}}); ok {
		t.Error("a task became a deed")
	}
}
