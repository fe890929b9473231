package clickhouse_test

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"waybill/connectors/clickhouse"
	"waybill/schemas"
	"waybill/topics"
)

// story is some of everything that lands: three topics, two partitions, two currencies, cancellations, trash.
func story() []*topics.Block {
	return []*topics.Block{
		block(topics.OrdersRaw, 0, 0, raw(1, []byte("{}")), raw(2, []byte("[]"))),
		orders(0, 0, 200), orders(1, 0, 100), orders(0, 200, 50),
		block(topics.Trash, 0, 0, trashed(1, schemas.TrashOpen), trashed(2, schemas.TrashOpen), trashed(1, schemas.TrashRepaired)),
	}
}

func TestABlockThatIsWrittenAgainChangesNothing(t *testing.T) {
	h := migrated(t)
	h.write(story()...)
	want := h.numbers()
	if want["orders_normalized"] == "" || h.one("SELECT count() FROM orders_normalized") != "350" {
		t.Fatalf("after the first time: %v", want)
	}
	for range 3 {
		h.write(story()...)
	}
	if diff := cmp.Diff(want, h.numbers()); diff != "" {
		t.Errorf("written four times, the numbers changed (-once +four times):\n%s", diff)
	}
	for table, rows := range map[string]string{"orders_normalized": "350", "audit": "355", "landed": "5", "trash": "3"} {
		if got := h.one("SELECT count() FROM " + table); got != rows {
			t.Errorf("%s stores %s rows, want %s: its tokens were not kept", table, got, rows)
		}
	}
}

// TestNumbersSurviveReplays is item 168: three full replays, cut elsewhere each time, and a fifth of all delivered again.
func TestNumbersSurviveReplays(t *testing.T) {
	h := migrated(t)
	h.write(story()...)
	want := h.numbers()
	dice := rand.New(rand.NewPCG(1, 2))
	for range 3 {
		for _, b := range story() {
			for _, piece := range cut(b, dice) {
				h.write(piece)
				if dice.IntN(5) == 0 {
					h.write(piece)
				}
			}
		}
	}
	got := h.numbers()
	delete(want, "landed") // it holds the cuts
	delete(got, "landed")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the numbers changed (-once +replayed):\n%s", diff)
	}
}

// cut divides a block into two or three at random places.
func cut(b *topics.Block, dice *rand.Rand) []*topics.Block {
	var pieces []*topics.Block
	for from := 0; from < len(b.Events); {
		to := min(len(b.Events), from+1+dice.IntN(len(b.Events)))
		piece := *b
		piece.From, piece.To, piece.Events, piece.Promised = b.From+int64(from), b.From+int64(to), b.Events[from:to], to-from
		pieces = append(pieces, &piece)
		from = to
	}
	return pieces
}

func TestAWriteThatFailedHalfwayIsCompletedByTheNext(t *testing.T) {
	whole := migrated(t)
	whole.write(story()...)
	want := whole.numbers()
	for _, table := range []string{"orders_normalized", "audit", "minute_offsets", "minute_events", "minute_orders", "landed"} {
		t.Run(table, func(t *testing.T) {
			h := migrated(t)
			h.exec("RENAME TABLE " + table + " TO elsewhere")
			failed := 0
			for _, b := range story() {
				if err := h.Write(t.Context(), b); err != nil {
					failed++
					if !strings.Contains(err.Error(), b.Token()) {
						t.Errorf("the error does not name the block %s: %v", b.Token(), err)
					}
				}
			}
			if failed == 0 {
				t.Fatal("nothing failed")
			}
			h.exec("RENAME TABLE elsewhere TO " + table)
			h.write(story()...)
			if diff := cmp.Diff(want, h.numbers()); diff != "" {
				t.Errorf("the numbers differ (-never failed +failed and written again):\n%s", diff)
			}
		})
	}
}

func TestWritersOfOneMinuteDoNotLoseEachOthersSums(t *testing.T) {
	h := migrated(t)
	var writers sync.WaitGroup
	for partition := range int32(4) {
		writers.Go(func() {
			for from := range int64(5) {
				if err := h.Write(t.Context(), orders(partition, from*20, 20)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	want := h.one("SELECT countIf(change = 'received'), countIf(change = 'cancelled'), sumIf(total, change = 'received') FROM orders_normalized")
	got := h.one("SELECT sum(orders), sum(cancelled), sum(revenue) FROM v_orders_per_minute")
	if got != want {
		t.Errorf("the minutes say %s, the rows %s", got, want)
	}
}

func TestALargeBodyLandsByteForByte(t *testing.T) {
	h := migrated(t)
	var bodies []any
	sums := map[string]string{}
	for n := range 8 { // 40 MiB: more than one insert takes
		body := make([]byte, 5<<20)
		for i := range body {
			body[i] = byte(i*7 + i>>8 + n) // every byte, and no UTF-8
		}
		order := raw(n, body)
		sum := sha256.Sum256(body)
		sums[order.OrderID] = strings.ToUpper(hex.EncodeToString(sum[:]))
		bodies = append(bodies, order)
	}
	b := block(topics.OrdersRaw, 0, 0, bodies...)
	h.write(b, b)
	if rows := h.one("SELECT count() FROM orders_raw"); rows != "8" {
		t.Errorf("%s rows, want 8", rows)
	}
	for id, sum := range sums {
		if got := h.one("SELECT hex(SHA256(body)) FROM orders_raw WHERE order_id = '" + id + "'"); got != sum {
			t.Errorf("%s: the body's hash is %s, want %s", id, got, sum)
		}
		var body string
		if err := h.conn.QueryRow(t.Context(), "SELECT body FROM orders_raw WHERE order_id = ?", id).Scan(&body); err != nil {
			t.Fatal(err)
		}
		if got := sha256.Sum256([]byte(body)); strings.ToUpper(hex.EncodeToString(got[:])) != sum {
			t.Errorf("%s: the body came back with another hash", id)
		}
	}
}

func TestBlocksLandOverACompressedWire(t *testing.T) {
	plain := migrated(t)
	plain.write(story()...)
	c, err := clickhouse.Open(t.Context(), plain.dsn+"?compress=lz4", clickhouse.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, b := range append(story(), orders(2, 0, 50)) {
		if err := c.Write(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if got := plain.one("SELECT count() FROM orders_normalized"); got != "400" {
		t.Errorf("%s rows, want 400", got)
	}
}

func TestABlockWithoutRecordsIsARangeThatLanded(t *testing.T) {
	h := migrated(t)
	h.write(&topics.Block{Topic: topics.Trash, From: 10, To: 20, Promised: 7})
	if got := h.one("SELECT topic, from_offset, to_offset, records, superseded FROM landed"); got != "trash10 20 0 7" {
		t.Errorf("got %s", got)
	}
}
