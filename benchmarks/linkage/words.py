"""The vocabulary of the invented country, written without looking at the decoder's lexicon.

Clerks' words for kinds of facility and of work, in several languages and shortenings, common and
odd; nobody adds a word here because the linker knows it, or to the lexicon because it stands here.
The first form of each list is the plain one.
"""

from __future__ import annotations

KINDS: dict[str, tuple[str, ...]] = {
    "primary": ("Primary School", "PS", "Laerskool", "Prim School", "Lower Primary",
                "isikole samabanga aphansi", "Prim Sch", "LP School", "sekolo sa poraemari"),
    "high": ("Secondary School", "High School", "Hoërskool", "SSS", "Sec School", "Hoerskool",
             "isikole samabanga aphakeme", "Comprehensive School"),
    "special": ("School for the Deaf", "LSEN School", "Special Needs School", "Spesiale Skool"),
    "ecd": ("Early Childhood Development Centre", "ECD Centre", "Creche", "Kleuterskool", "Inkulisa"),
    "clinic": ("Clinic", "Kliniek", "Umtholampilo", "PHC clinic", "Doctor Rooms", "ikliniki",
               "Primary Health Care facility"),
    "chc": ("Community Health Centre", "CHC", "Day Hospital", "Gemeenskapsgesondheidsentrum"),
    "hospital": ("District Hospital", "Hosp", "Hospitaal", "isibhedlela", "Dist Hosp"),
    "library": ("Library", "Biblioteek", "Libr.", "Umtapo wolwazi", "Reading Room", "iThala leencwadi"),
    "reservoir": ("Reservoir", "Resrv", "Opgaartenk", "Reservoir 10Ml", "Storage tank", "Command res"),
    "wtw": ("Water Treatment Works", "WTW", "Purification plant", "Watersuiweringswerke", "Water works"),
    "wwtw": ("Waste Water Treatment Works", "WWTW", "Sewage Works", "Rioolwerke", "WWTP",
             "Sewage disposal plant"),
    "pump": ("Sewer Pump Station", "Pumpstn", "Pompstasie", "SPS", "Sewage lifting station"),
    "borehole": ("Boreholes", "Boorgate", "Borehole equipping", "Ground water scheme", "BH drilling"),
    "road": ("Roads", "Road", "Access Road", "Strate", "Gravel to Surfaced Road", "Umgwaqo",
             "Rd paving", "Paveway"),
    "bridge": ("Pedestrian Bridge", "Foot Bridge", "Voetbrug", "Ibhuloho", "Ped crossing structure"),
    "sidewalk": ("Sidewalks", "Walkways", "NMT facilities", "Sypaadjies", "Cycle lanes and walkways"),
    "housing": ("Housing", "RDP Houses", "Low Cost Housing", "Behuising", "Izindlu", "Human Settlement",
                "BNG units", "Top structures"),
    "uisp": ("Informal Settlement Upgrade", "UISP", "Upgrading of informal settlement", "In-situ upgrade",
             "Reblocking"),
    "hostel": ("Hostel", "CRU", "Community Residential Units", "Family units (hostel)"),
    "substation": ("Substation", "Subs", "Substasie", "132kV Substation", "Switching stn"),
    "electrify": ("Electrification", "House connections (elec)", "Elektrifisering", "INEP connections"),
    "lights": ("High Mast Lights", "Street Lighting", "Straatligte", "Public Lighting", "Apollo lights"),
    "hall": ("Community Hall", "Gemeenskapsaal", "MPCC", "Multi-purpose Centre", "Ihholo lomphakathi",
             "Civic hall"),
    "sport": ("Sports Field", "Sportveld", "Stadium", "Inkundla yezemidlalo", "Sports Ground", "Sportfld"),
    "pool": ("Swimming Pool", "Swembad", "Aquatic centre", "Public baths"),
    "park": ("Park", "Play park", "Speelpark", "Open space greening", "Pocket garden"),
    "cemetery": ("Cemetery", "Begraafplaas", "Burial Site", "Amathuna", "Memorial grounds"),
    "taxi": ("Taxi Rank", "Taxi Facility", "Taxi Interchange", "Intermodal facility", "Taxi-staanplek"),
    "sewer": ("Outfall Sewer", "Bulk Sewer", "Riool", "Sewer Main", "Collector sewer", "San reticulation"),
    "watermain": ("Bulk Water Main", "Bulk Water", "Water Pipeline", "Pyplyn", "Rising main", "Bulk feeder"),
    "storm": ("Stormwater", "Storm Water Drainage", "SW drainage", "Vloedwater", "Culverts and drains"),
    "fire": ("Fire Station", "Brandweerstasie", "Satellite Fire Station", "Isiteshi somlilo"),
    "depot": ("Depot", "Works yard", "Municipal stores", "Diensperseel"),
    "landfill": ("Landfill Site", "Stortingsterrein", "Refuse tip", "Waste disposal cell"),
    "transfer": ("Refuse Transfer Station", "Buy-back centre", "Drop-off site", "Garden refuse site"),
    "market": ("Hawker Stalls", "Trading stalls", "Informal market", "Smouse stalletjies"),
    "office": ("Municipal Offices", "Civic Centre", "Admin building", "Stadshuis", "Customer care centre"),
    "court": ("Magistrate Court", "Hof", "Court building", "Justice precinct"),
    "police": ("Police Station", "SAPS", "Polisiestasie", "Satellite police point"),
    "oldage": ("Old Age Home", "Frail care centre", "Ouetehuis", "Service centre for the aged"),
    "dip": ("Cattle Dip", "Dipping tank", "Shearing shed", "Stock handling facility"),
    "agri": ("Agri Hub", "Farmer production support unit", "Vegetable tunnels", "Packhouse"),
}  # fmt: skip
"""Kinds of facility as clerks call them."""

