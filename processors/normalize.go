package processors

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"

	"waybill/schemas"
	"waybill/topics"
)

// Channel puts what a channel sent into our words. It is pure: the same bytes give the same order.
type Channel interface {
	// Mapping names the version of the mapping: "allegro/1".
	Mapping() string
	// Normalize answers an order whose identity, change and mapping are still to be set, or schemas.Faults with all that is
	// wrong with it. Beside faults stands the order as far as it could be read, nil if it could not at all: it is worth nothing but
	// for what it was promised.
	Normalize(raw *schemas.RawOrder) (*schemas.Order, error)
}

// Normalize says every raw order in our words, once a version: a repeat of what is known leads to nothing. It adds what the seller
// knows and the channel does not: which articles the offers are, and by when they have to leave.
func Normalize(s Sources) Processor {
	step := Step(Processor{
		Name:     "normalize",
		Reads:    []*topics.Topic{topics.OrdersRaw},
		Back:     topics.StepNormalize,
		Table:    topics.TableNormalize,
		Looks:    []*topics.Topic{topics.IDCatalogue, topics.Mappings},
		Writes:   append([]*topics.Topic{topics.OrdersNormalized, topics.OrdersFetch, topics.OrdersKeys, topics.IDMap}, outboxes()...),
		State:    schemas.OrderVersionsSchema,
		Snapshot: true,
	}, func(event *topics.Event, raw *schemas.RawOrder, known *schemas.OrderVersions) (Result, error) {
		if raw.Form == schemas.FormNotice {
			return notice(raw, known, s.terms(raw.Party).Called)
		}
		channel, err := s.Channels.Channel(raw.Party, topics.Find(event.Headers, topics.HeaderMapping))
		switch {
		case err != nil:
			return Result{}, fmt.Errorf("read an order of %s: %w", raw.Party, err)
		case channel == nil:
			return Result{}, Dead(schemas.ClassUnknownParty, fmt.Errorf("no party %q is configured here", raw.Party))
		}
		n := normalizing{sources: &s, channel: channel, terms: s.terms(raw.Party), raw: raw, known: known}
		n.again = event.Topic == topics.StepNormalize
		n.reread = n.again && topics.Find(event.Headers, topics.HeaderOrigin) == schemas.OriginReplay && !n.hasFailed()
		return n.run()
	})
	step.Came = s.came
	return step
}

// outboxes are those of the channels that can be asked.
func outboxes() (all []*topics.Topic) {
	for _, party := range topics.Called() {
		all = append(all, topics.Named(topics.OutboxName(party)))
	}
	return all
}

// normalizing is one raw order on its way.
type normalizing struct {
	sources *Sources
	channel Channel
	terms   Terms
	raw     *schemas.RawOrder
	known   *schemas.OrderVersions
	again   bool             // it comes back, to be tried again
	reread  bool             // it was understood, and only says that what is known is to be read anew
	request *schemas.Request // that this is, if the sender gave it a key
	parts   []schemas.Part   // with this one, if it is one
}

func (n *normalizing) run() (Result, error) {
	body, err := n.document()
	if err != nil {
		return Result{}, err
	}
	order, err := n.read(body)
	if err != nil {
		return n.refuse(err, n.promised(order))
	}
	n.admitted()
	kept := keepPeople(order, n.known)
	hash, err := contentHash(order)
	if err != nil {
		return Result{}, Dead(schemas.ClassInvalid, err)
	}
	same := bytes.Equal(hash, n.known.Hash)
	if !same && isOlder(order, n.known) {
		return n.repeat(nil)
	}
	n.keep(body)
	if same {
		return n.repeat(n.fetched())
	}
	n.known.ShipTo, n.known.BillTo, n.known.Buyer = order.ShipTo, order.BillTo, order.Buyer
	warnKept(order, kept)
	if err := n.enrich(order); err != nil {
		if !slices.Contains(n.known.Waited, order.Revision) {
			n.known.Waited = keepLast(append(n.known.Waited, order.Revision))
		}
		return Result{}, Promised(Alike(err, hash), n.promised(order))
	}
	n.terms.Calendar.promise(order)
	order.Change, order.Mapping = changeOf(order, n.known), n.channel.Mapping()
	messages := append(n.orderMessages(order), n.requestMessages()...)
	remember(order, hash, n.known)
	return Result{Messages: messages, Partial: n.raw.Form == schemas.FormPatch}, nil
}

