package carriers

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"waybill/connectors/remote"
	"waybill/schemas"
)

func TestWhatProvesADeliveryIsAskedForByItsNumber(t *testing.T) {
	image := "R0lGODlhAQABAAAAADs="
	mux := http.NewServeMux()
	mux.HandleFunc("/token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"access_token":"t","token_type":"Bearer","expires_in":3600}`)) // the client tells what is lost
	})
	mux.HandleFunc("/track/v1/details/1ZA", func(w http.ResponseWriter, r *http.Request) {
		if q := r.URL.Query(); q.Get("returnSignature") != "true" || q.Get("returnPOD") != "true" {
			t.Errorf("it is asked for %s", r.URL.RawQuery)
		}
		_, _ = w.Write([]byte(`{"trackResponse":{"shipment":[{"package":[
			{"trackingNumber":"1ZB","deliveryInformation":{"signature":{"image":"AAAA"}}},
			{"trackingNumber":"1ZA","deliveryInformation":{"signature":{"image":"` + image + `"},"pod":{"content":"PGh0bWw+"}}}]}]}}`))
	})
	mux.HandleFunc("/track/v1/details/1ZC", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"trackResponse":{"shipment":[{"package":[{"trackingNumber":"1ZC","deliveryInformation":{"signature":{"image":"%%"}}}]}]}}`))
	})
	at := httptest.NewServer(mux)
	defer at.Close()
	asker, _, err := AskerOf("ups", map[string]string{"client_id": "i", "client_secret": "s", "tracking_url": at.URL, "token_url": at.URL + "/token"})
	if err != nil {
		t.Fatal(err)
	}
	prover := ProverOf(asker)
	proofs, err := prover.Prove(t.Context(), "1ZA")
	if err != nil || len(proofs) != 2 || proofs[0].Kind != schemas.ProofSignature || string(proofs[0].Content[:4]) != "GIF8" || string(proofs[1].Content) != "<html>" {
		t.Errorf("%v %+v", err, proofs)
	}
	for number, code := range map[string]string{"1ZC": "unreadable_proof", "../1": "bad_number"} {
		var f *remote.Failure
		if _, err := prover.Prove(t.Context(), number); !errors.As(err, &f) || f.Code != code {
			t.Errorf("%s: %v, want %s", number, err, code)
		}
	}
	gls, _, err := AskerOf("inpost", map[string]string{"tracking_url": at.URL})
	if err != nil || ProverOf(gls) != nil {
		t.Errorf("of who gives nothing: %v", err)
	}
}
