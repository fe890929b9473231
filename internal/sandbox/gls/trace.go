package gls

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	lives "waybill/internal/sandbox/parcel"
	"waybill/internal/sandbox/party"
)

const (
	tracePath = "/track-and-trace-v1/tracking/simple"
	// tracesADay is what an application may ask for (Track & Trace V1, default quota); tracesMax is how many parcels it may name at once.
	tracesADay = 500
	tracesMax  = 10
	moment     = "2006-01-02T15:04:05-0700"
)

// refusedTrace is the gateway's fault, or a problem as RFC 9457 has it (Track & Trace V1, Response429 and Response400).
func refusedTrace(status int, message string, after time.Duration) party.Reply {
	if status == http.StatusTooManyRequests {
		return (*GLS)(nil).Refuse(status, message, after)
	}
	r := party.JSON(status, map[string]any{"type": "about:blank", "title": http.StatusText(status), "status": status, "detail": message, "instance": tracePath})
	r.Type, r.After = "application/problem+json", after
	return r
}

func (g *GLS) admitTrace() *party.Reply {
	if ok, again := g.quota.Take(); !ok {
		r := g.Refuse(http.StatusTooManyRequests, "", again)
		return &r
	}
	return nil
}

// trace answers each parcel that is asked for, by its track id or its number. That one is not known is said inside of a success.
func (g *GLS) trace(c *party.Call) party.Reply {
	return g.each(c, "trackids", func(id string) []*parcel {
		if one := g.parcels[id]; one != nil {
			return []*parcel{one}
		}
		if one := g.byNo[id]; one != nil {
			return []*parcel{one}
		}
		return nil
	})
}

func (g *GLS) traceReferences(c *party.Call) party.Reply {
	return g.each(c, "references", func(reference string) []*parcel { return g.byRef[reference] })
}

func (g *GLS) each(c *party.Call, kind string, find func(id string) []*parcel) party.Reply {
	ids := strings.Split(c.PathValue("ids"), ",")
	if len(ids) > tracesMax {
		return refusedTrace(http.StatusBadRequest, fmt.Sprintf("Provided %s of size '%d' is more than allowed limit of %d", kind, len(ids), tracesMax), 0)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	parcels := []any{}
	for _, id := range ids {
		found := find(id)
		if len(found) == 0 {
			parcels = append(parcels, map[string]string{"requested": id, "errorCode": "E_404_01", "errorMessage": "Resource Not Found"})
		}
		for _, one := range found {
			parcels = append(parcels, g.traced(id, one))
		}
	}
	return party.JSON(http.StatusOK, map[string]any{"parcels": parcels})
}

// traced is a parcel with its events, the newest first.
func (g *GLS) traced(requested string, one *parcel) map[string]any {
	p, _ := g.lives.Find(one.trackID)
	events := []any{}
	status, at := "", ""
	for _, s := range p.Scans {
		says := saysOf(s)
		status, at = says.status, s.At.In(lives.Berlin).Format(moment)
		events = append([]any{map[string]string{
			"code": says.code, "city": s.Place.City, "postalCode": s.Place.Code, "country": s.Place.Country, "description": says.text, "eventDateTime": at,
		}}, events...)
	}
	if one.cancelled {
		status, at = "CANCELED", p.Last().At.Add(time.Minute).In(lives.Berlin).Format(moment)
		events = append([]any{map[string]string{
			"code": "CANCEL.NORMAL", "city": "", "postalCode": "", "country": "DE", "description": "The parcel data have been deleted from the GLS IT system.", "eventDateTime": at,
		}}, events...)
	}
	return map[string]any{"requested": requested, "unitno": one.number, "status": status, "statusDateTime": at, "events": events}
}
