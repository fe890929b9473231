package engine

import "testing"

func TestTheDataOfAnInsertAreFound(t *testing.T) {
	for _, c := range []struct{ text, target, format, data string }{
		{"INSERT INTO t VALUES (1)", "INSERT INTO t ", "Values", " (1)"},
		{"insert into t (a, `values`) values(1)", "insert into t (a, `values`) ", "Values", "(1)"},
		{"INSERT INTO t FORMAT values (1)", "INSERT INTO t ", "Values", "(1)"},
		{"INSERT INTO t FORMAT CSV\n\n1", "INSERT INTO t ", "CSV", "\n1"},
		{"INSERT INTO t FORMAT CSV \r\n1", "INSERT INTO t ", "CSV", "1"},
		{"INSERT INTO t FORMAT Native", "INSERT INTO t ", "Native", ""},
		{"INSERT INTO `VALUES` (\"FORMAT\") SETTINGS x = 'it\\'s VALUES' FORMAT CSV 1", "INSERT INTO `VALUES` (\"FORMAT\") SETTINGS x = 'it\\'s VALUES' ", "CSV", "1"},
		{"/* SELECT */ INSERT -- SELECT\nINTO FUNCTION null('a Int8') VALUES (1)", "/* SELECT */ INSERT -- SELECT\nINTO FUNCTION null('a Int8') ", "Values", " (1)"},
		{"INSERT INTO t VALUES ('VALUES', 'SELECT')", "INSERT INTO t ", "Values", " ('VALUES', 'SELECT')"},
	} {
		found, at, is := splitInsert(c.text)
		if !is || found.target != c.target || found.format != c.format || c.text[at:] != c.data {
			t.Errorf("%q: got %+v, data %q, %t", c.text, found, c.text[at:], is)
		}
	}
}

func TestWhatCarriesNoDataIsLeftAlone(t *testing.T) {
	for _, text := range []string{
		"", " ", "SELECT 1 FORMAT CSV", "INSERT INTO t SELECT 1 FORMAT CSV", "INSERT INTO t (a) WITH 1 AS x SELECT x",
		"INSERT INTO t", "INSERT INTO t FORMAT", "INSERT INTO t (a, 'FORMAT CSV", "INSERT /* VALUES", "-- INSERT INTO t VALUES (1)",
		"EXPLAIN INSERT INTO t VALUES (1)",
	} {
		if found, at, is := splitInsert(text); is {
			t.Errorf("%q: got %+v, data %q", text, found, text[at:])
		}
	}
}

func FuzzSplittingAnInsertEnds(f *testing.F) {
	f.Add("INSERT INTO t (a, b) SETTINGS x = 'y' FORMAT CSV\n1,2")
	f.Add("INSERT INTO t VALUES ('\\")
	f.Add("/*INSERT`")
	f.Fuzz(func(t *testing.T, text string) {
		found, at, is := splitInsert(text)
		if is && (at < 0 || at > len(text) || len(found.target) > at || found.format == "") {
			t.Errorf("%q: got %+v, data at %d", text, found, at)
		}
	})
}
