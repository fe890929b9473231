package connectors

import (
	"net/http"
	"slices"
	"strings"

	"waybill/schemas"
)

// Limits of the headers that are kept with an order.
const (
	headersMax          = 32
	headerNameBytesMax  = 100
	headerValueBytesMax = 500
)

// secretWords in the name of a header say that it proves who sent it. Some say where a person is, which is nobody's business.
var secretWords = []string{
	"auth", "cookie", "signature", "hmac", "token", "secret", "password", "api-key", "apikey", "access-key", "credential", "session", "jwt",
	"forwarded", "real-ip", "client-ip", "connecting-ip",
}

// kept are the headers fit to be kept, by name: those without secrets, bounded in number and length.
func kept(header http.Header) []schemas.Header {
	var all []schemas.Header
	for name, values := range header {
		name = strings.ToLower(name)
		if isSecret(name) || len(name) > headerNameBytesMax {
			continue
		}
		for _, value := range values {
			all = append(all, schemas.Header{Name: name, Value: clip(value)})
		}
	}
	slices.SortStableFunc(all, func(a, b schemas.Header) int { return strings.Compare(a.Name, b.Name) })
	return all[:min(len(all), headersMax)]
}

func isSecret(name string) bool {
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(name, word) })
}

// clip makes a header's value short and text.
func clip(value string) string {
	return strings.ToValidUTF8(value[:min(len(value), headerValueBytesMax)], "�")
}
