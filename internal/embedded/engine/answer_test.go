package engine_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/ClickHouse/clickhouse-go/v2"

	"waybill/internal/embedded/engine"
	"waybill/internal/embedded/enginetest"
)

func TestAnAnswerMayBeLargerThanTheMemory(t *testing.T) {
	const memoryBytesMax = 512 << 20
	process := enginetest.Launch(t, engine.Config{Dir: t.TempDir(), MemoryBytesMax: memoryBytesMax})
	response, err := http.Post("http://"+process.Address+"/?default_format=Native", "", strings.NewReader("SELECT number FROM numbers(100000000)"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if n, err := io.Copy(io.Discard, response.Body); n < 800_000_000 || err != nil {
		t.Errorf("%d bytes came, error %v", n, err)
	}
	if peak := statusKiB(t, process.PID, "VmHWM:"); peak > memoryBytesMax>>10 {
		t.Errorf("the engine has taken %d KiB", peak)
	}
}

// Pieces of such a format are documents of their own: it must not be answered piece by piece.
func TestADocumentIsOne(t *testing.T) {
	address := addressOf(enginetest.Start(t))
	const three = "SELECT number AS n FROM numbers(3)"
	for format, want := range map[string]string{
		"CSVWithNames":          "\"n\"\n0\n1\n2\n",
		"TabSeparatedWithNames": "n\n0\n1\n2\n",
		"Values":                "(0),(1),(2)",
		"JSONEachRow":           "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n",
		"CSV":                   "0\n1\n2\n",
	} {
		if got := ask(t, address, three, "max_block_size=1&default_format="+format).body; got != want {
			t.Errorf("%s asked for by the request: %q", format, got)
		}
		if got := ask(t, address, three+" FORMAT "+format, "max_block_size=1").body; got != want {
			t.Errorf("%s asked for by the statement: %q", format, got)
		}
	}
	const trap = "SELECT number AS n, 1 AS format, 2 AS CSV FROM numbers(2) ORDER BY format, CSV" // CSV is a column here
	if got := ask(t, address, trap, "max_block_size=1&default_format=CSVWithNames").body; strings.Count(got, "format") != 1 {
		t.Errorf("%s: %q", trap, got)
	}
}

func TestAnErrorAfterTheFirstRowsIsNotTakenForTheEnd(t *testing.T) {
	dsn := enginetest.Start(t)
	const query = "SELECT throwIf(number = 2000000, 'too far'), number FROM numbers(3000000) SETTINGS max_block_size = 10000"
	for _, method := range []clickhouse.CompressionMethod{clickhouse.CompressionNone, clickhouse.CompressionLZ4} {
		rows, err := connect(t, dsn, method).Query(t.Context(), query)
		if err == nil {
			for rows.Next() {
			}
			err = rows.Err()
			rows.Close()
		}
		if !isException(err, 395) {
			t.Errorf("%s: got %v, want an exception with code 395", method, err)
		}
	}
	response, err := http.Post("http://"+addressOf(dsn)+"/", "", strings.NewReader(query))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(string(text), "too far") {
		t.Errorf("the answer ended with %v after %d bytes", err, len(text))
	}
}

func TestNoRowsAreAnAnswerToo(t *testing.T) {
	conn := connect(t, enginetest.Start(t), clickhouse.CompressionLZ4)
	var got []struct {
		N uint8 `ch:"n"`
	}
	if err := conn.Select(t.Context(), &got, "SELECT 1 AS n WHERE 0"); err != nil || len(got) != 0 {
		t.Errorf("%d rows, error %v", len(got), err)
	}
}
