package gateway

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"waybill/internal/gateway/breaker"
	"waybill/schemas"
)

func TestOneStorefrontThatFailsWaitsAndTheOthersGoOn(t *testing.T) {
	inPeace(t, func(s *sim, p *scripted) {
		s.kinds[0].Parts = func(t *schemas.Task) []string { return []string{"storefront " + strings.Fields(t.TaskID)[1]} }
		p.set(func(task *schemas.Task) (Answer, error) {
			if strings.Contains(task.TaskID, " de ") {
				return fails(Transient, "502")(task)
			}
			return works200(task)
		})
		limits := DefaultLimits()
		limits.AttemptsMax = 3
		defer s.serve("1", p, limits)()
		ask := func(from, to int) {
			for n := from; n < to; n++ {
				for _, storefront := range []string{"at", "de", "fr"} {
					s.ask("repeatable", fmt.Sprintf("%03d %s of", n, storefront), fmt.Sprint("order ", storefront, n%20))
				}
			}
		}
		ask(0, 60)
		time.Sleep(time.Minute)
		ask(60, 120)
		time.Sleep(5 * time.Minute)
		states := map[string]int{}
		for id, state := range s.states() {
			states[strings.Fields(id)[1]+" "+state]++
		}
		if states["at done"] != 120 || states["fr done"] != 120 || states["de done"]+states["de trashed"] > 0 {
			t.Errorf("while it fails: %v", states)
		}
		if calls := p.count(); calls > 240+64+40 {
			t.Errorf("%d calls were made", calls)
		}
		last := s.last()
		if len(last.Slices) != 1 || last.Slices[0].Slice != "storefront de" || last.Slices[0].State != breaker.Open || last.Slices[0].Reason != "because" || last.Slices[0].Held == 0 {
			t.Errorf("the status names %+v", last.Slices)
		}
		p.set(works200)
		time.Sleep(5 * time.Minute)
		states = map[string]int{}
		for _, state := range s.states() {
			states[state]++
		}
		if states[schemas.TaskDone] != 360 || len(s.trash()) != 0 || len(s.last().Slices) != 0 {
			t.Errorf("once it works: %v, %d in the trash, %+v", states, len(s.trash()), s.last().Slices)
		}
		done := map[int][]string{}
		for _, id := range p.order()[p.count()-120:] { // those of it, in the order of their orders
			n, err := strconv.Atoi(id)
			if err != nil {
				t.Fatal(err)
			}
			done[n%20] = append(done[n%20], id)
		}
		for order, ids := range done {
			if !slices.IsSorted(ids) {
				t.Errorf("order %d: %v", order, ids)
			}
		}
	})
}
