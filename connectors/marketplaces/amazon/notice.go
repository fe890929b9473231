package amazon

import (
	"github.com/go-faster/jx"

	"waybill/connectors/reading"
)

// noticeIn finds what we use of a notification: which order it is about, if it names one, and its own id, by which a second delivery
// is known, for delivery is at least once and in no order. It comes as it is written to a queue, in the detail of an event of
// EventBridge, or as the text of a message of SQS, of SNS, or of a Lambda record.
func noticeIn(element jx.Raw) (order, id string, ok bool) {
	found, err := reading.Pick(element, "detail", "Message", "Body", "body")
	if err != nil {
		return "", "", false
	}
	if found[0].Type() == jx.Object {
		return noticeOf(found[0])
	}
	for _, text := range found[1:4] {
		if text.Type() != jx.String {
			continue
		}
		inner, err := jx.DecodeBytes(text).StrBytes()
		if err != nil {
			return "", "", false
		}
		return noticeOf(inner)
	}
	return noticeOf(element)
}

// noticeOf reads a notification, whose fields newer types spell with small letters. What happened stands in an object named after
// its type; whichever that is, it is about the order that it names.
func noticeOf(document jx.Raw) (order, id string, ok bool) {
	found, err := reading.Pick(document, "NotificationType", "NotificationMetadata", "notificationType", "notificationMetadata", "Payload", "payload")
	if err != nil || !said(found[:4]) {
		return "", "", false
	}
	metadata, payload := found[1], found[4]
	if !said(found[:2]) {
		metadata, payload = found[3], found[5]
	}
	ids, _ := reading.Pick(metadata, "NotificationId", "notificationId")
	return orderIn(payload), either(ids[:2]), true
}

func orderIn(payload jx.Raw) string {
	d := jx.DecodeBytes(payload)
	if d.Next() != jx.Object {
		return ""
	}
	it, err := d.ObjIter()
	for err == nil && it.Next() {
		var happened jx.Raw
		if happened, err = d.Raw(); err != nil {
			break
		}
		found, _ := reading.Pick(happened, "AmazonOrderId", "amazonOrderId")
		if ref := either(found[:2]); ref != "" {
			return ref
		}
	}
	return ""
}

func either(values []jx.Raw) string {
	for _, v := range values {
		if ref := reading.Reference(v); ref != "" {
			return ref
		}
	}
	return ""
}
