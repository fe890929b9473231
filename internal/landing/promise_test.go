package landing

import "testing"

func TestAPromiseIsReadAsItWasWritten(t *testing.T) {
	last, next := &Span{0, 500, 480}, &Span{500, 731, 230}
	for _, p := range []promise{{}, {last: last}, {next: next}, {last: last, next: next}, {last, next, "5e2c"}} {
		read, err := readPromise(500, p.text())
		if err != nil {
			t.Fatalf("%s: %v", p.text(), err)
		}
		if read.text() != p.text() {
			t.Errorf("wrote %s, read %s", p.text(), read.text())
		}
	}
}

func TestAnOffsetThatWasSetByHandPromisesNothing(t *testing.T) {
	if p, err := readPromise(7, ""); err != nil || p.last != nil || p.next != nil {
		t.Errorf("promises %v, %v", p, err)
	}
}

func TestAPromiseThatMakesNoSenseIsRefused(t *testing.T) {
	for _, text := range []string{"2;next=500-600/1", "1;next=501-600/1", "1;last=0-499/1", "1;next=500-500/0", "1;next=500-600", "1;next=500-x/1", "1;soon=500-600/1"} {
		if p, err := readPromise(500, text); err == nil {
			t.Errorf("%s was read as %s", text, p.text())
		}
	}
}
