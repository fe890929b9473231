package connectors

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"

	"waybill/connectors/scans"
	"waybill/connectors/signature"
	"waybill/schemas"
	"waybill/topics"
)

// TrackingPath is where the door for what carriers push is, with the party's name behind it.
const TrackingPath = "/tracking/"

// PushParty is one configured account of a carrier that pushes, as the door knows it.
type PushParty struct {
	Name, Seller, Carrier string
	Settings              map[string]string // they hold secrets
	Track                 func(said []byte, asked string) (schemas.Tracked, error)
	Push                  scans.Push
}

// Pushes is the door for what carriers say of parcels by themselves: /tracking/{party}, by the method of the carrier. It finds out which
// parcels a push is about and no more; whether anybody knows them is not its business. What was pushed already is accepted again, and not
// stored again.
type Pushes struct {
	door
	carriers map[string]PushParty
	known    map[string]*deeds[struct{}] // pushes, by party
	quiet    map[string]*rate.Limiter    // of what is logged, by party
}

// NewPushes is that door for these parties, by their names. An error says which setting of a party is wrong.
func NewPushes(parties map[string]PushParty, store Store, limits Limits, metrics *Metrics) (*Pushes, error) {
	visitors := make(map[string]Party, len(parties))
	h := &Pushes{carriers: parties, known: map[string]*deeds[struct{}]{}, quiet: map[string]*rate.Limiter{}}
	var faults []error
	for name, party := range parties {
		visitors[name] = Party{Name: name, Seller: party.Seller, Settings: party.Settings}
		h.known[name], h.quiet[name] = newDeeds[struct{}](), rate.NewLimiter(rate.Every(time.Minute), 1)
		if party.Push.Check == nil {
			continue
		}
		if err := party.Push.Check(party.Settings); err != nil {
			faults = append(faults, fmt.Errorf("party %s: %w", name, err))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("open the door for what carriers push: %w", err)
	}
	h.door = newDoor("tracking", visitors, store, limits, metrics)
	h.brings = "words on parcels"
	return h, nil
}

// ServeHTTP answers one request.
func (h *Pushes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	party := strings.TrimPrefix(r.URL.Path, TrackingPath)
	push := h.carriers[party].Push
	methods := map[string]work{push.Method: h.take}
	if push.SetUp {
		methods[http.MethodGet] = h.listens
	}
	h.serve(w, r, party, methods)
}

// take stores what the carrier pushed, and only then says that it is accepted (invariant 1).
func (h *Pushes) take(v *visit) (answer, error) {
	leave, err := h.admit(v)
	if err != nil {
		return answer{}, err
	}
	defer leave()
	push := h.carriers[v.party.Name].Push
	d := &signature.Delivery{Method: v.r.Method, URL: "https://" + v.r.Host + v.r.URL.RequestURI(), Header: v.r.Header, At: v.at}
	if push.Method != http.MethodGet {
		if d.Body, err = readSent(v.w, v.r, h.limits.RequestBytesMax); err != nil {
			return answer{}, err
		}
	}
	proven, id, err := h.prove(v, d)
	if err != nil {
		return answer{}, err
	}
	if len(d.Body) > 0 {
		if d.Body, err = inflated(v.w, v.r, d.Body, h.limits.RequestBytesMax); err != nil {
			return answer{}, err
		}
	}
	h.holdsOnly(v, len(d.Body))
	said := d.Body
	if push.Said != nil {
		said = push.Said(d)
	}
	return h.accept(v, schemas.RawTracking{Proven: proven, DeliveryID: clip(id), Body: schemas.Body{Bytes: said}})
}

// prove turns away what is not the carrier's. Whatever is wrong, the answer is the same: who guesses learns nothing.
func (h *Pushes) prove(v *visit, d *signature.Delivery) (proven bool, id string, err error) {
	var from netip.Addr // none is in no network
	if at, err := netip.ParseAddrPort(v.r.RemoteAddr); err == nil {
		from = at.Addr()
	}
	proven, id, err = h.carriers[v.party.Name].Push.Prove(d, from, v.party.Settings)
	switch {
	case err == nil:
		return proven, id, nil
	case errors.Is(err, signature.ErrNoSecret):
		h.complain(v)
		return false, "", unproven(outcomeNoSecret)
	case errors.Is(err, signature.ErrMissing):
		return false, "", unproven(outcomeUnsigned)
	}
	return false, "", unproven(outcomeWrongSignature)
}

func unproven(outcome string) answer {
	a := refuse(http.StatusUnauthorized, outcome, "this does not show that it is from the carrier")
	a.scheme = "Signature"
	return a
}

// complain says, once a minute, what a party lacks.
func (h *Pushes) complain(v *visit) {
	if h.quiet[v.party.Name].AllowN(v.at, 1) {
		h.Log.Warn("a push of a carrier was turned away, because its party has no secret to prove it with: set push_secret (or push_secret_file) in the settings of the party",
			"door", h.name, "party", v.party.Name)
	}
}

// accept stores a push once for each parcel that it mentions. It is remembered when it is stored: the carrier comes again with what was not.
func (h *Pushes) accept(v *visit, raw schemas.RawTracking) (answer, error) {
	messages, err := h.messages(v, raw)
	if err != nil {
		return answer{}, err
	}
	said := raw.Body.Bytes
	_, repeated, err := h.known[v.party.Name].once(v.at, digestOf([]byte(raw.DeliveryID), said), digest{}, func() (struct{}, error) {
		return struct{}{}, h.keep(v, messages)
	})
	if err != nil {
		return answer{}, err
	}
	a := answer{status: http.StatusOK, outcome: outcomeAccepted, bare: true}
	if repeated {
		a.outcome = outcomeRepeated
	}
	if wanted := h.carriers[v.party.Name].Push.Answer; wanted != nil {
		media, text := wanted(said)
		a.bare, a.media, a.text = false, media, string(text)
	}
	return a, nil
}

// pushedBytesMax bounds what one push comes to, which is stored whole for each of its parcels.
const pushedBytesMax = 32 << 20

// messages are the push once for each parcel. One in which none can be found is of no parcel: it is stored all the same (invariant 3).
func (h *Pushes) messages(v *visit, raw schemas.RawTracking) ([]topics.Message, error) {
	party, bytes := h.carriers[v.party.Name], len(raw.Body.Bytes)
	if bytes > h.limits.BodyBytesMax {
		return nil, &tooMuchError{fmt.Sprintf("the push is longer than %d bytes", h.limits.BodyBytesMax)}
	}
	tracked, _ := party.Track(raw.Body.Bytes, "") // what can not be read, it is told of where it is read for good
	numbers := mentioned(tracked)
	if len(numbers) > h.limits.DocumentsMax || len(numbers)*bytes > pushedBytesMax {
		return nil, &tooMuchError{fmt.Sprintf("the push is about %d parcels: push of fewer at once", len(numbers))}
	}
	raw.Party, raw.Carrier, raw.Origin = party.Name, party.Carrier, schemas.OriginWebhook
	raw.ReceivedAt, raw.ContentType = schemas.At(v.at), clip(v.r.Header.Get("Content-Type"))
	trace := []byte(traceparent(v.r.Header))
	messages := make([]topics.Message, len(numbers))
	for i, number := range numbers {
		of := raw
		of.Number = number
		messages[i] = topics.Message{
			Topic: topics.TrackingRaw, Key: schemas.LinkKey(party.Name, schemas.LinkTracking, number), Value: &of,
			Headers: []topics.Header{{Key: topics.HeaderOrigin, Value: []byte(of.Origin)}, {Key: topics.HeaderTraceparent, Value: trace}},
		}
	}
	return messages, nil
}

// mentioned are the numbers of the parcels that something was said of, at least one: what names none is of the parcel "".
func mentioned(tracked schemas.Tracked) []string {
	numbers := map[string]bool{}
	note := func(number string) {
		if isReference(number) {
			numbers[number] = true
		}
	}
	for i := range tracked.Scans {
		note(tracked.Scans[i].Number)
	}
	for i := range tracked.Absent {
		note(tracked.Absent[i].Number)
	}
	if len(numbers) == 0 {
		return []string{""}
	}
	return slices.Sorted(maps.Keys(numbers))
}

// listens answers a carrier that wants to know, when it is set up, whether somebody does.
func (h *Pushes) listens(v *visit) (answer, error) {
	leave, err := h.admit(v)
	if err != nil {
		return answer{}, err
	}
	defer leave()
	return answer{status: http.StatusOK, outcome: outcomeChallenged, text: "somebody listens\n"}, nil
}
