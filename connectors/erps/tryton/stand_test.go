package tryton_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/connectors/erps/tryton"
)

// real is a real Tryton as its own administrator sees it: what is asserted is what it says to requests written by hand.
type real struct {
	*testing.T
	url, dir      string
	authorization string
	context       map[string]any
}

func startReal(t *testing.T) *real {
	t.Helper()
	url, dir := os.Getenv("WAYBILL_TEST_ERP"), os.Getenv("WAYBILL_TEST_ERP_DIR")
	if url == "" {
		t.Skip("it needs a real Tryton: deploy/with-erp go test ./connectors/erps/tryton, or make test-erp")
	}
	r := &real{T: t, url: url, dir: dir}
	var signed []any
	r.into(&signed, "common.db.login", "admin", map[string]string{"password": r.file("tryton", "admin-password")})
	r.authorization = "Session " + base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "admin:%v:%v", signed[0], signed[1]))
	r.into(&r.context, "model.res.user.get_preferences", true, map[string]any{})
	return r
}

// file is what stands in one of its folder.
func (r *real) file(names ...string) string {
	r.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{r.dir}, names...)...))
	if err != nil {
		r.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// erp is the connector, in a session of its own.
func (r *real) erp() *tryton.ERP {
	r.Helper()
	erp, err := tryton.New(r.url, "waybill", r.file("tryton", "password"))
	if err != nil {
		r.Fatal(err)
	}
	return erp
}

// into makes a request as it is, and reads the result.
func (r *real) into(result any, method string, params ...any) {
	r.Helper()
	body, err := json.Marshal(map[string]any{"id": 1, "method": method, "params": params})
	if err != nil {
		r.Fatal(err)
	}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodPost, r.url, bytes.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", r.authorization)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.Fatal(err)
	}
	defer response.Body.Close()
	said, err := io.ReadAll(response.Body)
	if err != nil {
		r.Fatal(err)
	}
	answer := struct {
		Result any `json:"result"`
		Error  any `json:"error"`
	}{Result: result}
	if err := json.Unmarshal(said, &answer); err != nil || answer.Error != nil {
		r.Fatalf("%s: %v %s", method, err, said)
	}
}

// psql speaks with Tryton's database behind its back.
func (r *real) psql(statements ...string) {
	args := []string{"-qh", "127.0.0.1", "-p", r.file("postgres", "port"), "-U", "tryton", "-d", path.Base(r.url)}
	for _, s := range statements {
		args = append(args, "-c", s)
	}
	if said, err := exec.CommandContext(r.Context(), "psql", args...).CombinedOutput(); err != nil {
		r.Errorf("psql: %v: %s", err, said)
	}
}

// do calls a method of a model.
func (r *real) do(result any, method string, params ...any) {
	r.Helper()
	r.into(result, "model."+method, append(params, r.context)...)
}

// records are what Tryton has of a model.
func (r *real) records(model string, domain []any, fields ...string) []map[string]any {
	r.Helper()
	var found []map[string]any
	r.do(&found, model+".search_read", domain, 0, nil, [][]string{{"id", "ASC"}}, fields)
	return found
}

// where is a condition.
func where(field, operator string, value any) []any { return []any{field, operator, value} }

// decimalIn is a number of Tryton's.
func decimalIn(t *testing.T, value any) string {
	t.Helper()
	number, ok := value.(map[string]any)
	if !ok || number["__class__"] != "Decimal" {
		t.Fatalf("%v is no decimal", value)
	}
	return fmt.Sprint(number["decimal"])
}

// own is a word that no other test uses, nor this one when it runs again.
func own(t *testing.T) string {
	t.Helper()
	return strings.ToLower(t.Name()) + fmt.Sprint(time.Now().UnixNano()%1_000_000_000)
}
