package kaufland

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"waybill/connectors/reading"
	"waybill/connectors/signature"
	"waybill/schemas"
)

// seeds are all recorded payloads, good orders broken in each of the known ways, and rubbish.
func seeds(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no recorded payloads", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
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
	for _, rubbish := range []string{
		"", "{", "[[[[", "\xff", `{"id_order":"\ud800"}`, `{"data":[{"price":1e999}]}`, strings.Repeat(`{"data":`, 200), "\x00",
		`{"parts":{"1":{"parts":{}}}}`, `{"parts":{"\ud800":{},"1":{"id_order":"A","order_units":[{}]}}}`,
	} {
		f.Add([]byte(rubbish))
	}
}

// FuzzReceive: whatever comes is cut into parts of itself, or refused with its place, and never where it is JSON.
func FuzzReceive(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		raws, err := Marketplace{}.Receive(nil, body)
		var at *schemas.SyntaxError
		switch valid := json.Valid(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))); {
		case err == nil && !valid:
			t.Fatal("taken, but no JSON")
		case err != nil && valid && !errors.Is(err, reading.ErrTooMany):
			t.Fatalf("JSON, but refused: %v", err)
		case err != nil && !valid && (!errors.As(err, &at) || at.Offset < 0 || at.Offset > len(body)):
			t.Fatalf("refused without its place: %v", err)
		}
		rest := body
		for _, raw := range raws {
			i := bytes.Index(rest, raw.Body.Bytes)
			if i < 0 || !json.Valid(raw.Body.Bytes) {
				t.Fatalf("no part of what came: %q", raw.Body.Bytes)
			}
			rest = rest[i+len(raw.Body.Bytes):]
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
			checkFaults(t, err)
			return
		}
		if order.Ref == "" || len(order.Lines) == 0 || order.Status == "" || order.PlacedAt == 0 || order.Total.Currency == "" {
			t.Fatalf("half an order: %+v", order)
		}
		var sum int64
		for _, l := range order.Lines {
			checkLine(t, order, &l)
			sum += l.LineTotal.Minor
		}
		for _, c := range order.Charges {
			sum += c.Amount.Minor
		}
		if sum != order.Total.Minor || sum > schemas.MinorMax {
			t.Fatalf("the parts are %d, the total is %d", sum, order.Total.Minor)
		}
		if _, err := schemas.OrderSchema.Append(nil, order); err != nil {
			t.Fatal(err)
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

func checkFaults(t *testing.T, err error) {
	t.Helper()
	var faults schemas.Faults
	if !errors.As(err, &faults) || len(faults) == 0 {
		t.Fatalf("an error that is no faults: %v", err)
	}
	for _, fault := range faults {
		if fault.Code == "" || fault.Text == "" || !strings.HasPrefix(fault.Path, "$") || !utf8.ValidString(fault.Path) {
			t.Fatalf("half a fault: %+v", fault)
		}
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
