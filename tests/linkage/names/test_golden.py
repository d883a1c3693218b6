"""Names as planners write them, in many languages and forms, and what each says.

Vroxton is no place: what is read must not hang on a list of places. A line is the name, an arrow,
and every field that is not empty (but for common words).
"""

from __future__ import annotations

import pytest

from harvester.linkage.names.decode import Decoder

NAMES = """
Kwezikole zamabanga aphansi eVroxton -> kinds=primary_school; words=evroxton
Refurbishment of Vroxton Senior Secondary School -> action=rehabilitate; kinds=secondary_school; words=vroxton
Vroxton SSS additional classrooms -> kinds=secondary_school; words=vroxton
Vroxton S.S.S. Block B -> kinds=secondary_school; unit=b; words=vroxton
Vroxton LP School -> kinds=primary_school; words=vroxton
Vroxton Higher Primary School Phase 1 -> kinds=primary_school; phase=1; words=vroxton
Laerskool Vroxton - nuwe saal -> action=construct; kinds=primary_school community_hall; words=vroxton
Hoërskool Vroxton fase 2 -> kinds=secondary_school; phase=2; words=vroxton
Isikolo samabanga aphezulu Vroxton -> kinds=secondary_school; words=vroxton
Sekolo sa mathomo Vroxton -> kinds=primary_school; words=vroxton
Sekolong sa Vroxton -> kinds=school; words=vroxton
Xikolo xa le henhla Vroxton -> kinds=secondary_school; words=vroxton
Tshikolo tsha phuraimari Vroxton -> kinds=primary_school; words=vroxton
Sikolo lesiphansi Vroxton -> kinds=primary_school; words=vroxton
Vroxton School No. 5 -> kinds=school; numbers=5; words=vroxton
Vroxton Special School for the Blind -> kinds=special_school; words=vroxton blind
Vroxton ECD Centre -> kinds=ecd_centre; words=vroxton
Crèche Vroxton -> kinds=ecd_centre; words=vroxton
Umtholampilo waseVroxton -> kinds=clinic; words=wasevroxton
Iklinikhi iVroxton -> kinds=clinic; words=ivroxton
Ikliniki yaseVroxton -> kinds=clinic; words=yasevroxton
Kliniek Vroxton -> kinds=clinic; words=vroxton
Kliniki ya Vroxton -> kinds=clinic; words=vroxton
Tleliniki ya Vroxton -> kinds=clinic; words=vroxton
Tliliniki ya Vroxton -> kinds=clinic; words=vroxton
Kokelwana ya Vroxton -> kinds=clinic; words=vroxton
Vroxton PHC clinic -> kinds=clinic; words=vroxton
Vroxton CHC Phase 2A -> kinds=community_health_centre; phase=2a; words=vroxton
Isibhedlela saseVroxton -> kinds=hospital; words=sasevroxton
Sepetlele sa Vroxton -> kinds=hospital; words=vroxton
Xibedhlele xa Vroxton -> kinds=hospital; words=vroxton
Sibadela tsha Vroxton -> kinds=hospital; words=vroxton
Hospitaal Vroxton -> kinds=hospital; words=vroxton
Vroxton District Hospital - boiler replacement -> action=replace; kinds=hospital; words=vroxton
Umtapo wolwazi waseVroxton -> kinds=library; words=wasevroxton
Ithala leencwadi laseVroxton -> kinds=library; words=lasevroxton
Biblioteek Vroxton -> kinds=library; words=vroxton
Laeborari ya Vroxton -> kinds=library; words=vroxton
Bokgobapuku bja Vroxton -> kinds=library; words=vroxton
Vroxton Modular Library -> kinds=library; words=vroxton
Gemeenskapsaal Vroxton -> kinds=community_hall; words=vroxton
Ihholo lomphakathi iVroxton -> kinds=community_hall; words=ivroxton
Holo ya setjhaba Vroxton -> kinds=community_hall; words=vroxton
Vroxton MPCC -> kinds=community_hall; words=vroxton
Vroxton WWTW 10 Ml upgrade -> action=upgrade; kinds=wastewater_treatment_works; words=vroxton
Vroxton WTW 2,5 Ml/d -> kinds=water_treatment_works; words=vroxton
Rioolwerke Vroxton -> kinds=wastewater_treatment_works; words=vroxton
Upgrading of Vroxton Waste Water Treatment Works Ph. II -> action=upgrade; kinds=wastewater_treatment_works; phase=2; words=vroxton
Vroxton sewer outfall 450mm -> kinds=sewer; network=bulk; words=vroxton
Vroxton bulk water pipeline 12km -> kinds=bulk_water; network=bulk; words=vroxton
Vroxton reservoir 5ML -> kinds=reservoir; words=vroxton
3 x 5 ML reservoirs Vroxton -> kinds=reservoir; numbers=3; words=vroxton
Opgaartenk Vroxton -> kinds=reservoir; words=vroxton
Vroxton booster pump station -> kinds=pump_station; words=vroxton
Replace AC pipes Vroxton -> action=replace; words=vroxton
Vroxton stormwater Ward 12 -> kinds=stormwater; wards=12; words=vroxton
Storm water drainage wards 3,4 & 7 -> kinds=stormwater; wards=3 4 7
Rehabilitation of R56 Vroxton -> action=rehabilitate; words=r56 vroxton
Upgrade road D1234 -> action=upgrade; kinds=road; words=d1234
Regravelling of MR 43 -> action=rehabilitate; words=mr43
N 2 road Vroxton interchange -> kinds=road; words=n2 vroxton
P577 road Vroxton -> kinds=road; words=p577 vroxton
Paaie Vroxton Uitbreiding 10 -> kinds=road; extension=10; words=vroxton
Umgwaqo waseVroxton isigaba sesibili -> kinds=road; phase=2; words=wasevroxton
Iindlela zaseVroxton -> kinds=road; words=zasevroxton
Ditsela tsa Vroxton kgato ya bobedi -> kinds=road; phase=2; words=vroxton
Vroxton Ext 12/13 roads -> kinds=road; extension=12+13; words=vroxton
Vroxton X5 streets -> kinds=road; extension=5; words=vroxton
Vroxton gravel to tar phase two -> kinds=road; phase=2; words=vroxton
Vroxton NMT sidewalks -> kinds=walkway; words=vroxton
Pedestrian bridge Vroxton -> kinds=pedestrian_bridge; words=vroxton
Ibhuloho labahamba ngezinyawo eVroxton -> kinds=pedestrian_bridge; words=evroxton
Leporogo la Vroxton -> kinds=bridge; words=vroxton
IRPTN Vroxton trunk route -> kinds=public_transport; network=bulk; words=vroxton
Vroxton BRT station -> kinds=bus_facility; words=vroxton
Vroxton PTI -> kinds=bus_facility; words=vroxton
Vroxton taxi rank -> kinds=taxi_rank; words=vroxton
Irenki yamatekisi eVroxton -> kinds=taxi_rank; words=evroxton
Vroxton 132kV substation -> kinds=substation; words=vroxton
MV/LV network Vroxton -> kinds=electricity_network; network=reticulation; words=vroxton
Electrification of 350 households Vroxton Unit 4 -> kinds=electrification; unit=4; words=vroxton
Ukufakwa kukagesi eVroxton -> kinds=electrification; words=evroxton
Kgokelo ya motlakase Vroxton -> kinds=electrification; words=vroxton
High mast lights Vroxton -> kinds=street_lighting; words=vroxton
Straatbeligting Vroxton -> kinds=street_lighting; words=vroxton
UISP Vroxton Zone 3 -> kinds=informal_settlement; unit=3; words=vroxton
BNG houses Vroxton 500 units -> kinds=housing; words=vroxton
FLISP Vroxton -> kinds=housing; words=vroxton
CRU Vroxton hostels -> kinds=rental_housing; words=vroxton
Izindlu zaseVroxton -> kinds=housing; words=zasevroxton
Erf 1234 Vroxton offices -> kinds=offices; erf=1234; words=vroxton
Vroxton NU 29 sanitation -> kinds=sanitation; unit=29; words=vroxton
Vroxton Fire Stn -> kinds=fire_station; words=vroxton
Brandweerstasie Vroxton -> kinds=fire_station; words=vroxton
Isiteshi samaphoyisa Vroxton -> kinds=police_station; words=vroxton
Seteishene sa mapolesa Vroxton -> kinds=police_station; words=vroxton
Vroxton cemetery fencing -> kinds=cemetery fencing; words=vroxton
Mabitla a Vroxton -> kinds=cemetery; words=vroxton
Begraafplaas Vroxton -> kinds=cemetery; words=vroxton
Vroxton landfill cell 3 -> kinds=landfill; numbers=3; words=vroxton
Vroxton sports complex -> kinds=sports_facility; words=vroxton
Lebala la dipapadi Vroxton -> kinds=sports_facility; words=vroxton
Swembad Vroxton -> kinds=swimming_pool; words=vroxton
P-CIN WAT BULK MAINS -> action=construct; kinds=water_supply bulk_water; network=bulk
P-CIER RDS ROADS -> action=rehabilitate; kinds=road
P-CIU ELE MV NETW -> action=upgrade; kinds=electricity_network; network=reticulation
P-CNIEU COM FAC HALLS -> action=upgrade; kinds=community_hall
P-CNIN FURN & OFF EQUIP -> action=construct; kinds=furniture machinery
Vroxton WTW 10 Ml/d -> kinds=water_treatment_works; words=vroxton
Capital:Infrastructure:New:Water Supply Infrastructure:Reservoirs -> action=construct; kinds=water_supply reservoir
Capital:Infrastructure:Existing:Upgrading:Roads Infrastructure:Roads -> action=upgrade; kinds=road
PC002003005_00002 Vroxton -> words=vroxton; codes=PC002003005_00002
Somerset East library -> kinds=library; words=kwanojoli
Berlin clinic -> kinds=clinic; words=ntabozuko
William Nicol Drive upgrade -> action=upgrade; words=winnie_mandela_drive
Belfast reservoir -> kinds=reservoir; words=emakhazeni
Furniture and equipment 2019/20 -> kinds=furniture
"""

LINES = [tuple(line.split(" -> ")) for line in NAMES.strip().splitlines()]
DECODER = Decoder()


@pytest.mark.parametrize(("name", "said"), LINES, ids=[name for name, _ in LINES])
def test_what_a_name_says(name: str, said: str) -> None:
    found = DECODER.decode(name)._asdict()
    told = {
        field: " ".join(value) if isinstance(value, tuple) else value
        for field, value in found.items()
        if value and field not in {"codespeak", "commons"}
    }
    assert "; ".join(f"{field}={value}" for field, value in told.items()) == said


def test_there_are_a_hundred() -> None:
    assert len(LINES) >= 100
