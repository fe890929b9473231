package direct

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/reading"
	"waybill/schemas"
)

// told is what comes of a table: "line: ref, n lines" of each order, "line! error" of each fault.
func told(t testing.TB, r io.Reader) (all []string) {
	t.Helper()
	for order, err := range FromCSV(r) {
		if err != nil {
			all = append(all, fmt.Sprintf("%d! %v", order.Line, err))
			continue
		}
		raws, err := Marketplace{}.Receive(nil, order.Bytes)
		if err != nil || len(raws) != 1 {
			t.Fatalf("%s: %d orders, %v", order.Bytes, len(raws), err)
		}
		all = append(all, fmt.Sprintf("%d: %s, %d lines", order.Line, raws[0].Ref, strings.Count(string(order.Bytes), `"sku"`)))
	}
	return all
}

const heading = "ref,sku,quantity,unit_price,placed_at,currency\n"

func TestATableOfATillBecomesOrders(t *testing.T) {
	file, err := os.Open("testdata/till.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var got []string
	for order, err := range FromCSV(file) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(order.Bytes))
	}
	want, err := os.ReadFile("testdata/edge.table-of-a-till.json")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), "[\n"+strings.Join(got, ",\n")+"\n]\n"); diff != "" {
		t.Errorf("its payload says otherwise (-want +got):\n%s", diff)
	}
}

func TestRowsThatFollowEachOtherAreOneOrder(t *testing.T) {
	for _, c := range []struct {
		name, table string
		want        []string
	}{
		{"no row", heading, nil},
		{"two orders", heading + "1,a,1,2.00,2026-05-02T08:00:00Z,EUR\n1,b,1,2.00,,\n2,a,1,2.00,2026-05-02T08:00:00Z,EUR\n", []string{"2: 1, 2 lines", "4: 2, 1 lines"}},
		{"no line feed at the end", heading + "1,a,1,2.00,,EUR", []string{"2: 1, 1 lines"}},
		{"semicolons, as where the comma is in numbers", "\ufeffref;sku\r\n1;a\r\n1;b\r\n", []string{"2: 1, 2 lines"}},
		{"tabs", "ref\tsku\n1\ta\n", []string{"2: 1, 1 lines"}},
		{"names in capitals", " Ref ,SKU\n1,a\n", []string{"2: 1, 1 lines"}},
		{"a cell over many lines", "ref,sku,buyer_note\n1,a,\"one\ntwo\"\n2,b,\n", []string{"2: 1, 1 lines", "4: 2, 1 lines"}},
		{"empty rows between", "ref,sku\n1,a\n,\n\n1,b\n , \n2,c\n", []string{"2: 1, 2 lines", "7: 2, 1 lines"}},
		{"one column", "ref\n1\n", []string{"2: 1, 0 lines"}},
		{"cells of ours", "ref,sku,x_shelf\n1,a,B-14\n", []string{"2: 1, 1 lines"}},
		{"what is said again", "ref,sku,currency\n1,a,EUR\n1,b,EUR\n", []string{"2: 1, 2 lines"}},
	} {
		if diff := cmp.Diff(c.want, told(t, strings.NewReader(c.table))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.want, told(t, iotest.OneByteReader(strings.NewReader(c.table)))); diff != "" {
			t.Errorf("%s, byte by byte (-want +got):\n%s", c.name, diff)
		}
	}
}

