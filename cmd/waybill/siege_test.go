package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"waybill/internal/embedded"
)

// A siege kills a part of the embedded stack under load, again and again, and compares what was fed, by books that the feeder keeps
// and by what a reader of its own has seen, with what stands on the topics and in ClickHouse. WAYBILL_KILLS says how often; a hundred kills take
// half an hour, because a child that dies five times in a minute is given up:
//
//	WAYBILL_KILLS=100 go test ./cmd/waybill -run TestNothingIsLostOrDoubledWhatever/broker -timeout 2h -v
const (
	siegeKills    = 1 // where the variable says nothing
	siegeWaitMax  = 1500 * time.Millisecond
	siegePatience = 10 * time.Minute // until something works again: a machine may be busy with other things
	siegeReserve  = 5 * time.Minute  // of the test's time, to compare
)

func TestNothingIsLostOrDoubledWhateverIsKilled(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]func(*siege) victim{
		"pipeline": (*siege).pipeline, // waybill run, apart from broker and engine, as in production
		"up":       (*siege).whole,    // waybill up with its children, which must end cleanly
		"broker":   (*siege).broker,   // the child process that holds broker and registry
		"engine":   (*siege).engine,   // the child process that holds ClickHouse
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			besiege(t, kind)
		})
	}
}

// siege is one run of one kind.
type siege struct {
	*testing.T
	random  *rand.Rand
	address string // of the doors, whoever holds them
	data    string
	cluster *stack // that the pipeline is apart from; nil: the instance on data has its own
	feed    *feeders
	witness *witness
	found   verdict
	kills   []time.Time
}

// victim is what is killed.
type victim struct {
	kill   func()
	revive func() // starts it again, if nobody else does
	stop   func() // ends it well
}

func besiege(t *testing.T, kind func(*siege) victim) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("WAYBILL_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("seed %d", seed)
	given(t, "WAYBILL_LIMITS_REQUESTS_PER_SECOND_MAX", "1000000")
	given(t, "WAYBILL_LIMITS_REQUEST_BURST_MAX", "1000000")
	s := &siege{T: t, random: rand.New(rand.NewPCG(seed, 0)), address: freeAddress(t), data: filepath.Join(t.TempDir(), "data")}
	v := kind(s)
	s.feed, s.witness = startFeeders(t, "http://"+s.address, seed), newWitness(t)
	s.witness.follow(s.whereabouts())
	for range killsOf(t, siegeKills) {
		if end, bounded := t.Deadline(); bounded && time.Until(end) < siegeReserve {
			break // what was found so far is worth more than another kill
		}
		s.round(v)
	}
	s.feed.end()
	s.settle()
	v.stop()
	t.Logf("seed %d: %s", seed, &s.found)
	if !s.found.sound() {
		t.Errorf("seed %d: not sound", seed)
	}
}

// round feeds, kills at a random instant, waits until everything works again, and asks verify.
func (s *siege) round(v victim) {
	s.pace()
	s.feed.open()
	within(s.T, siegePatience, s.feed.acceptedSoFar, func(n int64) bool { return n > 0 })
	time.Sleep(200*time.Millisecond + time.Duration(s.random.Int64N(int64(siegeWaitMax))))
	v.kill()
	at := time.Now()
	s.kills = append(s.kills, at)
	s.feed.watchFrom(at)
	v.revive()
	p := within(s.T, siegePatience, s.feed.firstSince, func(p *probe) bool { return p != nil })
	s.found.accepted = append(s.found.accepted, p.at.Sub(at))
	s.witness.follow(s.whereabouts())
	within(s.T, siegePatience, func() bool { return s.witness.has(p.orderID) }, func(ok bool) bool { return ok })
	s.found.normalized = append(s.found.normalized, time.Since(at))
	within(s.T, siegePatience, func() bool { return s.whereabouts().hasLanded(s.T, p.orderID) }, func(ok bool) bool { return ok })
	s.found.landed = append(s.found.landed, time.Since(at))
	s.feed.shut()
	s.askVerify()
	s.Logf("kill %d: accepts again after %s, normalizes after %s, landed after %s", len(s.kills), s.found.accepted[len(s.kills)-1],
		s.found.normalized[len(s.kills)-1], s.found.landed[len(s.kills)-1])
}

// pace keeps the kills of one child as far apart as its supervisor wants them.
func (s *siege) pace() {
	const within, most = 61 * time.Second, 4
	if len(s.kills) >= most {
		time.Sleep(time.Until(s.kills[len(s.kills)-most].Add(within)))
	}
}

