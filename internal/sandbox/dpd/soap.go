package dpd

import (
	"encoding/xml"
	"net/http"
	"time"

	"waybill/internal/sandbox/party"
	"waybill/internal/sandbox/token"
)

const (
	soapPath   = "/services"
	typesOf    = "http://dpd.com/common/service/types/"
	authFault  = "DELICOM_ERR_AUTHENTICATION"
	tokenFault = "LOGIN_5" // a token whose time is over, as integrators saw it
)

// envelope is a question, whatever its prefixes.
type envelope struct {
	Authentication struct {
		User  string `xml:"delisId"`
		Token string `xml:"authToken"`
	} `xml:"Header>authentication"`
	GetAuth *struct {
		User     string `xml:"delisId"`
		Password string `xml:"password"`
	} `xml:"Body>getAuth"`
	GetTrackingData *struct {
		Number string `xml:"parcelLabelNumber"`
	} `xml:"Body>getTrackingData"`
}

// answered is an envelope with an answer.
type answered struct {
	XMLName xml.Name `xml:"soap:Envelope"`
	SOAP    string   `xml:"xmlns:soap,attr"`
	Body    any      `xml:"soap:Body"`
}

func soap(status int, body any) party.Reply {
	written, err := xml.Marshal(answered{SOAP: "http://schemas.xmlsoap.org/soap/envelope/", Body: body})
	if err != nil {
		panic("write an answer of the sandbox: " + err.Error()) // only texts: cannot fail
	}
	return party.Reply{Status: status, Body: written, Type: "text/xml;charset=UTF-8"}
}

// failed is a SOAP fault (SOAP 1.1 §4.4), with the detail that DPD gives to who is not let in.
type failed struct {
	Fault struct {
		Code   string `xml:"faultcode"`
		Text   string `xml:"faultstring"`
		Detail any    `xml:"detail,omitempty"`
	} `xml:"soap:Fault"`
}

type denied struct {
	Fault struct {
		Space   string `xml:"xmlns:ns,attr"`
		Code    string `xml:"errorCode"`
		Message string `xml:"errorMessage"`
	} `xml:"ns:authenticationFault"`
}

// refusedSOAP is a fault, for which SOAP asks that HTTP says 500 (SOAP 1.1 §6.2); what stands before the service answers other statuses.
func refusedSOAP(status int, message string, after time.Duration) party.Reply {
	var f failed
	f.Fault.Code, f.Fault.Text = "soap:Server", message
	r := soap(status, f)
	r.After = after
	return r
}

func unauthorized(code, message string) party.Reply {
	var (
		f failed
		d denied
	)
	d.Fault.Space, d.Fault.Code, d.Fault.Message = typesOf+"Authentication/2.0", code, message
	f.Fault.Code, f.Fault.Text, f.Fault.Detail = "soap:Server", "Fault occured", d
	return soap(http.StatusInternalServerError, f)
}

// getAuth answers a token, and until when it is good.
func (d *DPD) getAuth(c *party.Call) party.Reply {
	var asked envelope
	if xml.Unmarshal(c.Body, &asked) != nil || asked.GetAuth == nil {
		return refusedSOAP(http.StatusInternalServerError, "The envelope can not be read", 0)
	}
	if !token.Same(d.options.Login, asked.GetAuth.User) || !token.Same(d.options.Password, asked.GetAuth.Password) {
		return unauthorized(authFault, "Authentication failure, check delisId and password.")
	}
	var body struct {
		Response struct {
			Space  string `xml:"xmlns,attr"`
			Return struct {
				User  string `xml:"delisId"`
				UID   string `xml:"customerUid"`
				Token string `xml:"authToken"`
				Depot string `xml:"depot"`
				Until string `xml:"authTokenExpires"`
			} `xml:"return"`
		} `xml:"getAuthResponse"`
	}
	body.Response.Space = typesOf + "LoginService/2.1"
	r := &body.Response.Return
	r.User, r.UID, r.Token, r.Depot = d.options.Login, d.options.Login, d.tokens.Issue(), depotOf("")
	r.Until = d.options.Now().Add(tokenLife).Format("2006-01-02T15:04:05.00")
	return soap(http.StatusOK, body)
}

// opens tells whether an envelope has a token that is good.
func (d *DPD) opens(asked envelope) bool {
	r := http.Request{Header: http.Header{"Authorization": {"Bearer " + asked.Authentication.Token}}}
	return token.Same(d.options.Login, asked.Authentication.User) && d.tokens.Opens(&r)
}
