package gls

import (
	"fmt"
	"net/http"

	"waybill/internal/sandbox/party"
)

// missing is that a field has to be there (samples of fault responses, MANDATORY_PARAMETER_NOT_SET).
func missing(field string) *party.Reply {
	return faulty("MANDATORY_PARAMETER_NOT_SET", "The Mandatory parameter "+field+" is not set")
}

// invalid is that a field can not be so; it quotes the value, as GLS does (samples, INVALID_FIELD_VALUE).
func invalid(field, value, why string) *party.Reply {
	return faulty("INVALID_FIELD_VALUE", fmt.Sprintf("Invalid field %s. Value %s is not a valid value. %s", field, value, why))
}

func faulty(code, message string) *party.Reply {
	return &party.Reply{Status: http.StatusBadRequest, Header: http.Header{"Message": {message}, "Error": {code}}}
}

// mediaType is that of every body.
const mediaType = "application/glsVersion1+json"

func answered(value any) party.Reply {
	r := party.JSON(http.StatusOK, value)
	r.Type = mediaType + ";charset=utf-8"
	return r
}
