package failure

import "testing"

func TestFailuresOfOneCauseHaveOneFingerprint(t *testing.T) {
	of := func(reason string) string { return Fingerprint("gateway.toy", "transient", nil, reason) }
	if of(`dial 10.0.0.1:4711 of "Anna" at 12:04: refused`) != of(`dial 10.9.0.7:32 of "Bert" at 23:59: refused`) {
		t.Error("an address, a name or a time makes another of it")
	}
	if of("refused") == of("timed out") || of("refused") == Fingerprint("gateway.other", "transient", nil, "refused") {
		t.Error("two causes are one")
	}
	if Fingerprint("s", "c", []string{"b", "a", "a"}, "x 1") != Fingerprint("s", "c", []string{"a", "b"}, "y") {
		t.Error("what has codes is told by them")
	}
}

func TestATextIsCutBetweenCharacters(t *testing.T) {
	if got := Clip("añb", 2); got != "a" {
		t.Errorf("%q", got)
	}
}
