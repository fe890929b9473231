package dpd

import (
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"waybill/connectors/remote"
	"waybill/connectors/scans"
)

// What is to be known of ParcelLifeCycleService 2.0: one parcel a call. The calls a second are chosen.
const (
	askMax    = 20 * time.Second
	askedMax  = 2 << 20 // bytes
	askSecond = 5

	askAddress = "https://public-ws.dpd.com/services"
	types      = "http://dpd.com/common/service/types/"
	actions    = "http://dpd.com/common/service/"
	language   = "en_EN"
)

// deadTokens are the codes of an answer to who shows a token that is good no more, and authenticationFailed that to who shows none.
var deadTokens = []string{"LOGIN_5", "LOGIN_6", authenticationFailed}

const authenticationFailed = "DELICOM_ERR_AUTHENTICATION"

// Asker asks DPD how parcels stand, over its SOAP services.
type Asker struct {
	client *remote.Client
	tokens *remote.Tokens
	user   string
}

// NewAsker is that of an account, nil if the account has nothing to ask with.
func NewAsker(settings map[string]string) (*Asker, scans.Asking, error) {
	user, password := cmp.Or(settings["tracking_user"], settings["user"]), cmp.Or(settings["tracking_password"], settings["password"])
	if user == "" && password == "" {
		return nil, scans.Asking{}, nil
	}
	if user == "" || password == "" {
		return nil, scans.Asking{}, fmt.Errorf("dpd: tracking_user and tracking_password go together: one of them is missing")
	}
	version := cmp.Or(settings["tracking_login"], "2.0")
	if version != "2.0" && version != "2.1" {
		return nil, scans.Asking{}, fmt.Errorf("dpd: the setting tracking_login is %q: write 2.0 or 2.1, the version of LoginService", version)
	}
	at := cmp.Or(settings["tracking_url"], askAddress)
	tokens := remote.ForLogin(tokenLife, getAuth(soap(at, "LoginService/"+version+"/getAuth"), version, user, password))
	return &Asker{soap(at, "ParcelLifeCycleService/2.0/getTrackingData").Long(askedMax), tokens, user},
		scans.Asking{NumbersMax: 1, CallMax: askMax, PerSecond: askSecond}, nil
}

// soap is a client of one operation.
func soap(at, action string) *remote.Client {
	return remote.New(at, func(r *http.Request) {
		r.Header.Set("Accept", "text/xml")
		r.Header.Set("Content-Type", "text/xml; charset=utf-8")
		r.Header.Set("SOAPAction", `"`+actions+action+`"`)
	})
}

// Ask is what DPD says of a parcel.
func (a *Asker) Ask(ctx context.Context, numbers []string) (said []byte, err error) {
	err = a.tokens.Spend(ctx, func(token string) (err error) {
		said, err = a.client.Text(remote.Hiding(ctx, written(token)), "/ParcelLifeCycleService/V2_0", []byte(envelope(
			`<a:authentication xmlns:a="`+types+`Authentication/2.0">`+element("delisId", a.user)+element("authToken", token)+element("messageLanguage", language)+`</a:authentication>`,
			`<t:getTrackingData xmlns:t="`+types+`ParcelLifeCycleService/2.0">`+element("parcelLabelNumber", numbers[0])+`</t:getTrackingData>`)))
		return faultOf(said, err)
	}, isDead)
	if err != nil {
		return nil, err
	}
	return said, nil
}

// getAuth gets a token by LoginService.
func getAuth(door *remote.Client, version, user, password string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		said, err := door.Text(remote.Secretly(ctx), "/LoginService/V"+strings.ReplaceAll(version, ".", "_"), []byte(envelope("",
			`<l:getAuth xmlns:l="`+types+`LoginService/`+version+`">`+element("delisId", user)+element("password", password)+element("messageLanguage", language)+`</l:getAuth>`)))
		if err = faultOf(said, err); err != nil {
			return "", err
		}
		if root := scans.NewSheet("dpd", "").TakeXML(said); root != nil {
			if token := root.First("authToken").Words(); token != "" {
				return token, nil
			}
		}
		return "", errors.New("the answer to the login has no token in it")
	}
}

// envelope is a message of SOAP 1.1.
func envelope(header, body string) string {
	if header != "" {
		header = "<s:Header>" + header + "</s:Header>"
	}
	return `<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">` + header + "<s:Body>" + body + "</s:Body></s:Envelope>"
}

func element(name, text string) string { return "<" + name + ">" + written(text) + "</" + name + ">" }

// written is a text as XML has it.
func written(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a Builder takes everything
	return b.String()
}

// faultOf is the fault in an answer, which some services send with a success (DPD Polska), others as an error of theirs. One with a code
// is a no to the question itself.
func faultOf(said []byte, err error) error {
	f := &remote.Failure{Class: remote.Transient, Code: "fault", Reason: "DPD answered a fault"}
	if errors.As(err, &f) {
		said, f.Perhaps = f.Said, false
	}
	root := scans.NewSheet("dpd", "").TakeXML(said)
	if root == nil || root.Name != "Envelope" {
		return cmp.Or(err, error(&remote.Failure{Class: remote.Transient, Code: "unreadable_answer", Reason: "DPD answered success, but no SOAP"}))
	}
	fault := root.First("Fault")
	if fault.Name == "" {
		return err
	}
	code := fault.First("errorCode").Words()
	switch {
	case slices.Contains(deadTokens, code):
		f.Class, f.Status = remote.Authentication, http.StatusUnauthorized // it says so with 500
	case code != "" && f.Class == remote.Transient:
		f.Class = remote.Business
	}
	if codeForm.MatchString(code) {
		f.Code = code
	}
	f.Reason = "DPD answered a fault: " + scans.Text(cmp.Or(fault.First("errorMessage").Words(), fault.Of("faultstring")))
	return f
}

// isDead says of a failure that the token was no good.
func isDead(err error) bool {
	var f *remote.Failure
	return errors.As(err, &f) && slices.Contains(deadTokens, f.Code)
}