// askVerify asks whether all has landed, and where it has not, whether it heals by itself.
func (s *siege) askVerify() {
	faults := s.verify()
	if len(faults) == 0 {
		return
	}
	s.found.named++
	s.Logf("kill %d: verify names %s", len(s.kills), strings.Join(faults, "; "))
	for end := time.Now().Add(2 * time.Minute); len(faults) > 0 && time.Now().Before(end); faults = s.verify() {
		time.Sleep(time.Second)
	}
	if len(faults) == 0 {
		s.found.healed++
	}
}

func (s *siege) verify() (faults []string) {
	cmd := program(s.T, "verify", "--data", s.data, "-o", "json", "--wait", "60s")
	out, _ := cmd.Output() // it fails if it finds a fault
	if len(out) == 0 {
		return []string{"verify had no answer"}
	}
	type report struct {
		Topic            string
		Missing, Doubled int64
		Faults           []string
	}
	for _, r := range rows[report](s.T, string(out)) {
		if r.Missing > 0 || r.Doubled > 0 || len(r.Faults) > 0 {
			faults = append(faults, fmt.Sprint(r))
		}
	}
	return faults
}

// The kinds.

func (s *siege) pipeline() victim {
	s.cluster = startCluster(s.T)
	s.data = s.cluster.config.Data
	home := s.TempDir()
	start := func() *up {
		return startProcess(s.T, "waybill is up at", "run", "--listen", s.address, "--data", home)
	}
	u := start()
	return victim{kill: func() { u.signal() }, revive: func() { u.kill(); u = start() }, stop: func() { s.ends(u) }}
}

func (s *siege) whole() victim {
	adopt(s.T)
	start := func() *up { return startUp(s.T, s.data, "--listen", s.address, "--no-sandbox") }
	u := start()
	var children []int
	return victim{
		kill: func() {
			children = s.children("kafka", "clickhouse")
			u.signal()
		},
		revive: func() {
			u.kill()
			ended := s.cleanEnds(children)
			u = start()
			s.found.unclean += len(children) - <-ended
		},
		stop: func() { s.ends(u) },
	}
}

// broker is the embedded one. Its successor does not know what it had stored and not answered, unlike a real one (KIP-98): what a door then sends
// again stands on orders.raw twice, and its order is normalized once all the same.
func (s *siege) broker() victim {
	s.found.forgets = true
	return s.child("kafka")
}

func (s *siege) engine() victim { return s.child("clickhouse") }

func (s *siege) child(verb string) victim {
	u := startUp(s.T, s.data, "--listen", s.address, "--no-sandbox")
	return victim{
		kill: func() {
			for _, pid := range s.children(verb) {
				if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
					s.Fatal(err)
				}
			}
		},
		revive: func() {}, // its supervisor does
		stop:   func() { s.ends(u) },
	}
}

func (s *siege) ends(u *up) {
	if code := u.stop(s.T); code != exitDone {
		s.Errorf("it ended with %d:\n%s", code, u.stderr.text())
	}
}

// children are the processes of these verbs on the data folder.
func (s *siege) children(verbs ...string) (pids []int) {
	s.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		s.Fatal(err)
	}
	for _, f := range files {
		line, _ := os.ReadFile(f) // a process may end meanwhile
		words := strings.Split(string(line), "\x00")
		if len(words) > 1 && slices.Contains(verbs, words[1]) && slices.Contains(words, s.data) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(f)))
			pids = append(pids, pid)
		}
	}
	if len(pids) != len(verbs) {
		s.Fatalf("%d processes are %v on %s", len(pids), verbs, s.data)
	}
	return pids
}

// adopt makes this process the parent of those whose parent has died, so that it learns how they end.
func adopt(t *testing.T) {
	const becomeSubreaper = 36 // PR_SET_CHILD_SUBREAPER, prctl(2)
	if _, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, becomeSubreaper, 1, 0); err != 0 {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, becomeSubreaper, 0, 0) })
}

// cleanEnds is how many of these adopted processes ended by themselves, and well.
func (s *siege) cleanEnds(pids []int) <-chan int {
	ended := make(chan int, 1)
	go func() {
		clean := 0
		for _, pid := range pids {
			var status syscall.WaitStatus
			_, err := syscall.Wait4(pid, &status, 0, nil)
			if err == nil && status.Exited() && status.ExitStatus() == 0 {
				clean++
			} else {
				s.Logf("child %d ended with %v, %v", pid, status, err)
			}
		}
		ended <- clean
	}()
	return ended
}

// whereabouts is how the stack is reached now.
func (s *siege) whereabouts() *siteOf {
	if c := s.cluster; c != nil {
		return &siteOf{brokers: c.brokers, dsn: c.dsn, registry: c.registry}
	}
	i := within(s.T, siegePatience, func() *embedded.Instance { i, _ := embedded.Find(s.data); return i }, func(i *embedded.Instance) bool { return i != nil })
	return &siteOf{brokers: i.Brokers, dsn: i.ClickHouse, registry: i.Registry}
}
