package amazon

import (
	"bytes"
	"testing"

	"waybill/internal/sandbox/specification"
)

func TestEveryOrderFollowsTheSpecification(t *testing.T) {
	rules, err := specification.Read("testdata/order.txt")
	if err != nil {
		t.Fatal(err)
	}
	for n := range uint64(800) {
		for version := 1; version <= 4; version++ {
			sheet := Market(8).Order(n, version)
			if err := rules.Check(sheet.Body); err != nil {
				t.Fatalf("order %d, version %d: %v\n%s", n, version, err, sheet.Body)
			}
		}
	}
}

func TestEveryNotificationFollowsItsSchema(t *testing.T) {
	rules, err := specification.Read("testdata/order-change-notification.txt")
	if err != nil {
		t.Fatal(err)
	}
	for n := range uint64(800) {
		sheet := Market(8).Notification(n)
		if err := rules.Check(sheet.Body); err != nil {
			t.Fatalf("notification %d: %v\n%s", n, err, sheet.Body)
		}
	}
}

func TestANotificationAnnouncesItsOrder(t *testing.T) {
	ids := map[string]bool{}
	for n := range uint64(500) {
		order, notice := Market(8).Order(n, 1), Market(8).Notification(n)
		if notice.Ref != order.Ref || !bytes.Contains(notice.Body, []byte(`"AmazonOrderId":"`+order.Ref+`"`)) ||
			!bytes.Contains(notice.Body, []byte(`"TimeOfOrderChange":"`+order.Revision+`"`)) || notice.Lines != order.Lines {
			t.Fatalf("%s announces %+v, the order is\n%s", notice.Body, notice, order.Body)
		}
		if ids[notice.Revision] {
			t.Fatalf("notification %d has the id of another: %s", n, notice.Revision)
		}
		ids[notice.Revision] = true
	}
}
