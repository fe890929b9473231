package kaufland

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"waybill/connectors/reading"
	"waybill/connectors/reading/readingtest"
	"waybill/connectors/signature"
	"waybill/schemas"
)

// seeds are all recorded payloads, good orders broken in each of the known ways, and rubbish.
func seeds(f *testing.F) {
	for _, body := range readingtest.Seed(f, `{"id_order":"\ud800"}`, `{"data":[{"price":1e999}]}`, strings.Repeat(`{"data":`, 200), `{"parts":{"1":{"parts":{}}}}`, `{"parts":{"\ud800":{},"1":{"id_order":"A","order_units":[{}]}}}`) {
		raws, err := Marketplace{}.Receive(nil, body)
		if err != nil {
			f.Fatal(err)
		}
		for _, raw := range raws {
			f.Add([]byte(raw.Body.Bytes))
		}
	}
	for _, wrong := range wrongs {
		f.Add(changed(f, wrong.change))
	}
	f.Add(joinedParts(f, 3))
}

// FuzzReceive: whatever comes is cut into parts of itself, or refused with its place, and never where it is JSON.
func FuzzReceive(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		raws, err := Marketplace{}.Receive(nil, body)
		readingtest.CheckReceived(t, body, raws, err)
		for _, raw := range raws {
			checkRaw(t, raw)
		}
	})
}

func checkRaw(t *testing.T, raw schemas.RawOrder) {
	t.Helper()
	for _, ref := range []string{raw.Ref, raw.Part, raw.DeliveryID} {
		if !reading.IsReference(ref) {
			t.Fatalf("no reference: %q", ref)
		}
	}
	if (raw.Form == schemas.FormPart) != (raw.Part != "") || (raw.Form == schemas.FormPart && raw.Ref == "") {
		t.Fatalf("half a part: %+v", raw)
	}
	order, err := Marketplace{}.Normalize(&raw)
	if err == nil && order.Ref != raw.Ref {
		t.Fatalf("reference %q at the door, %q behind it", raw.Ref, order.Ref)
	}
	if err == nil && raw.Form == schemas.FormNotice {
		t.Fatalf("an order of a notice: %q", raw.Body.Bytes)
	}
}

// FuzzNormalize: whatever comes is an order that keeps its promises, or refused with faults that have a place.
func FuzzNormalize(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		order, err := Marketplace{}.Normalize(&schemas.RawOrder{Body: schemas.Body{Bytes: body}})
		if err != nil {
			readingtest.CheckFaults(t, err)
			return
		}
		if order.Ref == "" || len(order.Lines) == 0 || order.Status == "" || order.PlacedAt == 0 || order.Total.Currency == "" {
			t.Fatalf("half an order: %+v", order)
		}
		for _, l := range order.Lines {
			checkLine(t, order, &l)
		}
		readingtest.CheckTotal(t, order)
		if order.Total.Minor > schemas.MinorMax {
			t.Fatalf("a total of %d", order.Total.Minor)
		}
	})
}

func checkLine(t *testing.T, order *schemas.Order, l *schemas.Line) {
	t.Helper()
	pieces := l.Quantity
	if order.Status != schemas.StatusCancelled {
		pieces -= l.Cancelled
	}
	if l.SKU == "" || l.LineRef == "" || l.Quantity < 1 || int(l.Quantity) != len(l.UnitRefs) || l.Shipped+l.Cancelled > l.Quantity ||
		l.LineTotal.Minor != l.UnitPrice.Minor*pieces || l.LineTotal.Currency != order.Total.Currency {
		t.Fatalf("half a line: %+v", l)
	}
}

// FuzzVerify: nothing is taken but what is signed with the secret, at a time that is written one way.
func FuzzVerify(f *testing.F) {
	good := Sign(secret, "POST", door, []byte(push), signedAt)
	f.Add("POST", door, push, strconv.Itoa(signedAt), good, secret)
	f.Add("POST", door, push, "0"+strconv.Itoa(signedAt), good, secret)
	f.Add("GET", door+"\n", "\n", "+1", strings.ToUpper(good), "")
	f.Add("", "", "", "", "", previous)
	f.Fuzz(func(t *testing.T, method, uri, body, timestamp, given, key string) {
		d := &signature.Delivery{
			Method: method, URL: uri, Body: []byte(body), At: time.Unix(signedAt, 0),
			Header: http.Header{HeaderTimestamp: {timestamp}, HeaderSignature: {given}},
		}
		got, err := Marketplace{}.Verify(d, []string{"", key, previous})
		known := false
		for _, k := range []string{key, previous} {
			want := signature.SHA256([]byte(k), []byte(method+"\n"+uri+"\n"+body+"\n"+timestamp))
			known = known || k != "" && (given == hex.EncodeToString(want) || given == base64.StdEncoding.EncodeToString(want))
		}
		seconds, parsed := strconv.ParseInt(timestamp, 10, 64)
		plain := parsed == nil && strconv.FormatInt(seconds, 10) == timestamp && seconds > 0
		known = known && !strings.Contains(method+uri, "\n")
		fresh := plain && seconds >= signedAt-300 && seconds <= signedAt+300
		if (err == nil) != (known && fresh) {
			t.Fatalf("known %v, fresh %v: %v", known, fresh, err)
		}
		if err == nil && (got.At.Unix() != seconds || !reading.IsReference(got.ID)) {
			t.Fatalf("%+v", got)
		}
	})
}
