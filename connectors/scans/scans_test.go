package scans

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"waybill/schemas"
)

func TestAWallClockIsReadInItsZoneAndSaysSo(t *testing.T) {
	clock := Clock{Zone: Zone("Europe/Berlin"), Layouts: append([]string{"02.01.2006 15:04"}, ISO...)}
	for _, c := range []struct{ text, at, zone string }{
		{"18.03.2016 10:02", "2016-03-18T09:02:00.000Z", "Europe/Berlin"},
		{"18.07.2016 10:02", "2016-07-18T08:02:00.000Z", "Europe/Berlin"},
		{" 2019-08-30T08:59:00 ", "2019-08-30T06:59:00.000Z", "Europe/Berlin"},
		{"2019-08-30T08:59:00Z", "2019-08-30T08:59:00.000Z", ""},
		{"2025-02-10T15:13:46+0100", "2025-02-10T14:13:46.000Z", ""},
		{"2020-03-20 15:08:42 +0100", "2020-03-20T14:08:42.000Z", ""},
		{"2026-10-11T01:14:44.365+02:00", "2026-10-10T23:14:44.365Z", ""},
	} {
		sheet := NewSheet("x", "")
		at, zone := clock.Read(sheet, "$.at", c.text)
		if at.String() != c.at || zone != c.zone || len(sheet.faults) > 0 {
			t.Errorf("%q: %v in %q, %v", c.text, at, zone, sheet.faults)
		}
	}
	for _, wrong := range []string{"yesterday", "0001-01-01T00:00:00Z", "1767600000000", "31.02.2026 10:00", "2026-01-05T25:00:00Z"} {
		sheet := NewSheet("x", "")
		if at, _ := clock.Read(sheet, "$.at", wrong); at != 0 || len(sheet.faults) != 1 || sheet.faults[0].Path != "$.at" || sheet.faults[0].Code != "bad_time" {
			t.Errorf("%q: %v, %v", wrong, at, sheet.faults)
		}
	}
	sheet := NewSheet("x", "")
	if at, _ := clock.Read(sheet, "$.at", ""); at != 0 || len(sheet.faults) > 0 {
		t.Error("no time is no fault of the clock")
	}
}

func TestScansOfOneTimeKeepTheirOrderFromTheOldestEnd(t *testing.T) {
	noon := schemas.At(time.Date(2026, 1, 5, 12, 0, 0, 0, time.UTC))
	for name, codes := range map[string][]string{"newest first": {"D", "C", "B", "A"}, "oldest first": {"A", "B", "C", "D"}} {
		sheet := NewSheet("x", "1")
		for _, code := range codes {
			at := noon
			if code == "A" {
				at--
			} else if code == "D" {
				at++
			}
			sheet.Add("$", schemas.Scan{Code: code, At: at})
			sheet.Add("$", schemas.Scan{Code: code, At: at}) // once more
		}
		tracked, err := sheet.Tracked()
		var got []string
		for _, s := range tracked.Scans {
			got = append(got, s.Code)
			if s.Number != "1" || s.Carrier != "x" {
				t.Errorf("%+v", s)
			}
		}
		if !slices.Equal(got, []string{"A", "B", "C", "D"}) || err != nil {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestAVocabularyKnowsWhatStandsInItAndNothingElse(t *testing.T) {
	v := Read([]byte("# where it is from\nstatus,A,Arrived,in_transit,no\nstatus,D,\"Delivered, at last\",delivered,yes\n"))
	for code, want := range map[string]schemas.Scan{
		"A":   {Status: "in_transit", Known: true, Description: "Arrived"},
		" D ": {Status: "delivered", Known: true, Terminal: true, Description: "Delivered, at last"},
		"Z":   {Status: "unknown"},
		"":    {Status: "unknown"},
	} {
		got := schemas.Scan{Code: code}
		v.Mean(&got, "status")
		want.Code = strings.TrimSpace(code)
		if got != want {
			t.Errorf("%q: %+v", code, got)
		}
	}
	for _, wrong := range []string{"status,A,Arrived,gone,no\n", "status,A,Arrived,in_transit,maybe\n", "status,A,in_transit,no\n", "s,A,,created,no\ns,A,,created,no\n"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q was taken", wrong)
				}
			}()
			Read([]byte(wrong))
		}()
	}
}