NAMED = frozenset(
    {"primary", "high", "special", "ecd", "clinic", "chc", "hospital", "hall", "library"}
)
"""Kinds that mostly bear a name of their own."""

PROVINCIAL = frozenset(
    {"primary", "high", "special", "clinic", "chc", "hospital", "oldage", "agri"}
)
NATIONAL = frozenset({"court", "police"})
"""Kinds another sphere builds; the rest are municipal."""

ACTIONS: dict[str, tuple[str, ...]] = {
    "new": ("Construction of {}", "New {}", "{}", "Konstruksie van {}", "Build {}", "{} (new)",
            "Provision of {}", "Erection of {}", "Ukwakhiwa kwe {}", "Dev of {}"),
    "upgrade": ("Upgrade of {}", "Upgrading: {}", "{} upgrade", "Opgradering van {}",
                "{} - extensions and improvements", "Upgr {}", "Additions to {}", "Augmentation {}"),
    "rehab": ("Rehabilitation of {}", "{} rehab", "Refurbishment {}", "Herstel van {}", "Renovate {}",
              "Refurb: {}", "Repairs and renovations {}", "Ukulungiswa {}"),
    "replace": ("Replacement of {}", "Replace {}", "{} replacement", "Vervanging van {}"),
}  # fmt: skip

GENERIC = (
    "Furniture and office equipment", "Furniture and equipment", "IT equipment", "Vehicles",
    "Plant and machinery", "Air conditioners", "Computer hardware", "Minor works", "Contingencies",
    "Tools and equipment", "Acquisition of land", "Project management fees",
)  # fmt: skip
"""Rows that every list has and that are a project of that list alone."""

TAILS = (" - ward {ward}", " multi year", " (roll-over)", " USDG", " - Ward {ward}", " (MIG)",
         " : WARD {ward}", " - multi-year project", " [roll over]")  # fmt: skip
SPLITS = (" - professional fees", " - construction", ": consultants", ": civil works", " (own funding)",
          " (grant)")  # fmt: skip
FUNCTIONS = {"primary": "Education", "high": "Education", "special": "Education", "clinic": "Health",
             "chc": "Health", "hospital": "Health", "road": "Road Transport", "bridge": "Road Transport",
             "sidewalk": "Road Transport", "reservoir": "Water Management", "wtw": "Water Management",
             "watermain": "Water Management", "borehole": "Water Management", "taxi": "Road Transport",
             "wwtw": "Waste Water Management", "sewer": "Waste Water Management",
             "pump": "Waste Water Management", "storm": "Waste Water Management", "housing": "Housing",
             "uisp": "Housing", "hostel": "Housing", "substation": "Energy Sources",
             "electrify": "Energy Sources", "lights": "Energy Sources", "landfill": "Waste Management",
             "transfer": "Waste Management", "fire": "Public Safety", "police": "Public Safety",
             "sport": "Sport and Recreation", "pool": "Sport and Recreation",
             "park": "Sport and Recreation"}  # fmt: skip

STARTS = ("b", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "q", "r", "s", "t", "v", "w", "y", "z",
          "mb", "nk", "nd", "ng", "kh", "th", "ph", "sh", "hl", "dl", "ntl", "mth", "ngq", "br", "kr",
          "st", "vl", "ts", "gx", "nc", "zw")  # fmt: skip
VOWELS = ("a", "e", "i", "o", "u")
ENDS = (
    "",
    "",
    "",
    "n",
    "ni",
    "la",
    "na",
    "lo",
    "dorp",
    "kloof",
    "ville",
    "weni",
    "burg",
    "fontein",
)
SECONDS = ("Park", "Village", "Heights", "North", "South", "View", "Mission", "Location")
PARTS = ("Ext {}", "Extension {}", "Zone {}", "Unit {}", "Section {}", "Ext. {}", "Uitbreiding {}")
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
NUMBER = {1: "one", 2: "two", 3: "three", 4: "four"}