// What keeps one order from being read keeps no other, unless the rows can not be told apart any more. No order comes in parts.
func TestAFaultOfATableHasItsPlace(t *testing.T) {
	for _, c := range []struct {
		name, table string
		want        []string
	}{
		{"nothing", "", []string{"1! line 1: an empty table: its first row names the columns"}},
		{"no ref", "sku\na\n", []string{"1! line 1: no column is called ref, which says whose line a row is"}},
		{"a column that there is not", "ref,skuu\n1,a\n", []string{"1! line 1, column 2 (skuu): there is no such column; what is only to be kept begins with x_"}},
		{"a column that is no name", "ref,Ida Holm\n1,a\n", []string{"1! line 1, column 2 (*): there is no such column; what is only to be kept begins with x_"}},
		{"a column twice", "ref,sku,SKU\n1,a,b\n", []string{"1! line 1, column 3 (sku): a second column of that name"}},
		{"a column of an object", "ref,lines\n1,a\n", []string{"1! line 1, column 2 (lines): there is no such column; what is only to be kept begins with x_"}},
		{
			"a row that contradicts its order", "ref,sku,currency\n1,a,EUR\n1,b,PLN\n1,c,EUR\n2,d,EUR\n",
			[]string{"2! line 3, column 3 (currency): something else than line 2 says of the same order", "5: 2, 1 lines"},
		},
		{
			"rows that do not stand together", "ref,sku\n1,a\n2,b\n1,c\n1,d\n3,e\n",
			[]string{"2: 1, 1 lines", "3: 2, 1 lines", "4! line 4, column 1 (ref): rows of one order that do not stand together", "6: 3, 1 lines"},
		},
		{
			"no UTF-8", "ref,sku,title\n1,a,ok\n2,b,M\xfcnster\n3,c,ok\n",
			[]string{"2: 1, 1 lines", "3! line 3, column 3 (title): not UTF-8: save the table as such", "4: 3, 1 lines"},
		},
		{
			"a row of nobody's", "ref,sku\n1,a\n2,b\n,c\n3,d\n",
			[]string{"2: 1, 1 lines", "4! line 4, column 1 (ref): nothing says whose line this is; nothing behind it is read"},
		},
		{
			"too few cells", "ref,sku\n1,a\n2,b\n2\n3,d\n",
			[]string{"2: 1, 1 lines", "4! line 4: more or fewer cells than the first row has names; nothing behind it is read"},
		},
		{
			"a broken quotation mark", "ref,sku\n1,a\n2,b\n2,\"c\"d\n3,d\n",
			[]string{"2: 1, 1 lines", "4! line 4: byte 5: extraneous or missing \" in quoted-field; nothing behind it is read"},
		},
		{
			"a quotation mark that never ends", "ref,sku,title\n1,a,\n2,b,\"" + strings.Repeat("x,\n", tableRowBytes) + "3,d,\n",
			[]string{"3! line 3: a row of more than 1048576 bytes: is a quotation mark missing?"},
		},
		{
			"too many rows", "ref,sku\n" + strings.Repeat("1,a\n", tableRowsMax+1) + "2,b\n",
			[]string{"2! line 5002, column 1 (ref): more than 5000 rows of one order", "5003: 2, 1 lines"},
		},
		{"too many columns", "ref" + strings.Repeat(",x_", tableColumnsMax) + "\n", []string{"1! line 1: more than 200 columns"}},
	} {
		if diff := cmp.Diff(c.want, told(t, strings.NewReader(c.table))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestAReaderThatFailsIsNotTheTablesFault(t *testing.T) {
	broken := errors.New("the disk is gone")
	var last error
	orders := 0
	for _, err := range FromCSV(io.MultiReader(strings.NewReader(heading+"1,a,1,1,,\n2,b,1,1,,\n2,c"), iotest.ErrReader(broken))) {
		if last = err; err == nil {
			orders++
		}
	}
	if orders != 1 || !errors.Is(last, broken) {
		t.Errorf("%d orders, then %v", orders, last)
	}
}

func TestWhoHasEnoughIsGivenNoMore(t *testing.T) {
	for _, table := range []string{"ref\n1\n2\n3\n", "ref,sku\n1,\xff\n2,a\n", "skuu\n", "ref,sku\n1,a\n,b\n"} {
		seen := 0
		for range FromCSV(strings.NewReader(table)) {
			seen++
			break
		}
		if seen != 1 {
			t.Errorf("%q: %d", table, seen)
		}
	}
}

// A cell is text, whatever a spreadsheet would make of it; what it says wrong, the faults of the order say.
func TestACellIsWhatItSays(t *testing.T) {
	table := "ref,sku,title,quantity,unit_price,placed_at,currency,business,source,ship_to_name,eans\n" +
		"007,=1+1,@SUM(A1),two,\"12,50\",2026-05-02T08:00:00Z,EUR,yes,phone,-Ida,40063813339 12345678\n"
	for order, err := range FromCSV(strings.NewReader(table)) {
		if err != nil {
			t.Fatal(err)
		}
		want := `{"business":"yes","currency":"EUR","lines":[{"eans":["40063813339","12345678"],"quantity":"two","sku":"=1+1","title":"@SUM(A1)",` +
			`"unit_price":"12,50"}],"placed_at":"2026-05-02T08:00:00Z","ref":"007","ship_to":{"name":"-Ida"},"source":"phone"}`
		if diff := cmp.Diff(want, string(order.Bytes)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		got := faultsOf(t, order.Bytes)
		for _, want := range []string{"wrong_type $.business", "wrong_type $.lines[0].quantity", "bad_amount $.lines[0].unit_price", "bad_ean $.lines[0].eans[0]"} {
			if !slices.Contains(got, want) {
				t.Errorf("%s is not among %q", want, got)
			}
		}
	}
}

// A column that the format does not have would make every order of the table a faulty one.
func TestEveryColumnIsOneOfTheFormat(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range columns {
		if seen[c.name] {
			t.Errorf("two columns are called %s", c.name)
		}
		seen[c.name] = true
		cells := []string{"7", "1"}
		names := []string{"ref", c.name}
		if c.name == "ref" {
			names, cells = names[:1], cells[:1]
		}
		for order, err := range FromCSV(strings.NewReader(strings.Join(names, ",") + "\n" + strings.Join(cells, ",") + "\n")) {
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range faultsOf(t, order.Bytes) {
				flag := slices.Contains([]string{"business", "invoice_required", "prices_include_tax"}, c.name) // 1 is none
				if strings.HasPrefix(fault, reading.UnknownField) || (strings.HasPrefix(fault, reading.WrongType) && !flag) {
					t.Errorf("%s: %s makes of it %s", c.name, order.Bytes, fault)
				}
			}
		}
	}
}

func TestEveryColumnIsExplained(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range columns {
		field := c.name
		for _, part := range []string{"buyer_", "ship_to_", "bill_to_", "pickup_point_"} {
			field = strings.TrimPrefix(field, part)
		}
		if !strings.Contains(string(text), "`"+c.name+"`") && !strings.Contains(string(text), "`"+field+"`") {
			t.Errorf("README.md does not name %s", c.name)
		}
	}
}

// FuzzFromCSV: whatever comes is orders that Receive takes, each under its own reference once, and faults with a place.
func FuzzFromCSV(f *testing.F) {
	till, err := os.ReadFile("testdata/till.csv")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(till))
	for _, seed := range []string{"", "ref", heading, "ref,sku\n1,\"", "ref;sku\n1;a\n2;b\n1;c\n", "\ufeffref\tsku\r\n1\t\"a\"\"b\"\r\n", "ref,\xff\n", "ref,x_\n,,\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, table string) {
		seen := map[string]bool{}
		for order, err := range FromCSV(strings.NewReader(table)) {
			var at *TableError
			switch {
			case err != nil && (!errors.As(err, &at) || at.Line < 1 || order.Line < 1 || at.Reason == ""):
				t.Fatalf("half a fault: line %d, %v", order.Line, err)
			case err != nil:
				continue
			}
			raws, err := Marketplace{}.Receive(nil, order.Bytes)
			if err != nil || len(raws) != 1 {
				t.Fatalf("%s: %d orders, %v", order.Bytes, len(raws), err)
			}
			if ref := raws[0].Ref; ref != "" && seen[ref] {
				t.Fatalf("order %s comes twice", ref)
			} else {
				seen[ref] = true
			}
			_, err = Marketplace{}.Normalize(&raws[0])
			if faults := schemas.Faults(nil); err != nil && (!errors.As(err, &faults) || strings.Contains(err.Error(), reading.UnknownField)) {
				t.Fatalf("%s: %v", order.Bytes, err)
			}
		}
	})
}
