package engine_test

import (
	"net/http"
	"strings"
	"testing"

	"waybill/internal/embedded/enginetest"
)

func TestPingAnswersOk(t *testing.T) {
	address := addressOf(enginetest.Start(t))
	for _, path := range []string{"/ping", "/"} {
		response, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, response); got.status != http.StatusOK || got.body != "Ok.\n" {
			t.Errorf("%s: %d %q", path, got.status, got.body)
		}
	}
}

func TestTheFormatIsTheQuerysThenTheRequests(t *testing.T) {
	address := addressOf(enginetest.Start(t))
	for _, c := range []struct{ statement, words, want string }{
		{"SELECT 1 AS n", "", "1\n"},
		{"SELECT 1 AS n", "default_format=JSONEachRow", "{\"n\":1}\n"},
		{"SELECT 1 AS n FORMAT CSVWithNames", "default_format=JSONEachRow", "\"n\"\n1\n"},
		{"SELECT {n:UInt8} AS n", "param_n=7", "7\n"},
		{" AS n FORMAT JSONEachRow", "query=SELECT+1", "{\"n\":1}\n"},
	} {
		if got := ask(t, address, c.statement, c.words); got.body != c.want {
			t.Errorf("%s: got %q, want %q", c.statement, got.body, c.want)
		}
	}
}

func TestWhatIsNotSupportedSaysSo(t *testing.T) {
	address := addressOf(enginetest.Start(t))
	got := ask(t, address, "SELECT 1", "session_id=mine")
	if got.status != http.StatusNotImplemented || !strings.Contains(got.body, "Sessions") {
		t.Errorf("a session: %d %s", got.status, got.body)
	}
	response, err := http.Post("http://"+address+"/", "multipart/form-data; boundary=x", strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, response); got.status != http.StatusNotImplemented {
		t.Errorf("an external table: %d %s", got.status, got.body)
	}
}

func TestTheQueryIDIsTheClients(t *testing.T) {
	got := ask(t, addressOf(enginetest.Start(t)), "SELECT 1", "query_id=mine")
	if id := got.header.Get("X-ClickHouse-Query-Id"); id != "mine" {
		t.Errorf("got %q", id)
	}
}
