package server

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"

	"waybill/internal/sandbox/ebay"
	"waybill/internal/sandbox/ledger"
	"waybill/internal/sandbox/shopify"
)

// openShops opens the shop at Shopify and the account at eBay.
func (s *Server) openShops(o Options, made credentials) {
	s.ledgers["shopify"], s.ledgers["ebay"] = ledger.New(o.Now), ledger.New(o.Now)
	s.shopify = shopify.NewAPI(shopify.Options{Seed: cmp.Or(o.Shown["shopify"], o.Seed), Token: cmp.Or(o.ShopifyToken, made.shopifyToken), Now: o.Now}, s.ledgers["shopify"])
	s.ebay = ebay.NewAPI(ebay.Options{
		Seed: cmp.Or(o.Shown["ebay"], o.Seed), Client: cmp.Or(o.EBayClient, made.ebayClient), Secret: cmp.Or(o.EBaySecret, made.ebaySecret),
		Refresh: cmp.Or(o.EBayRefresh, made.ebayRefresh), Now: o.Now,
	}, s.ledgers["ebay"])
	s.markets["shopify"], s.markets["ebay"] = s.shopify, s.ebay
}

// ebayAccess says how the account at eBay is reached.
func (s *Server) ebayAccess(base string, made credentials) Access {
	a := s.access("ebay", base+"/ebay", map[string][2]string{
		"client_id": {s.options.EBayClient, made.ebayClient}, "client_secret": {s.options.EBaySecret, made.ebaySecret}, "refresh_token": {s.options.EBayRefresh, made.ebayRefresh},
	})
	a.Login = base + "/ebay/identity/v1/oauth2/token"
	return a
}

// Shopify is the shop, to sell and show orders there.
func (s *Server) Shopify() *shopify.API { return s.shopify }

// EBay is the account at eBay, likewise.
func (s *Server) EBay() *ebay.API { return s.ebay }

// refusePayments has the provider of the shop at Shopify refuse payments.
func (s *Server) refusePayments(w http.ResponseWriter, r *http.Request) {
	count, err := strconv.Atoi(r.URL.Query().Get("count"))
	if err != nil || count < 1 || count > sellMax {
		fail(w, http.StatusBadRequest, fmt.Errorf("give a count from 1 to %d", sellMax))
		return
	}
	answer(w, http.StatusOK, map[string][]string{"refused": s.shopify.RefusePayments(count)})
}
