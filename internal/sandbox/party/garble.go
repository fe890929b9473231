package party

import (
	"net/http"

	"waybill/internal/sandbox/wire"
)

// proxyPage is what stands before many an API, and answers for it.
const proxyPage = "<!DOCTYPE html><html><head><title>One moment, please</title></head><body><p>Checking your connection…</p></body></html>"

// garble sends something else than the reply, as a success: a proxy's page, the first half of it, nothing, or JSON of another form.
func (r Reply) garble(w http.ResponseWriter, d *wire.Dice) {
	wrong, contentType := r.Body, "application/json"
	switch d.Below(4) {
	case 0:
		wrong, contentType = []byte(proxyPage), "text/html; charset=utf-8"
	case 1:
		wrong = wrong[:len(wrong)/2]
	case 2:
		wrong = nil
	default:
		wrong = []byte(`[null,{"unexpected":true}]`)
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(wrong) // who hung up needs no answer
}
