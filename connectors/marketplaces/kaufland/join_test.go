package kaufland

import "testing"

func TestAUnitIsOlderByTheTimeOfItsLastChange(t *testing.T) {
	for _, c := range []struct {
		part, known string
		want        bool
	}{
		{`{"ts_updated_iso":"2026-08-30T17:46:55Z"}`, `{"ts_updated_iso":"2026-08-30T17:46:56Z"}`, true},
		{`{"ts_updated_iso":"2026-08-30T17:46:56Z"}`, `{"ts_updated_iso":"2026-08-30T17:46:55Z"}`, false},
		{`{"ts_updated_iso":"2026-08-30T17:46:55Z"}`, `{"ts_updated_iso":"2026-08-30T17:46:55Z"}`, false},
		{`{"ts_created_iso":"2026-08-30T17:46:54Z"}`, `{"ts_updated_iso":"2026-08-30T17:46:55Z"}`, true},
		{`{}`, `{"ts_updated_iso":"2026-08-30T17:46:55Z"}`, false},
		{`{"ts_updated_iso":"2026-08-30T17:46:55Z"}`, `no JSON`, false},
	} {
		if got := (Marketplace{}).Older([]byte(c.part), []byte(c.known)); got != c.want {
			t.Errorf("%s after %s: older is %v", c.part, c.known, got)
		}
	}
}
