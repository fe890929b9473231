package connectors

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"waybill/connectors/marketplaces"
	"waybill/connectors/signature"
	"waybill/schemas"
)

func TestEveryChannelUnderstandsAnOrderThatIsKeptAsItWasSent(t *testing.T) {
	compared := 0
	for _, name := range marketplaces.Channels() {
		channel, err := marketplaces.Open(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join("marketplaces", name, "testdata", "*.json"))
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			orders, err := channel.Receive(http.Header{}, body)
			if err != nil || len(orders) != 1 || strings.Contains(file, ".golden.") {
				continue
			}
			cut, kept := orders[0], orders[0]
			kept.Body = schemas.Body{Bytes: append([]byte("\r\n\t "), append(cut.Body.Bytes, " \n"...)...)}
			was, fault := channel.Normalize(&cut)
			is, other := channel.Normalize(&kept)
			if diff := cmp.Diff(was, is); diff != "" || fmt.Sprint(fault) != fmt.Sprint(other) {
				t.Errorf("%s: %v, then %v\n%s", file, fault, other, diff)
			}
			compared++
		}
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
}

func TestAPushOfKauflandComesThroughTheDoor(t *testing.T) {
	channel, err := marketplaces.Open("kaufland", nil)
	if err != nil {
		t.Fatal(err)
	}
	store := &shelf{}
	h, err := NewWebhooks(map[string]Party{"kaufland": {Name: "kaufland", Channel: "kaufland", Receiver: channel, Settings: map[string]string{SettingWebhookSecret: ours}}},
		store, roomy, NewMetrics(prometheus.NewRegistry()))
	if err != nil {
		t.Fatal(err)
	}
	h.Now = func() time.Time { return noon }
	const body = `{"event_name":"order_new","id_message":"m-1","resource":"https://sellerapi.kaufland.com/v2/orders/MK7T8SX/","storefront":"de"}`
	push := func(at time.Time) int {
		return deliver(h, "kaufland", "", body, func(r *http.Request) {
			text := fmt.Sprintf("POST\nhttps://example.com/webhooks/kaufland\n%s\n%d", body, at.Unix())
			r.Header = http.Header{"Shop-Timestamp": {fmt.Sprint(at.Unix())}, "Shop-Signature": {hex.EncodeToString(signature.SHA256([]byte(ours), []byte(text)))}}
		}).Code
	}
	if code := push(noon); code != http.StatusAccepted || len(store.held) != 1 || store.held[0].Key != "kaufland/MK7T8SX" {
		t.Fatalf("answered %d, stored %d", code, len(store.held))
	}
	if raw := store.held[0].Value.(*schemas.RawOrder); raw.Form != schemas.FormNotice || raw.DeliveryID != "m-1" || string(raw.Body.Bytes) != body {
		t.Errorf("stored %+v", raw)
	}
	if code := push(noon); code != http.StatusAccepted || len(store.held) != 1 {
		t.Errorf("again: answered %d, stored %d", code, len(store.held))
	}
	if code := push(noon.Add(-10 * time.Minute)); code != http.StatusUnauthorized {
		t.Errorf("ten minutes late: answered %d", code)
	}
}
