package connectors

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"
)

// traceparent is the place in a trace that a request's orders begin at: the sender's, or that of a new trace
// (https://www.w3.org/TR/trace-context/#traceparent-header).
func traceparent(header http.Header) string {
	if sent := header.Get("Traceparent"); validTraceparent.MatchString(sent) {
		return sent
	}
	var ids [24]byte
	_, _ = rand.Read(ids[:]) // never fails
	return "00-" + hex.EncodeToString(ids[:16]) + "-" + hex.EncodeToString(ids[16:]) + "-00"
}

var validTraceparent = regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$`)
