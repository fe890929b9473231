package main

import (
	"context"
	"fmt"
	"net/netip"
	"os"
	"time"

	"github.com/spf13/cobra"

	"waybill/internal/httpd"
	"waybill/internal/sandbox/fault"
	sandboxserver "waybill/internal/sandbox/server"
)

// The variables that hold credentials of the sandbox's parties. They have no prefix of ours: with it, they would have to be settings.
const (
	sandboxERPToken       = "SANDBOX_ERP_TOKEN"
	sandboxKauflandKey    = "SANDBOX_KAUFLAND_CLIENT_KEY"
	sandboxKauflandSecret = "SANDBOX_KAUFLAND_SECRET_KEY"
	sandboxAmazonClient   = "SANDBOX_AMAZON_CLIENT_ID"
	sandboxAmazonSecret   = "SANDBOX_AMAZON_CLIENT_SECRET"
	sandboxAmazonRefresh  = "SANDBOX_AMAZON_REFRESH_TOKEN"
	sandboxAllegroClient  = "SANDBOX_ALLEGRO_CLIENT_ID"
	sandboxAllegroSecret  = "SANDBOX_ALLEGRO_CLIENT_SECRET"
	sandboxAllegroRefresh = "SANDBOX_ALLEGRO_REFRESH_TOKEN"
	sandboxOdooKey        = "SANDBOX_ODOO_API_KEY"
	sandboxShopifyToken   = "SANDBOX_SHOPIFY_TOKEN"
	sandboxEBayClient     = "SANDBOX_EBAY_CLIENT_ID"
	sandboxEBaySecret     = "SANDBOX_EBAY_CLIENT_SECRET"
	sandboxEBayRefresh    = "SANDBOX_EBAY_REFRESH_TOKEN"
)

// sandboxOpenFor is how long the addresses of a new order are hidden; in reality a quarter of an hour.
const sandboxOpenFor = 10 * time.Second

// sandboxWriteMax is longer than the longest latency that can be asked for.
const sandboxWriteMax = 15 * time.Minute

func (a *app) sandbox() *cobra.Command {
	var listen string
	o := sandboxserver.Options{
		OpenFor: sandboxOpenFor, ERPToken: os.Getenv(sandboxERPToken),
		KauflandClientKey: os.Getenv(sandboxKauflandKey), KauflandSecret: os.Getenv(sandboxKauflandSecret),
		AmazonClient: os.Getenv(sandboxAmazonClient), AmazonSecret: os.Getenv(sandboxAmazonSecret), AmazonRefresh: os.Getenv(sandboxAmazonRefresh),
		AllegroClientID: os.Getenv(sandboxAllegroClient), AllegroClientSecret: os.Getenv(sandboxAllegroSecret), AllegroRefreshToken: os.Getenv(sandboxAllegroRefresh),
		OdooKey: os.Getenv(sandboxOdooKey), ShopifyToken: os.Getenv(sandboxShopifyToken),
		EBayClient: os.Getenv(sandboxEBayClient), EBaySecret: os.Getenv(sandboxEBaySecret), EBayRefresh: os.Getenv(sandboxEBayRefresh),
	}
	cmd := verb("feed", "sandbox", "Play marketplaces, shops, an ERP, an Odoo, carriers and a printer over HTTP, with faults, and keep books of what was done there", func(cmd *cobra.Command, _ []string) error {
		if _, err := fault.Mix(o.Faults); err != nil {
			return usage("--faults: %v", err)
		}
		if o.AmazonFaster <= 0 {
			return usage("--amazon-faster %v: give a number above 0", o.AmazonFaster)
		}
		if o.Orders < 0 {
			return usage("--orders %d: give a number from 0 up", o.Orders)
		}
		s, err := sandboxserver.New(o)
		if err != nil {
			return err
		}
		defer s.Close()
		return a.play(cmd.Context(), s, listen)
	})
	cmd.Long = fmt.Sprintf(`%s.

Credentials are made of the seed, unless %s, %s,
%s, %s, %s,
%s, %s, %s,
%s, %s, %s,
%s, %s or %s hold others. Nothing is kept when it ends.`, cmd.Short, sandboxERPToken, sandboxKauflandKey, sandboxKauflandSecret,
		sandboxAllegroClient, sandboxAllegroSecret, sandboxAllegroRefresh, sandboxAmazonClient, sandboxAmazonSecret, sandboxAmazonRefresh,
		sandboxEBayClient, sandboxEBaySecret, sandboxEBayRefresh, sandboxShopifyToken, sandboxOdooKey)
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8090", "HOST:PORT of all parties; the admin API there answers this machine alone")
	cmd.Flags().Uint64Var(&o.Seed, "seed", 1, "the same seed gives the same orders, credentials and faults")
	cmd.Flags().StringVar(&o.Faults, "faults", "", "what goes wrong from the start: light or heavy (default: nothing)")
	cmd.Flags().IntVar(&o.Orders, "orders", 100, "how many orders each marketplace has sold at the start")
	cmd.Flags().Float64Var(&o.AmazonFaster, "amazon-faster", 1, "by what Amazon's limits are multiplied: it allows one search in three minutes")
	return cmd
}

// play serves the parties until the command is interrupted.
func (a *app) play(ctx context.Context, s *sandboxserver.Server, listen string) error {
	h := httpd.New("sandbox", listen, s.Handler(), httpd.Limits{Write: sandboxWriteMax}, a.log)
	at, err := h.Open(ctx)
	if err != nil {
		return err
	}
	if bound, err := netip.ParseAddrPort(at); err == nil && bound.Addr().IsUnspecified() {
		at = fmt.Sprintf("localhost:%d", bound.Port())
	}
	p := a.printer("party", "url", "credentials")
	for _, party := range s.Parties("http://" + at) {
		if err := p.row(party, party.Party, party.URL, party.Credentials); err != nil {
			return err
		}
	}
	if err := p.end(); err != nil {
		return err
	}
	if !isLoopback(listen) {
		a.say("other machines reach the parties too, and credentials made of a seed are known to all: give others")
	}
	a.say("faults and books at http://%s/admin/; Ctrl-C stops", at)
	defer context.AfterFunc(ctx, s.Close)() // so that no request waits any longer
	return h.Run(ctx)
}
