package fault

import (
	"math"
	"strings"
	"testing"
	"time"
)

var known = Operations{"erp": {"get": Reading, "create": Acting}, "market": {"push": Pushing}}

func decide(c *Chance, times int) (all []Blow) {
	for range times {
		all = append(all, c.Next("erp", "create", Acting))
	}
	return all
}

func still() time.Time { return time.Unix(1_800_000_000, 0) }

func TestTheSameSeedAndNumberDecideTheSame(t *testing.T) {
	rules, _ := Mix("heavy")
	one, two, other := New(7, still), New(7, still), New(8, still)
	for _, c := range []*Chance{one, two, other} {
		c.Use(rules)
	}
	two.Next("erp", "get", Reading) // what happens to another operation changes nothing
	first, second, third := decide(one, 300), decide(two, 300), decide(other, 300)
	differ := 0
	for i := range first {
		if first[i].Kind != second[i].Kind || first[i].Wait != second[i].Wait || first[i].For != second[i].For {
			t.Fatalf("request %d: %+v and %+v of one seed", i+1, first[i], second[i])
		}
		if first[i].Kind != third[i].Kind {
			differ++
		}
	}
	if differ == 0 {
		t.Error("another seed decides the same")
	}
	one.Use(rules)
	if again := decide(one, 300); again[123].Kind != first[123].Kind {
		t.Error("other rules do not count from one again")
	}
}

func TestAFaultStrikesAsOftenAsItsRuleSays(t *testing.T) {
	for _, probability := range []float64{0, 0.1, 1} {
		c := New(3, still)
		c.Use([]Rule{{"erp", "create", Drop, probability, 0}})
		struck := 0
		for _, b := range decide(c, 5000) {
			if b.Kind == Drop {
				struck++
			}
		}
		if math.Abs(float64(struck)-5000*probability) > 100 || c.Struck()[Struck{"erp", "create", Drop}] != struck {
			t.Errorf("probability %v: %d of 5000, counted %v", probability, struck, c.Struck())
		}
	}
}

func TestRulesThrowDiceOfTheirOwn(t *testing.T) {
	c := New(5, still)
	c.Use([]Rule{{Any, Any, Down, 0.3, 0}, {Any, Any, Drop, 0.3, 0}})
	struck := map[Kind]int{}
	for _, b := range decide(c, 10_000) {
		struck[b.Kind]++
	}
	if down, drop := struck[Down], struck[Drop]; down < 2850 || down > 3150 || drop < 1950 || drop > 2250 {
		t.Errorf("%v", struck)
	}
}

func TestAStormBlowsForItsTimeOnItsOperationAlone(t *testing.T) {
	now := still()
	c := New(1, func() time.Time { return now })
	c.Use([]Rule{{Any, "create", Storm, 1, 3}})
	decide(c, 1)
	c.mu.Lock()
	c.rules = nil // only what began goes on
	c.mu.Unlock()
	now = now.Add(2 * time.Second)
	if b := decide(c, 1)[0]; b.Kind != Storm || b.For != time.Second {
		t.Errorf("after two of three seconds: %+v", b)
	}
	if b := c.Next("erp", "get", Reading); b.Kind != "" {
		t.Errorf("another operation has %+v", b)
	}
	now = now.Add(time.Second)
	if b := decide(c, 1)[0]; b.Kind != "" {
		t.Errorf("the storm is over, but %+v", b)
	}
}

func TestLatencyJoinsWhateverElseStrikesAndTheFirstRuleWins(t *testing.T) {
	c := New(1, still)
	c.Use([]Rule{{Any, Any, Latency, 1, 2}, {Any, Any, Late, 1, 5}, {Any, Any, Drop, 1, 0}})
	b := decide(c, 1)[0]
	if b.Kind != Late || b.For != 5*time.Second || b.Wait <= 0 || b.Wait > 2*time.Second {
		t.Errorf("%+v", b)
	}
	if b := c.Next("erp", "get", Reading); b.Kind != Drop {
		t.Errorf("what only reads can not be done late, but %+v", b)
	}
}

func TestMixesAreRulesThatCanBeUsed(t *testing.T) {
	for name := range mixes {
		rules, err := Mix(name)
		if err == nil {
			err = Check(rules, known)
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if none, err := Mix(""); err != nil || len(none) != 0 {
		t.Errorf("no name: %v, %v", none, err)
	}
	if _, err := Mix("storm"); err == nil || !strings.Contains(err.Error(), "heavy, light, none") {
		t.Errorf("an unknown mix: %v", err)
	}
}

func TestWrongRulesAreRefusedInWords(t *testing.T) {
	for want, r := range map[string]Rule{
		`no party "crm"; there are: erp, market`:     {"crm", Any, Drop, 1, 0},
		`no operation "put"; there are: create, get`: {"erp", "put", Drop, 1, 0},
		"probability -0.1":                           {"erp", Any, Drop, -0.1, 0},
		"probability NaN":                            {"erp", Any, Drop, math.NaN(), 0},
		"probability 1.1":                            {"erp", Any, Drop, 1.1, 0},
		"seconds 601":                                {"erp", Any, Late, 1, 601},
		"seconds NaN":                                {"erp", Any, Late, 1, math.NaN()},
		"a storm needs seconds":                      {"erp", Any, Storm, 1, 0},
		`can have the fault "late"`:                  {"erp", "get", Late, 1, 1},
		`can have the fault "fire"`:                  {Any, Any, "fire", 1, 1},
	} {
		if err := Check([]Rule{{Any, Any, Down, 0.5, 0}, r}, known); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "rule 2") {
			t.Errorf("%+v: %v, want %q", r, err, want)
		}
	}
	if err := Check(make([]Rule, RulesMax+1), known); err == nil {
		t.Error("more rules than are allowed pass")
	}
}
