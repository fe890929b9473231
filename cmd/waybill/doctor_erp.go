package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"waybill/connectors/remote"
	"waybill/internal/config"
)

// erpSecondsMax bounds how long the ERP may take for a question.
const erpSecondsMax = 10

// nobodysOrder is an order id that no party can make.
const nobodysOrder = "doctor/nobody"

// erpAnswers asks the ERP about an order that it can not have.
func erpAnswers(ctx context.Context, c *config.Config) finding {
	erp, err := openERP(c)
	if err != nil {
		return judge("erp", err, "", "name a system that there is")
	}
	ctx, cancel := context.WithTimeout(ctx, erpSecondsMax*time.Second)
	defer cancel()
	_, _, err = erp.FindOrder(ctx, nobodysOrder)
	var f *remote.Failure
	detail := fmt.Sprintf("%s at %s", c.ERP.System, c.ERP.URL)
	switch {
	case err == nil, errors.Is(err, remote.ErrAbsent):
		return judge("erp", nil, detail+" answers", "")
	case errors.As(err, &f) && f.Class == remote.Authentication:
		return judge("erp", fmt.Errorf("%s refuses us: %s", detail, f.Reason), "", "set erp.token_file, or WAYBILL_ERP_TOKEN, and erp.user if it asks for one")
	case errors.As(err, &f):
		return judge("erp", fmt.Errorf("%s: %s", detail, f.Reason), "", "look there; what is to be placed waits until it answers")
	}
	return judge("erp", err, "", "")
}
