package allegro

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waybill/connectors/remote"
	"waybill/schemas"
)

// recorded is an account of an Allegro that answers every request but that for a token alike, and all that it was asked.
func recorded(t *testing.T, status int, body string) (account *Account, asked *[]string) {
	t.Helper()
	asked = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		if strings.HasPrefix(r.URL.Path, "/auth/") { // ALL#10958
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"access_token":"t","token_type":"bearer","refresh_token":"r","expires_in":43199,"allegro_api":true,"jti":"2ae69609"}`)
			return
		}
		sent, _ := io.ReadAll(r.Body)
		*asked = append(*asked, strings.Join([]string{r.Method, r.URL.RequestURI(), r.Header.Get("Accept"), r.Header.Get("Content-Type"), r.Header.Get("Authorization"), string(sent)}, "|"))
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	account, err := NewAccount(server.URL, remote.TokenSettings{URL: server.URL + "/auth/oauth/token", Client: "c", Secret: "s", Refresh: "r"})
	if err != nil {
		t.Fatal(err)
	}
	return account, asked
}

func payload(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEventsAreReadAsTheyWereRecorded(t *testing.T) {
	for body, want := range map[string]string{
		payload(t, "order-events"):                                         "[{88ae369b-8f65-4fc4-9c77-bedf604a2e2b 819b5836}] 1532603898317497",
		payload(t, "events.duplicate-ready-for-processing"):                "[{f157b841-0516-11ec-9deb-b93ab6f30e1f 1629835800094592}] 1629863554222453",
		payload(t, "events.out-of-order"):                                  "[{00000000-0000-0000-0000-000000002700 1579514634011595}] 1579514637401289",
		`{"events":[{"id":"7","order":{"lineItems":[]},"type":"BOUGHT"}]}`: "[] 7", // no form yet
		`{"events":[]}`: "[] 5",
	} {
		account, asked := recorded(t, 200, body)
		news, err := account.News(t.Context(), "5")
		type told struct{ ref, mark string }
		all := []told{}
		for _, one := range news.Told {
			all = append(all, told{one.Ref, one.Mark})
		}
		if got := fmt.Sprint(all, " ", news.Next); err != nil || got != want || news.More {
			t.Errorf("%v: %s, want %s", err, got, want)
		}
		if (*asked)[0] != "GET|/order/events?from=5&limit=1000|"+mediaType+"||Bearer t|" {
			t.Errorf("asked was %s", *asked)
		}
	}
}

func TestAFulfilmentIsSetAsTheSpecificationSays(t *testing.T) {
	form := strings.Replace(payload(t, "checkout-form.detail"), `"status": "SENT"`, `"status": "NEW"`, 1)
	account, asked := recorded(t, 200, form)
	said, err := account.Accept(t.Context(), schemas.Accepting{Ref: "29738e61-7f6a-11e8-ac45-09db60ede9d6"})
	if err != nil || strings.Contains(string(said), "user-email") || len(said) > 200 {
		t.Fatalf("%v: %s", err, said)
	}
	want := "PUT|/order/checkout-forms/29738e61-7f6a-11e8-ac45-09db60ede9d6/fulfillment?checkoutForm.revision=819b5836|" + mediaType + "|" + mediaType + `|Bearer t|{"status":"PROCESSING"}`
	if len(*asked) != 2 || (*asked)[1] != want {
		t.Errorf("asked was %s", *asked)
	}
}

// The bodies are those that Allegro was seen to answer, in the issues that are named.
func TestARefusalIsSortedAsAllegroWordsIt(t *testing.T) {
	for _, c := range []struct {
		status            int
		body, class, code string
	}{
		// ALL#4027
		{422, `{"errors":[{"code":"VALIDATION_ERROR","message":"Offset and limit parameters exceed maximal result size of 10000 items","details":null,"path":"/order/checkout-forms","userMessage":null}]}`, remote.Permanent, "VALIDATION_ERROR"},
		// ALL#3652
		{422, `{"errors":[{"code":"SellerOrdersStoreUnprocessableEntityException","message":null,"details":null,"path":"/order/checkout-forms/1/fulfillment","userMessage":null}]}`, remote.Business, "SellerOrdersStoreUnprocessableEntityException"},
		// ALL#11561
		{406, `{"errors":[{"code":"NotAcceptableException","message":"Not acceptable representation requested. Please check 'Accept' request header","details":null,"path":null,"userMessage":"Request contains invalid data. Contact the application author.","metadata":{}}]}`, remote.Permanent, "NotAcceptableException"},
		// ALL#2360
		{500, `{"errors":[{"code":"INTERNAL_SERVER_ERROR","message":"Internal server error.","details":null,"path":null,"userMessage":"Internal server error. Please try again in a few minutes."}]}`, remote.Transient, "INTERNAL_SERVER_ERROR"},
		// ALL#8617
		{401, `{"error":"unauthorized","error_description":"Full authentication is required to access this resource"}`, remote.Authentication, "unauthorized"},
		// ALL#1590
		{401, `{"error":"invalid_token","error_description":"Access token expired: an-opener"}`, remote.Authentication, "invalid_token"},
		{429, `<html>`, remote.Throttled, "429"},
		{403, `{"error":{"nested":true}}`, remote.Authentication, "403"},
		{409, `{"errors":[{"code":"C","message":"` + strings.Repeat("ł", 1000) + `"}]}`, remote.Transient, "C"},
	} {
		account, _ := recorded(t, c.status, c.body)
		var f *remote.Failure
		if err := account.Ping(t.Context()); !errors.As(err, &f) || f.Class != c.class || f.Code != c.code {
			t.Errorf("%d %.80s: %v", c.status, c.body, err)
			continue
		}
		if strings.Contains(f.Error(), "an-opener") || len(f.Reason) > reasonMax {
			t.Errorf("too much is said: %s", f)
		}
	}
	account, _ := recorded(t, 404, `{"errors":[{"code":"CheckoutFormNotFoundException","message":"Checkout form x not found","details":null,"path":null,"userMessage":null}]}`) // ALL#9119
	if _, err := account.Fetch(t.Context(), schemas.FetchOrder, "x"); !errors.Is(err, remote.ErrAbsent) {
		t.Errorf("got %v", err)
	}
}

func TestAFormThatIsAnotherIsNotActedOn(t *testing.T) {
	for _, body := range []string{"{}", payload(t, "checkout-form.detail")} {
		account, asked := recorded(t, 200, body)
		var f *remote.Failure
		if _, err := account.Accept(t.Context(), schemas.Accepting{Ref: "another"}); !errors.As(err, &f) || f.Class != remote.Transient || len(*asked) != 1 {
			t.Errorf("%v, asked was %s", err, *asked)
		}
	}
}

func TestWhatIsNoListIsAFailureAndNotAnEmptyOne(t *testing.T) {
	for _, body := range []string{"", "<html>", "[]", `{"checkoutForms":[{"updatedAt":"yesterday"}]}`} {
		account, _ := recorded(t, 200, body)
		if changed, err := account.Changed(t.Context(), time.Now()); err == nil {
			t.Errorf("%q: %v", body, changed)
		}
		if body == "" || body[0] != '{' {
			if news, err := account.News(t.Context(), "1"); err == nil {
				t.Errorf("%q: %v", body, news)
			}
		}
	}
}
