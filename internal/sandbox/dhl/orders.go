package dhl

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"waybill/internal/sandbox/label"
	"waybill/internal/sandbox/party"
)

// state is a RequestStatus.
type state struct {
	Title  string `json:"title"`
	Code   int    `json:"statusCode"`
	Detail string `json:"detail,omitempty"`
}

type answer struct {
	Status state `json:"status"`
	Items  []any `json:"items"`
}

// answered is a ResponseItem.
type answered struct {
	Number      string    `json:"shipmentNo,omitempty"`
	RefNo       string    `json:"shipmentRefNo,omitempty"`
	RoutingCode string    `json:"routingCode,omitempty"`
	State       state     `json:"sstatus"`
	Label       *document `json:"label,omitempty"`
	Messages    []message `json:"validationMessages,omitempty"`
}

type document struct {
	Base64 string `json:"b64,omitempty"`
	ZPL    string `json:"zpl2,omitempty"`
	File   string `json:"fileFormat"`
	Print  string `json:"printFormat"`
}

type message struct {
	Property string `json:"property"`
	Text     string `json:"validationMessage"`
	State    string `json:"validationState"`
}

const shipmentsMax = 30 // a call

var ok = state{Title: "OK", Code: http.StatusOK}

// reply is that of several items, of which so many are as they should be.
func reply(items []any, good int, done string) party.Reply {
	status := http.StatusOK
	switch {
	case good == 0:
		status = http.StatusBadRequest
	case len(items) > 1:
		status = http.StatusMultiStatus
	}
	noun := "shipment"
	if len(items) > 1 {
		noun = "shipments"
	}
	detail := fmt.Sprintf("%d of %d %s successfully %s.", good, len(items), noun, done)
	return party.JSON(status, answer{state{http.StatusText(status), status, detail}, items})
}

func (d *DHL) create(c *party.Call) party.Reply {
	var wanted order
	if err := c.Read(&wanted); err != nil {
		return d.Refuse(http.StatusBadRequest, "The request could not be read.", 0)
	}
	if broken := wanted.broken(); len(broken) > 0 {
		status := state{http.StatusText(http.StatusBadRequest), http.StatusBadRequest, "Your request contained technical errors as listed below."}
		return party.JSON(http.StatusBadRequest, answer{status, broken})
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	query, good := c.URL.Query(), 0
	var items []any
	for _, s := range wanted.Shipments {
		one := d.one(c, s, query.Get("mustEncode") == "true", query.Get("validate") == "true", newPaper(query.Get("docFormat"), query.Get("printFormat")))
		if one.State.Code == http.StatusOK {
			good++
		}
		items = append(items, one)
	}
	return reply(items, good, "created")
}

// one makes one shipment, or says why not. It is billed when it is made.
func (d *DHL) one(c *party.Call, s shipment, mustEncode, validate bool, p paper) answered {
	messages := s.messages()
	fails := slices.ContainsFunc(messages, func(m message) bool { return m.State == "Error" || mustEncode && m.Property == "consignee" })
	if fails || len(d.shipments) >= d.options.ShipmentsMax {
		return answered{State: state{Title: http.StatusText(http.StatusBadRequest), Code: http.StatusBadRequest}, Messages: messages}
	}
	if validate {
		return answered{State: ok, Messages: messages}
	}
	d.numbered++
	k := &kept{number: numberOf(d.numbered), order: s}
	d.shipments[k.number] = k
	d.parcels.Add(k.number, s.RefNo, s.Consignee.LockerID > 0 || s.Consignee.RetailID > 0, d.options.Now())
	c.Done(s.RefNo, k.number)
	made := k.shown(p)
	made.Messages = messages
	return made
}

// numberOf is a number of twenty digits with its check digit (GS1 General Specifications §7.9), as DHL gives them.
func numberOf(n int) string {
	digits := fmt.Sprintf("00340434%011d", n)
	sum := 0
	for i, digit := range digits {
		sum += int(digit-'0') * (1 + 2*(i%2))
	}
	return fmt.Sprint(digits, (10-sum%10)%10)
}

// paper is what a label is asked for on.
type paper struct{ file, print string }

func newPaper(file, print string) paper {
	p := paper{"PDF", "910-300-700"}
	if file == "ZPL2" {
		p.file = file
	}
	if print != "" {
		p.print = print
	}
	return p
}

func (k *kept) shown(p paper) answered {
	lines := []string{k.number, "DHL " + k.order.Product, k.order.RefNo, k.order.Consignee.Code + " " + k.order.Consignee.City}
	shown := answered{Number: k.number, RefNo: k.order.RefNo, State: ok, Label: &document{File: p.file, Print: p.print}}
	if k.order.Consignee.Country == "DEU" {
		shown.RoutingCode = "40327" + k.order.Consignee.Code + "+99000943058020"
	}
	if p.file == "ZPL2" {
		shown.Label.ZPL = string(label.ZPL(lines...))
	} else {
		shown.Label.Base64 = base64.StdEncoding.EncodeToString(label.PDF(lines...))
	}
	return shown
}

var unknown = state{Title: "UnknownShipmentNumber", Code: http.StatusNoContent, Detail: "Unknown shipment number."}

func (d *DHL) get(c *party.Call) party.Reply {
	query := c.URL.Query()
	p := newPaper(query.Get("docFormat"), query.Get("printFormat"))
	return d.each(c, "retrieved", func(k *kept) answered { return k.shown(p) })
}

func (d *DHL) delete(c *party.Call) party.Reply {
	if c.URL.Query().Get("profile") == "" {
		return d.Refuse(http.StatusBadRequest, "The parameter profile is missing.", 0)
	}
	return d.each(c, "canceled", func(k *kept) answered {
		k.deleted = true
		d.parcels.Cancel(k.number)
		c.Done(k.number, k.order.RefNo)
		return answered{Number: k.number, State: ok}
	})
}

// each does something with each shipment that is named, there and open.
func (d *DHL) each(c *party.Call, done string, do func(*kept) answered) party.Reply {
	numbers := c.URL.Query()["shipment"]
	if len(numbers) == 0 || len(numbers) > shipmentsMax {
		return d.Refuse(http.StatusBadRequest, "Give 1 to 30 shipments.", 0)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	good := 0
	var items []any
	for _, number := range numbers {
		switch k := d.shipments[strings.TrimSpace(number)]; {
		case k == nil || k.deleted:
			items = append(items, answered{Number: number, State: unknown})
		case k.closed || d.parcels.Held(k.number):
			items = append(items, answered{Number: number, State: state{"ShipmentAlreadyManifested", http.StatusBadRequest, "The shipment has been manifested."}})
		default:
			items = append(items, do(k))
			good++
		}
	}
	return reply(items, good, done)
}