// read is the document in our words.
func (n *normalizing) read(body []byte) (*schemas.Order, error) {
	raw := *n.raw
	raw.Body.Bytes = body
	order, err := n.channel.Normalize(&raw)
	if err != nil {
		return order, err
	}
	order.OrderID, order.Party, order.Seller, order.Channel, order.Ref = raw.OrderID, raw.Party, raw.Seller, raw.Channel, raw.Ref
	return order, nil
}

// promised is when an order has to have left, though there is something wrong with it; nil if nobody can tell.
func (n *normalizing) promised(order *schemas.Order) *schemas.Millis {
	if order == nil || order.PlacedAt == 0 {
		return nil
	}
	n.terms.Calendar.promise(order)
	return order.ShipBy
}

// orderMessages are the order, and what follows from it.
func (n *normalizing) orderMessages(order *schemas.Order) []topics.Message {
	if order.SourceKind == "" {
		order.SourceKind = sourceKinds[n.raw.Origin]
	}
	messages := []topics.Message{{
		Topic:   topics.OrdersNormalized,
		Key:     order.OrderID,
		Value:   order,
		Headers: []topics.Header{{Key: topics.HeaderMapping, Value: []byte(order.Mapping)}},
	}}
	messages = append(messages, n.unitLinks(order)...)
	return append(messages, n.fetched()...)
}

// fetched ends the task to fetch the order, if there is one: it is here, as it stands now.
func (n *normalizing) fetched() []topics.Message {
	if n.known.ToFetch == 0 {
		return nil
	}
	done := fetchTask(n.raw, n.known, schemas.FetchDone)
	n.known.ToFetch = 0
	return []topics.Message{done}
}

// sourceKinds is where an order comes from, if its channel does not say it better.
var sourceKinds = map[string]string{
	schemas.OriginWebhook: "marketplace_webhook", schemas.OriginPoll: "marketplace_poll", schemas.OriginCron: "marketplace_poll",
	schemas.OriginFeed: "file", schemas.OriginAPI: "api", schemas.OriginManual: "form",
}

// unitLinks lead from each piece that the channel knows by a reference of its own to the order.
func (n *normalizing) unitLinks(order *schemas.Order) []topics.Message {
	var links []topics.Message
	for i := range order.Lines {
		for _, unit := range order.Lines[i].UnitRefs {
			links = append(links, topics.Message{
				Topic: topics.IDMap, Key: schemas.LinkKey(order.Party, schemas.LinkUnit, unit),
				Value: &schemas.Link{
					Party: order.Party, Kind: schemas.LinkUnit, Ref: unit, OurID: order.OrderID, At: n.raw.ReceivedAt, By: "normalize",
				},
			})
		}
	}
	if int64(len(links)) == n.known.Units {
		return nil
	}
	n.known.Units = int64(len(links))
	return links
}

// refuse sends a payload to the trash once; the same bytes again are a repeat, unless they come out of the trash. What lacks only a part
// that may still come waits for that.
func (n *normalizing) refuse(err error, shipBy *schemas.Millis) (Result, error) {
	if n.raw.Form == schemas.FormPart && incomplete(err) {
		n.known.Parts = n.parts
		until := n.raw.ReceivedAt + incompleteMillisMax
		return Result{}, Promised(Park("the rest of the order", until, schemas.ClassIncomplete, err), shipBy)
	}
	if n.hasFailed() && !n.again {
		n.known.Duplicates++
		return Result{Repeat: true}, nil
	}
	hash := sha256.Sum256(n.raw.Body.Bytes)
	n.known.Failed = keepLast(append(n.known.Failed, hash[:hashBytes]))
	return Result{}, Promised(Dead(schemas.ClassInvalid, err), shipBy)
}

