package bills_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"waybill/connectors/bills"
)

func read(t *testing.T, file string, columns bills.Columns, currency string) string {
	t.Helper()
	v, err := bills.Read(strings.NewReader(file), columns, currency)
	if err != nil {
		return err.Error()
	}
	var said []string
	for _, b := range v.Bills {
		said = append(said, fmt.Sprintf("%d %s|%s|%s %s %s", b.Row, b.Number, b.Reference, b.Charge, b.Amount, b.Amount.Currency))
	}
	return strings.Join(said, "\n")
}

func TestAnInvoiceIsReadAsItsCarrierWritesIt(t *testing.T) {
	none := bills.Columns{}
	for _, c := range []struct {
		name, file string
		columns    bills.Columns
		currency   string
		want       string
	}{
		{"our own names", "number,reference,amount,currency\n0034 1,WB-A,5.90,EUR\n,WB-B,-5.90,eur\n", none, "", "2 00341|WB-A| 5.90 EUR\n3 |WB-B| -5.90 EUR"},
		{"German, from a spreadsheet", "\ufeffSendungsnummer;Leistung;Nettobetrag;Währung\r\n0034 1;Paket;1.234,50;EUR\r\n00341;Maut;0,19;EUR\r\n", none, "", "2 00341||Paket 1234.50 EUR\n3 00341||Maut 0.19 EUR"},
		{"Polish, one currency for all", "Numer przesyłki\tKwota\n62-1\t15,49\n", none, "PLN", "2 62-1|| 15.49 PLN"},
		{"names that are given", "A,B,total\n1Z1,7.10,999\n", bills.Columns{Number: "A", Amount: "B"}, "EUR", "2 1Z1|| 7.10 EUR"},
		{"JSON, numbers as they are written", `{"tracking_number":"1Z1","amount":7.10,"currency":"EUR","other":{}}` + "\n\n" + `{"tracking_number":"1Z2","amount":"1,234.5","currency":"EUR"}`, none, "", "1 1Z1|| 7.10 EUR\n3 1Z2|| 1234.50 EUR"},
	} {
		if got := read(t, c.file, c.columns, c.currency); got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestWhatIsNotUnderstoodIsSaidWithRowAndColumnAndNothingIsTaken(t *testing.T) {
	for _, c := range []struct{ file, currency, want string }{
		{"number,amount,currency\n1,5,EUR\n2,5.123,EUR\n", "", `row 3, column "amount": "5.123" is no amount of EUR: more decimals than the currency has`},
		{"number,amount,currency\n1,1.2.3,EUR\n", "", `row 2, column "amount": "1.2.3" is no amount of EUR: it is not clear which of its signs is the decimal one`},
		{"number,amount,currency\n1,\"12,34.5\",EUR\n", "", "it is not clear"},
		{"number,amount,currency\n1,,EUR\n", "", `row 2, column "amount": "" is no amount`},
		{"number,amount,currency\n1,free,EUR\n", "", `row 2, column "amount": "free" is no amount`},
		{"number,amount,Währung\n1,5,Euro\n", "", `row 2, column "Währung": "EURO" is no currency of ISO 4217`},
		{"number,amount\n1,5\n", "", `row 2, column "amount": "" is no currency of ISO 4217: give --currency`},
		{"AWB,amount\n ,5\n", "EUR", `row 2, column "AWB": it names neither a tracking number nor a reference`},
		{"number,amount\n1,5,6\n", "EUR", "row 2 is no CSV: wrong number of fields"},
		{"number,amount\n1\xff,5\n", "EUR", `row 2, column "number": is not UTF-8`},
		{"number,sum\n1,5\n", "EUR", "row 1: which column is the amount? give --amount-column; there are: number, sum"},
		{"parcel,amount\n1,5\n", "EUR", "row 1: which column is the tracking number, or the reference?"},
		{`{"number":["1"],"amount":5}`, "EUR", `row 1, column "number": must be a text or a number`},
		{`{"number":"1","amount":5}` + "\n{oops", "EUR", "row 2 is no JSON object"},
		{"number,amount\n", "EUR", "it has no rows"},
		{"", "EUR", "read the header"},
	} {
		if got := read(t, c.file, bills.Columns{}, c.currency); !strings.Contains(got, c.want) {
			t.Errorf("%q: got %q, want %q", c.file, got, c.want)
		}
	}
	if got := read(t, "number,amount\n1,5\n", bills.Columns{Charge: "Leistung"}, "EUR"); got != `row 1: there is no column "Leistung"; there are: number, amount` {
		t.Errorf("got %q", got)
	}
	var wrong *bills.RowError
	if _, err := bills.Read(strings.NewReader("number,amount\n1,x\n"), bills.Columns{}, "EUR"); !errors.As(err, &wrong) || wrong.Row != 2 || wrong.Column != "amount" {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("number,amount,currency\n1,5.90,EUR\n"))
	f.Add([]byte(`{"number":"1","amount":7.10,"currency":"EUR"}`))
	f.Add([]byte("Sendungsnummer;Betrag\n\"1\n2\";1.234,50\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		v, err := bills.Read(strings.NewReader(string(file)), bills.Columns{}, "EUR")
		if err != nil {
			return
		}
		again, err := bills.Read(strings.NewReader(string(file)), bills.Columns{}, "EUR")
		if err != nil || again.SHA256 != v.SHA256 || len(again.Bills) != len(v.Bills) {
			t.Fatalf("the same file is another invoice: %v", err)
		}
		for _, b := range v.Bills {
			if b.Number == "" && b.Reference == "" || b.Amount.Currency == "" {
				t.Fatalf("row %d is of nothing: %+v", b.Row, b)
			}
		}
	})
}
