package allegro

// site is one of Allegro's marketplaces.
type site struct {
	id       string
	language string
	currency string
	home     *country
	abroad   *country // some ship across the border
	whole    bool     // prices are whole units, written with decimals all the same
	cents    int64    // a typical zloty in hundredths of this currency, to scale prices
	couriers []deliveryMethod
	pickups  []pickup
}

// pickup is a way of delivery to a point, and such a point.
type pickup struct {
	method deliveryMethod
	point  pickupPoint
}

var sites = []*site{
	{
		id: "allegro-pl", language: "pl-PL", currency: "PLN", home: poland, abroad: germany, cents: 100,
		couriers: []deliveryMethod{
			{"1fa56f79-4b6a-4821-a6f2-ca9c16d5c925", "Allegro Kurier DPD"},
			{"c3066682-97a3-42fe-9eb5-3beeccab840c", "Allegro Kurier24 InPost"},
			{"758fcd59-fbfa-4453-ae07-4800d72c2ca5", "Kurier UPS pobranie"},
		},
		pickups: []pickup{
			{
				deliveryMethod{"2488f7b7-5d1c-4d65-b85c-4cbcf253fd93", "Allegro Paczkomaty InPost"},
				pickupPoint{"POZ08A", "Paczkomat POZ08A", text("Stacja paliw BP"), pointAddress{"Grunwaldzka 108", "60-166", "Poznań", "PL"}},
			},
			{
				deliveryMethod{"0b257488-c85d-4507-b967-9b45ffbfa2e8", "Allegro One Box, DPD"},
				pickupPoint{"AL002LUB", "Allegro One Box, zielony automat", nil, pointAddress{"Jakubowice Murowane 30A", "20-258", "Jakubowice Murowane", "PL"}},
			},
			{
				deliveryMethod{"08c15d0b-9b24-4b3f-89a8-7a2b502abe55", "Allegro One Punkt, UPS"},
				pickupPoint{
					"A004457", "Allegro One Punkt", text("Sklep „U Żanety” – wejście od podwórza, między 9 a 21"),
					pointAddress{"Wagonowa 2", "53-609", "Wrocław", "PL"},
				},
			},
		},
	},
	{
		id: "allegro-cz", language: "cs-CZ", currency: "CZK", home: czechia, abroad: slovakia, whole: true, cents: 580,
		couriers: []deliveryMethod{{"ff15b2b5-4c4a-4a6a-9b0e-1b1d3b1f0a11", "Kurýr WE|DO"}, {"b6cb8d22-2b59-4f0e-b5c8-7a8be8ed8b43", "Kurýr PPL"}},
		pickups: []pickup{
			{
				deliveryMethod{"aa8a5d70-7b4a-4e3f-8e0c-5a9b3c7a4d12", "Zásilkovna – Z-BOX"},
				pickupPoint{"0013417", "Z-BOX Praha 1, Na Příkopě", nil, pointAddress{"Na Příkopě 15", "110 00", "Praha 1", "CZ"}},
			},
			{
				deliveryMethod{"d0d7c5d3-4e6d-4f0a-a8a9-2c1b4e5f6a78", "Zásilkovna – výdejní místo"},
				pickupPoint{"CZ-BRQ-00021", "Řeznictví U Šťastných", text("vchod z ulice Údolní"), pointAddress{"Údolní 33", "602 00", "Brno", "CZ"}},
			},
		},
	},
	{
		id: "allegro-sk", language: "sk-SK", currency: "EUR", home: slovakia, abroad: czechia, cents: 23,
		couriers: []deliveryMethod{{"5d6f3c0b-1a2b-4c3d-8e9f-0a1b2c3d4e5f", "Kuriér DPD"}, {"7e8f9a0b-2b3c-4d4e-9f0a-1b2c3d4e5f60", "Kuriér GLS"}},
		pickups: []pickup{{
			deliveryMethod{"8f9a0b1c-3c4d-4e5f-a01b-2c3d4e5f6071", "Packeta – výdajné miesto"},
			pickupPoint{"SK-0009", "Z-BOX Košice, Hlavná", nil, pointAddress{"Hlavná 12", "040 01", "Košice", "SK"}},
		}},
	},
	{
		id: "allegro-hu", language: "hu-HU", currency: "HUF", home: hungary, abroad: slovakia, whole: true, cents: 9100,
		couriers: []deliveryMethod{{"9a0b1c2d-4d5e-4f60-b12c-3d4e5f607182", "GLS futár"}},
		pickups: []pickup{{
			deliveryMethod{"a01b2c3d-5e6f-4071-823d-4e5f60718293", "Foxpost átvételi pont"},
			pickupPoint{"HU0451", "Foxpost csomagautomata – Győr Árkád", nil, pointAddress{"Budai út 1.", "9027", "Győr", "HU"}},
		}},
	},
}

func text(s string) *string { return &s }