// hasFailed tells whether these bytes went to the trash before.
func (n *normalizing) hasFailed() bool {
	hash := sha256.Sum256(n.raw.Body.Bytes)
	return slices.ContainsFunc(n.known.Failed, func(h []byte) bool { return bytes.Equal(h, hash[:hashBytes]) })
}

// incompleteMillisMax is how long an order waits for the rest of its parts.
const incompleteMillisMax = 60 * 60 * 1000

func incomplete(err error) bool {
	var faults schemas.Faults
	return errors.As(err, &faults) && !slices.ContainsFunc(faults, func(f schemas.Fault) bool { return f.Code != schemas.FaultIncomplete })
}

// repeat says nothing of the order. A request that changed nothing was carried out nevertheless.
func (n *normalizing) repeat(messages []topics.Message) (Result, error) {
	n.known.Duplicates++
	if n.request != nil {
		messages = append(messages, n.requestMessages()...)
	}
	return Result{Messages: messages, Repeat: messages == nil, Partial: true}, nil
}

const (
	hashBytes       = 16
	versionsKeptMax = 16 // earlier revisions, failed bodies and notices remembered of one order
)

// contentVersion is the version of the schema that a content hash is made of. It stays when the schema grows by what later stages
// add, or every repeat after an upgrade would be an amendment.
var contentVersion = schemas.OrderSchema.Versions()[1].Fingerprint

// contentHash is of all that the order says, which the channel's own bytes are not: those change with the order of their fields. By
// which door it came makes no difference.
func contentHash(order *schemas.Order) ([]byte, error) {
	said := *order
	said.SourceKind = ""
	b, err := schemas.OrderSchema.AppendAs(make([]byte, 0, 1024), contentVersion, &said)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	return sum[:hashBytes], nil
}

// isOlder tells a delivery that says something older than what is known from an amendment. Content alone does not: an address that
// goes A → B → A is three events, because revision or time of change move on with it.
func isOlder(order *schemas.Order, known *schemas.OrderVersions) bool {
	if order.UpdatedAt != nil && known.UpdatedAt != nil && *order.UpdatedAt != *known.UpdatedAt {
		return *order.UpdatedAt < *known.UpdatedAt
	}
	if order.Status == schemas.StatusPending && known.Status != "" && known.Status != schemas.StatusPending {
		return true // a late word about an order that has moved on
	}
	return order.Revision != "" && order.Revision != known.Revision && slices.Contains(known.Revisions, order.Revision)
}

func changeOf(order *schemas.Order, known *schemas.OrderVersions) string {
	switch {
	case order.Status == schemas.StatusCancelled:
		return schemas.ChangeCancelled
	case known.Events == 0:
		return schemas.ChangeReceived
	}
	return schemas.ChangeAmended
}

func remember(order *schemas.Order, hash []byte, known *schemas.OrderVersions) {
	if known.Events > 0 && known.Revision != order.Revision {
		known.Revisions = append(known.Revisions, known.Revision)
	}
	// What waited before this one came is overtaken by it. What came behind it waits on.
	overtaken := len(known.Waited)
	if at := slices.Index(known.Waited, order.Revision); at >= 0 {
		overtaken = at
	}
	known.Revisions = keepLast(append(known.Revisions, known.Waited[:overtaken]...))
	known.Waited = known.Waited[min(overtaken+1, len(known.Waited)):]
	known.Hash, known.Revision, known.Status = hash, order.Revision, order.Status
	if order.UpdatedAt != nil {
		known.UpdatedAt = order.UpdatedAt
	}
	known.Events++
}

func keepLast[T any](all []T) []T { return all[max(0, len(all)-versionsKeptMax):] }
