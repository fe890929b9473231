package amazon

import "waybill/connectors/reading"

// What the buyer wishes of whoever delivers. The two versions say the same in other words.

var preferenceV0 = []reading.Field[preference]{
	reading.Named("DropOffLocation", func(r *reading.Reader, p *preference) { p.dropOff = open(r) }),
	reading.Named("AddressInstructions", func(r *reading.Reader, p *preference) { p.instruction = open(r) }),
	reading.Named("OtherAttributes", func(r *reading.Reader, p *preference) { p.capabilities = r.Words(itemsMax, reading.TooManyItems) }),
	reading.Named("PreferredDeliveryTime", func(r *reading.Reader, p *preference) { reading.Object(r, timeV0, p) }),
}

var timeV0 = []reading.Field[preference]{
	reading.Named("BusinessHours", func(r *reading.Reader, p *preference) { p.hours(r, dayV0) }),
	reading.Named("ExceptionDates", func(r *reading.Reader, p *preference) { p.hours(r, dateV0) }),
}

var dayV0 = []reading.Field[day]{
	reading.Named("DayOfWeek", func(r *reading.Reader, d *day) { d.name = r.Text() }),
	reading.Named("OpenIntervals", func(r *reading.Reader, d *day) {
		d.open = reading.List(r, intervalV0, itemsMax, reading.TooManyItems)
	}),
}

var dateV0 = []reading.Field[day]{
	reading.Named("ExceptionDate", func(r *reading.Reader, d *day) { d.name = r.Text() }),
	reading.Named("IsOpen", func(r *reading.Reader, d *day) { d.closed = !r.FlagOrText() }),
	reading.Named("OpenIntervals", func(r *reading.Reader, d *day) {
		d.open = reading.List(r, intervalV0, itemsMax, reading.TooManyItems)
	}),
}

var intervalV0 = []reading.Field[interval]{
	reading.Named("StartTime", func(r *reading.Reader, i *interval) { i.from.given = reading.Object(r, clockV0, &i.from) }),
	reading.Named("EndTime", func(r *reading.Reader, i *interval) { i.to.given = reading.Object(r, clockV0, &i.to) }),
}

var clockV0 = []reading.Field[clock]{
	reading.Named("Hour", func(r *reading.Reader, c *clock) { c.hour = r.Whole(0, 24, reading.BadTime) }),
	reading.Named("Minute", func(r *reading.Reader, c *clock) { c.minute = r.Whole(0, 59, reading.BadTime) }),
}

var preference2026 = []reading.Field[preference]{
	reading.Named("dropOffLocation", func(r *reading.Reader, p *preference) { p.dropOff = open(r) }),
	reading.Named("addressInstruction", func(r *reading.Reader, p *preference) { p.instruction = open(r) }),
	reading.Named("deliveryTime", func(r *reading.Reader, p *preference) { reading.Object(r, time2026, p) }),
	reading.Named("deliveryCapabilities", func(r *reading.Reader, p *preference) { p.capabilities = r.Words(itemsMax, reading.TooManyItems) }),
}

var time2026 = []reading.Field[preference]{
	reading.Named("businessHours", func(r *reading.Reader, p *preference) { p.hours(r, day2026) }),
	reading.Named("exceptionDates", func(r *reading.Reader, p *preference) { p.hours(r, date2026) }),
}

var day2026 = []reading.Field[day]{
	reading.Named("dayOfWeek", func(r *reading.Reader, d *day) { d.name = r.Text() }),
	reading.Named("timeWindows", func(r *reading.Reader, d *day) {
		d.open = reading.List(r, interval2026, itemsMax, reading.TooManyItems)
	}),
}

var date2026 = []reading.Field[day]{
	reading.Named("exceptionDate", func(r *reading.Reader, d *day) { d.name = r.Text() }),
	reading.Named("exceptionDateType", func(r *reading.Reader, d *day) { d.closed = r.Text() == "CLOSED" }),
	reading.Named("timeWindows", func(r *reading.Reader, d *day) {
		d.open = reading.List(r, interval2026, itemsMax, reading.TooManyItems)
	}),
}

var interval2026 = []reading.Field[interval]{
	reading.Named("startTime", func(r *reading.Reader, i *interval) { i.from.given = reading.Object(r, clock2026, &i.from) }),
	reading.Named("endTime", func(r *reading.Reader, i *interval) { i.to.given = reading.Object(r, clock2026, &i.to) }),
}

var clock2026 = []reading.Field[clock]{
	reading.Named("hour", func(r *reading.Reader, c *clock) { c.hour = r.Whole(0, 24, reading.BadTime) }),
	reading.Named("minute", func(r *reading.Reader, c *clock) { c.minute = r.Whole(0, 59, reading.BadTime) }),
}

func (p *preference) hours(r *reading.Reader, fields []reading.Field[day]) {
	p.days = append(p.days, reading.List(r, fields, itemsMax, reading.TooManyItems)...)
}