func TestWordsAndListsAreReadHoweverTheyAreWritten(t *testing.T) {
	var got struct {
		A, B, C, D Word
		One, Many  List[Word]
		None       List[Word]
	}
	sheet := NewSheet("x", "")
	ok := sheet.Take("$", json.RawMessage(`{"A":"1","B":7777777770,"C":null,"D":true,"One":"a","Many":["a",1],"None":null}`), &got)
	if !ok || got.A != "1" || got.B != "7777777770" || got.C != "" || got.D != "true" || !slices.Equal(got.One, List[Word]{"a"}) || len(got.Many) != 2 || got.None != nil {
		t.Errorf("%+v, %v", got, sheet.faults)
	}
	if sheet.Take("$[1]", json.RawMessage(`{"A":{}}`), &got) || len(sheet.faults) != 1 || !strings.HasPrefix(sheet.faults[0].Path, "$[1]") {
		t.Errorf("%v", sheet.faults)
	}
}

func TestDocumentsOneBehindTheOtherAndInAnArrayAreRead(t *testing.T) {
	sheet := NewSheet("x", "")
	var paths []string
	sheet.EachJSON([]byte("\ufeff {\"a\":1}\n[{\"b\":1},{\"c\":1}] {\"d\":1} {"), func(path string, document json.RawMessage) {
		paths = append(paths, path+string(document[2]))
	})
	if !slices.Equal(paths, []string{"$a", "$[1][0]b", "$[1][1]c", "$[2]d"}) {
		t.Errorf("%q", paths)
	}
	if len(sheet.faults) != 1 || sheet.faults[0].Code != "not_json" {
		t.Errorf("%v", sheet.faults)
	}
}

func TestAnXMLDocumentIsReadByItsLocalNamesInItsCharset(t *testing.T) {
	sheet := NewSheet("x", "")
	root := sheet.TakeXML([]byte("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><s:A xmlns:s='y'><s:B c='K\xf6ln'>a<!-- --> b</s:B><B/></s:A>"))
	if root == nil || root.Name != "A" || len(root.All("B")) != 2 || root.First("B").Attr["c"] != "Köln" || root.Of("B") != "ab" {
		t.Errorf("%+v, %v", root, sheet.faults)
	}
	for _, wrong := range []string{"", "<a>", "<a/><b/>", "<?xml version='1.0' encoding='EBCDIC'?><a/>", strings.Repeat("<a>", depthMax+1) + strings.Repeat("</a>", depthMax+1), "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"} {
		sheet := NewSheet("x", "")
		if root := sheet.TakeXML([]byte(wrong)); root != nil || len(sheet.faults) != 1 {
			t.Errorf("%.40q: %+v, %v", wrong, root, sheet.faults)
		}
	}
}

func TestATextIsOneLineThatCanBePrinted(t *testing.T) {
	for said, want := range map[string]string{
		"plain": "plain", "  a \n\t b\u00a0 c ": "a b c", "a\x00b": "ab", "\xff": "", "Zásilka": "Zásilka", strings.Repeat("ä", 400): strings.Repeat("ä", 250),
	} {
		if got := Text(said); got != want {
			t.Errorf("%.30q became %.30q", said, got)
		}
	}
	for said, want := range map[string][2]string{
		"Delivered - Signed for by: ALBY H": {"Delivered", "ALBY H"}, "Delivered : ALBY H": {"Delivered", "ALBY H"}, "Shipment delivered": {"Shipment delivered", ""},
		"signed for by MAX": {"", "MAX"},
	} {
		if text, name := SignedFor(said); text != want[0] || name != want[1] {
			t.Errorf("%q: %q, %q", said, text, name)
		}
	}
}

func TestWhatIsWrongWithOneScanLeavesTheOthers(t *testing.T) {
	sheet := NewSheet("x", "")
	sheet.Add("$.a", schemas.Scan{Number: "1", At: 1})
	sheet.Add("$.b", schemas.Scan{Number: "1"})
	sheet.Add("$.c", schemas.Scan{Number: strings.Repeat("1", numberBytesMax+1), At: 1})
	sheet.Refused("$", "401", "go\naway")
	tracked, err := sheet.Tracked()
	var faults schemas.Faults
	if !errors.As(err, &faults) || len(tracked.Scans) != 1 || len(faults) != 3 || faults[0].Path != "$.b" || faults[1].Path != "$.c" || faults[2].Text != "the carrier answered 401: go away" {
		t.Errorf("%+v, %v", tracked, err)
	}
}

func TestABodyHasSoManyDocumentsAndNoMore(t *testing.T) {
	for name, said := range map[string]string{
		"one behind the other": strings.Repeat("{}", documentsMax+10), "in an array": "[" + strings.Repeat("{},", documentsMax+10) + "{}]",
	} {
		sheet, seen := NewSheet("x", ""), 0
		sheet.EachJSON([]byte(said), func(string, json.RawMessage) { seen++ })
		if _, err := sheet.Tracked(); seen > documentsMax || err == nil || !strings.Contains(err.Error(), "at most 50000 documents") {
			t.Errorf("%s: read %d, %v", name, seen, err)
		}
	}
}
