package kaufland

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"

	"waybill/internal/sandbox/wire"
)

// Push announces order n, or one of its units, as Kaufland posts it to a subscription's callback
// (sellerapi.kaufland.com, Push Notifications). It carries no order: the reader must fetch what
// resource names. Ref is that last part of resource, Status the event, and Revision the message's id,
// which a reader knows a repeat by.
func (m Market) Push(n uint64) wire.Sheet {
	s := m.start(n, forOrder, 1)
	d := wire.Throw(uint64(m), n, forPush)
	events := []string{"order_new", "order_unit_new", "order_unit_status_changed"}
	event := d.Weighted(60, 20, 20)
	kind, ref := "orders", s.order.IDOrder
	if event > 0 {
		kind, ref = "order-units", strconv.FormatInt(s.order.Units[d.Below(len(s.order.Units))].IDOrderUnit, 10)
	}
	message := push{
		event: events[event], id: wire.UUID(d, s.placed), resource: "https://sellerapi.kaufland.com/v2/" + kind + "/" + ref + "/", storefront: s.store.code,
	}
	line := wire.Line{}
	wire.Element(&line, &message, (*push).write)
	return wire.Sheet{Body: line, Ref: ref, Revision: message.id, Status: message.event}
}

type push struct {
	event, id, resource, storefront string
	tries                           int // that failed
}

func (p *push) write(l *wire.Line) {
	l.Text("event_name", p.event)
	l.Text("id_message", p.id)
	l.Text("resource", p.resource)
	l.Text("storefront", p.storefront)
}

// Sign signs a request as Kaufland and its sellers both do, for the header Shop-Signature: HMAC-SHA256
// in lower-case hexadecimal of method, whole URI, body and Unix seconds, a line each
// (sellerapi.kaufland.com, REST API, Signing a request). The secret is used as the text it is.
func Sign(secret, method, uri string, body []byte, at int64) string {
	mac := hmac.New(sha256.New, []byte(secret))
	for _, part := range []string{method, uri, string(body)} {
		mac.Write([]byte(part + "\n"))
	}
	mac.Write(strconv.AppendInt(nil, at, 10))
	return hex.EncodeToString(mac.Sum(nil))
}
