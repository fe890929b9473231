package main

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	sandboxserver "waybill/internal/sandbox/server"
)

func TestTheSandboxSaysWhereItsPartiesAreAndEndsWithCtrlC(t *testing.T) {
	t.Parallel()
	cmd := program(t, "sandbox", "--listen", "127.0.0.1:0", "--orders", "3", "--faults", "light", "-o", "json")
	cmd.Env = append(cmd.Env, sandboxERPToken+"=of-the-test")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() }) // it may have ended
	parties := map[string]sandboxserver.Access{}
	lines := json.NewDecoder(stdout)
	for range 3 {
		var party sandboxserver.Access
		if err := lines.Decode(&party); err != nil {
			t.Fatal(err)
		}
		parties[party.Party] = party
	}
	if len(parties["kaufland"].Made) != 2 || len(parties["allegro"].Made) != 3 || len(parties["erp"].Made) != 0 {
		t.Errorf("what was given is told, or what was made is not: %+v", parties)
	}
	base, _ := strings.CutSuffix(parties["erp"].URL, "/erp/v1")
	putJSON(t, base+"/admin/faults", `{"rules":[{"party":"erp","operation":"*","fault":"latency","probability":1,"seconds":600}]}`)
	waiting := make(chan error, 1)
	go func() {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, parties["erp"].URL+"/orders", nil)
		if err == nil {
			request.Header.Set("Authorization", "Bearer of-the-test")
			_, err = http.DefaultClient.Do(request) // there is no answer: it is cut
		}
		waiting <- err
	}()
	eventually(t, func() string { return get(t, base+"/admin/faults") }, func(shown string) bool { return strings.Contains(shown, `"erp orders.list latency":1`) })
	began := time.Now()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-waiting; err == nil {
		t.Error("a request that was to wait ten minutes was answered")
	}
	if err := cmd.Wait(); err != nil || time.Since(began) > 30*time.Second {
		t.Errorf("Ctrl-C ended it after %v with %v", time.Since(began), err)
	}
}

func putJSON(t *testing.T, url, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Fatal(answer.Status)
	}
}
