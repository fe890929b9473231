package connectors

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// A party whose webhooks only say that something is new is asked what. Nobody else can have it asked, and nothing of it is kept.
func TestAPartyThatSaysThatSomethingIsNewIsAsked(t *testing.T) {
	store, asked, away := &shelf{}, 0, error(nil)
	h, err := NewWebhooks(map[string]Party{"erp": {
		Name: "erp", Settings: map[string]string{SettingWebhookSecret: "s3cret", SettingWebhookAuth: WebhookToken},
		Ask: func(context.Context) error { asked++; return away },
	}}, store, roomy, NewMetrics(prometheus.NewRegistry()))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, token string
		away        error
		want, asked int
	}{
		{"without a secret", "", nil, http.StatusUnauthorized, 0},
		{"with another", "Bearer other", nil, http.StatusUnauthorized, 0},
		{"with it", "Bearer s3cret", nil, http.StatusAccepted, 1},
		{"again", "Bearer s3cret", nil, http.StatusAccepted, 2},
		{"while nobody can be told", "Bearer s3cret", errors.New("no broker"), http.StatusServiceUnavailable, 3},
	} {
		away = c.away
		r := httptest.NewRequest(http.MethodPost, WebhooksPath+"erp", strings.NewReader(`{"shipment":17}`))
		r.Header.Set("Authorization", c.token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want || asked != c.asked || len(store.held) != 0 {
			t.Errorf("%s: answered %d %s, asked %d times, %d stored", c.name, w.Code, w.Body, asked, len(store.held))
		}
	}
}
