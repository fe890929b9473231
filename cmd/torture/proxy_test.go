package main

import (
	"bufio"
	"fmt"
	"net"
	"testing"
	"time"
)

// echo is a server that says each line again.
func echo(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				for lines := bufio.NewScanner(conn); lines.Scan(); {
					fmt.Fprintln(conn, lines.Text())
				}
			}()
		}
	}()
	return listener.Addr().String()
}

// says sends a line and waits for it to come back.
func says(conn net.Conn, wait time.Duration) error {
	_ = conn.SetDeadline(time.Now().Add(wait))
	if _, err := fmt.Fprintln(conn, "hello"); err != nil {
		return err
	}
	_, err := bufio.NewReader(conn).ReadString('\n')
	return err
}

func TestAWireThatWasAHoleDeliversWhatWasOnItsWay(t *testing.T) {
	free, err := freeAddresses(1)
	if err != nil {
		t.Fatal(err)
	}
	w, err := newWire(free[0], echo(t))
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	conn, err := net.Dial("tcp", w.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := says(conn, 20*time.Second); err != nil {
		t.Fatal(err)
	}
	w.cut(hole)
	if err := says(conn, 100*time.Millisecond); err == nil {
		t.Error("bytes passed through a hole")
	}
	if err := w.mend(); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || line != "hello\n" {
		t.Errorf("got %q, %v", line, err)
	}
}

func TestAWireThatRefusesThrowsEverybodyOutUntilItIsMended(t *testing.T) {
	for _, mode := range []string{refusing, reset} {
		free, err := freeAddresses(1)
		if err != nil {
			t.Fatal(err)
		}
		w, err := newWire(free[0], echo(t))
		if err != nil {
			t.Fatal(err)
		}
		conn, err := net.Dial("tcp", w.address)
		if err != nil {
			t.Fatal(err)
		}
		if err := says(conn, 20*time.Second); err != nil {
			t.Fatal(err)
		}
		w.cut(mode)
		if err := says(conn, 20*time.Second); err == nil {
			t.Errorf("%s: a connection stood", mode)
		}
		_, err = net.Dial("tcp", w.address)
		if (err != nil) != (mode == refusing) {
			t.Errorf("%s: dialling says %v", mode, err)
		}
		if err := w.mend(); err != nil {
			t.Fatal(err)
		}
		again, err := net.Dial("tcp", w.address)
		if err != nil {
			t.Fatal(err)
		}
		if err := says(again, 20*time.Second); err != nil {
			t.Errorf("%s: mended, it says %v", mode, err)
		}
		w.close()
	}
}
