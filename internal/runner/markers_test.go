package runner

import "testing"

// What a step writes ends in markers of its transactions. They were left unread by the next step, which then looked as if it were behind
// for ever.
func TestAStepThatHasReadAllOfAnotherIsBehindByNothing(t *testing.T) {
	r := newRig(t)
	chain := (&moody{}).chain()
	r.provision(chain[0])
	r.provisionMore(chain[1])
	for _, step := range chain {
		r.start(step, "1")
	}
	for range 3 {
		r.feed(20, 0, 3)
		for _, step := range chain {
			r.awaitRead(step) // to the end of the topic, markers and all
		}
	}
}
