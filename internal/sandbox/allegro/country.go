package allegro

// country is where a buyer lives: what names, streets and companies look like there.
type country struct {
	code      string
	phone     string
	first     []string
	last      []string
	streets   []string
	places    []place
	companies []string
	taxID     string // the specification's company id type; empty where a VAT_EU number stands alone
}

type place struct{ city, zip string }

var poland = &country{
	code: "PL", phone: "+48", taxID: "PL_NIP",
	first: []string{"Łukasz", "Małgorzata", "Grażyna", "Jan", "Zofia", "Stanisław", "Wawrzyniec", "Anna", "Bożena", "Michał", "Święcisława", "Józef"},
	last:  []string{"Żółkiewski", "Gąsienica-Byrcyn", "Kowalska", "Wiśniewski", "Ćwiąkała", "Brzęczyszczykiewicz", "Nowak", "Śliwińska", "Źrebiec", "Dąbrowski"},
	streets: []string{
		"ul. Świętokrzyska 12/4", "Grunwaldzka 182", "al. Jerozolimskie 65/79 m. 3", "os. Zwycięstwa 7/11", "Źródlana 3A", "pl. Wolności 1",
		"Jakubowice Murowane 30A", "ul. Księdza Jerzego Popiełuszki 22", "Łąkowa 5 / 12",
	},
	places: []place{
		{"Poznań", "60-166"},
		{"Łódź", "90-001"},
		{"Kraków", "30-001"},
		{"Wrocław", "53-609"},
		{"Gdańsk", "80-299"},
		{"Warszawa", "00-031"},
		{"Świętochłowice", "41-600"},
		{"Zakopane", "34-500"},
		{"Bielsko-Biała", "43-300"},
	},
	companies: []string{"Udix Sp. z o.o.", "Żabka & Syn s.c.", "Zakład Usług \"Ślusarz\" Józef Źdźbło", "Hurtownia Łąka S.A."},
}

var czechia = &country{
	code: "CZ", phone: "+420", taxID: "CZ_ICO",
	first:     []string{"Jiří", "Tomáš", "Lukáš", "Zdeňka", "Kateřina", "Ondřej", "Božena", "Matěj"},
	last:      []string{"Dvořák", "Černý", "Růžičková", "Šťastný", "Procházková", "Kříž", "Novotný", "Žižka"},
	streets:   []string{"Na Příkopě 15", "náměstí Míru 1234/5", "Žižkova třída 8", "č.p. 77", "Dlážděná 1003/7", "Údolní 33"},
	places:    []place{{"Praha 1", "110 00"}, {"Brno", "602 00"}, {"Plzeň", "301 00"}, {"České Budějovice", "370 01"}, {"Ústí nad Labem", "400 01"}},
	companies: []string{"Čokoládovna Kříž s.r.o.", "Železářství U Dvořáků a.s.", "Přerov Logistika s.r.o."},
}

var slovakia = &country{
	code: "SK", phone: "+421", taxID: "SK_ICO",
	first:     []string{"Ľubomír", "Žofia", "Štefan", "Mária", "Ján", "Katarína", "Ľudmila"},
	last:      []string{"Kováč", "Hrušovský", "Ďurišová", "Šoltés", "Vajďák", "Nagyová", "Ľupták"},
	streets:   []string{"Hlavná 12", "Štúrova 27/B", "Námestie SNP 3", "Ľ. Fullu 8", "Žriedlová 14"},
	places:    []place{{"Bratislava", "811 01"}, {"Košice", "040 01"}, {"Žilina", "010 01"}, {"Banská Bystrica", "974 01"}, {"Liptovský Mikuláš", "031 01"}},
	companies: []string{"Tatranské drevo s.r.o.", "Ľadová soľ a.s."},
}

var hungary = &country{
	code: "HU", phone: "+36", taxID: "HU_ADOSZAM",
	first:     []string{"Győző", "Ágnes", "Lőrinc", "Zsófia", "Örs", "Erzsébet", "Kálmán"},
	last:      []string{"Szűcs", "Kovács", "Török", "Őszi", "Fűrész", "Nagy-Győri", "Tóth"},
	streets:   []string{"Erzsébet körút 12. 3/8", "Kossuth Lajos tér 1.", "Bőrgyár utca 44.", "Fő út 7/A", "Nyár u. 3."},
	places:    []place{{"Budapest", "1052"}, {"Győr", "9021"}, {"Székesfehérvár", "8000"}, {"Hódmezővásárhely", "6800"}, {"Pécs", "7621"}},
	companies: []string{"Őrség Kft.", "Hűtőgép Szerviz Bt.", "Zöldség-Gyümölcs Nagyker Zrt."},
}

var germany = &country{
	code: "DE", phone: "+49",
	first:     []string{"Jürgen", "Käthe", "Sören", "Björn", "Ulrike", "Günther"},
	last:      []string{"Müller", "Weiß", "Größer", "Jäger", "Schönfeld", "von der Höhe"},
	streets:   []string{"Müllerstraße 12", "An der Mühle 3a", "Straße des 17. Juni 135", "Größlingsweg 9"},
	places:    []place{{"Berlin", "13353"}, {"Köln", "50667"}, {"München", "80331"}, {"Görlitz", "02826"}, {"Düsseldorf", "40213"}},
	companies: []string{"Bäckerei Süßmilch GmbH", "Überlandverkehr AG"},
}
