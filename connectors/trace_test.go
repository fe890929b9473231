package connectors

import (
	"net/http"
	"testing"
)

func TestATraceGoesOnFromTheSender(t *testing.T) {
	const sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	if got := traceparent(http.Header{"Traceparent": {sent}}); got != sent {
		t.Errorf("got %s", got)
	}
	for _, wrong := range []string{"", "garbage", sent + "0", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"} {
		first, second := traceparent(http.Header{"Traceparent": {wrong}}), traceparent(http.Header{"Traceparent": {wrong}})
		if !validTraceparent.MatchString(first) || first == wrong || first == second {
			t.Errorf("%q: got %s and %s, want two new traces", wrong, first, second)
		}
	}
}
