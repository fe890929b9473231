package erps_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/connectors/erps"
	"waybill/connectors/remote"
	"waybill/schemas"
)

// kept are the fields of an order that reach an ERP as they are. What is a channel's own word is not among them (item 45).
var kept = []string{"Lines.Title", "Charges.Title", "Buyer", "ShipTo", "BillTo"}

const fieldMax = 8 << 10 // bytes of a field, as item 45 has it

// marked fills every text of a value with its own path.
func marked(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("<" + path + ">")
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		marked(v.Elem(), path)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte("<" + strings.TrimSuffix(path, ".Bytes") + ">"))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		marked(v.Index(0), path)
	case reflect.Struct:
		for i := range v.NumField() {
			marked(v.Field(i), strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."))
		}
	}
}

// fullOrder has a text in each of its fields, and only those of the lists of the world are real.
func fullOrder() schemas.Order {
	var o schemas.Order
	marked(reflect.ValueOf(&o).Elem(), "")
	eur := func(minor int64) schemas.Money { return schemas.Money{Minor: minor, Currency: "EUR"} }
	o.OrderID, o.Status, o.FulfilledBy, o.Change, o.Zone = "allegro/1", schemas.StatusReady, schemas.FulfilledBySeller, schemas.ChangeReceived, "Europe/Berlin"
	o.PlacedAt, o.Total = schemas.At(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)), eur(2100)
	line := &o.Lines[0]
	line.SKU, line.Quantity, line.UnitPrice, line.Cancelled = "MUG", 2, eur(1000), 0
	o.Charges = []schemas.Charge{{Kind: schemas.ChargeShipping, Quantity: 1, Amount: eur(100), Title: "<Charges.Title>"}}
	for _, p := range []*schemas.Person{o.Buyer, o.ShipTo, o.BillTo} {
		p.Country, p.Email, p.PostalCode, p.Phone, p.TaxID, p.Region = "DE", "ana@example.com", "01067", "+4935112345", "", ""
	}
	return o
}

// An ERP hears of customers, goods, prices and addresses, and of a label where it lies: no word of a channel, and no file. A new field that
// reaches it is a decision, and stands above.
func TestAnERPIsNotBurdenedWithWordsOfAChannel(t *testing.T) {
	for name, erp := range map[string]erps.ERP{"sandbox": openWarehouse(t).erp, "odoo": openOffice(t).erp} {
		t.Run(name, func(t *testing.T) {
			var sent []schemas.Exchange
			ctx := remote.Watch(t.Context(), func(x schemas.Exchange) { sent = append(sent, x) })
			p := &schemas.Placing{Order: fullOrder(), Customer: schemas.Customer{Email: "ana@example.com", Name: "<Buyer.Name>", Country: "DE"}}
			var err error
			if p.CustomerRef, _, err = erp.CreateCustomer(ctx, p.Customer); err != nil {
				t.Fatal(err)
			}
			ref, _, err := erp.CreateOrder(ctx, p)
			if err != nil {
				t.Fatal(err)
			}
			p.Order.ShipTo.Street = "<ShipTo.Street> 2"
			if _, _, _, err := erp.AmendOrder(ctx, p); err != nil {
				t.Fatal(err)
			}
			if err := erp.WriteTracking(ctx, schemas.Tracking{OrderRef: ref, Carrier: "dhl", Number: "00340434161094042557", LabelURL: "https://labels.example/ab"}); err != nil {
				t.Fatal(err)
			}
			if len(sent) < 4 {
				t.Fatalf("%d requests were seen", len(sent))
			}
			for _, x := range sent {
				if x.SentBytes > 0 && len(x.Sent.Bytes) == 0 {
					t.Fatalf("%s %s has %d bytes: they were not looked at", x.Method, x.Path, x.SentBytes)
				}
				isLean(t, x.Sent.Bytes)
			}
		})
	}
}

// isLean looks at every name and text of a payload.
func isLean(t *testing.T, payload []byte) {
	t.Helper()
	if len(payload) == 0 {
		return
	}
	var value any
	if err := json.Unmarshal(payload, &value); err != nil {
		t.Fatal(err)
	}
	walk(value, "", func(path, text string) {
		if len(text) > fieldMax {
			t.Errorf("%s has %d bytes", path, len(text))
		}
		for _, channel := range []string{"allegro", "amazon", "kaufland", "shopify", "ebay", "woocommerce"} {
			if strings.Contains(strings.ToLower(path), channel) {
				t.Errorf("%s is a field of a channel", path)
			}
		}
		for _, mark := range strings.Split(text, "<")[1:] {
			field, _, _ := strings.Cut(mark, ">")
			if !slices.ContainsFunc(kept, func(k string) bool { return field == k || strings.HasPrefix(field, k+".") }) {
				t.Errorf("%s holds %s of the order, which no ERP is to know", path, field)
			}
		}
	})
}

func walk(value any, path string, see func(path, text string)) {
	switch v := value.(type) {
	case map[string]any:
		for name, inner := range v {
			walk(inner, path+"."+name, see)
		}
	case []any:
		for i, inner := range v {
			walk(inner, fmt.Sprintf("%s[%d]", path, i), see)
		}
	case string:
		see(path, v)
	default:
		see(path, "")
	}
}
