#include "coding/domain/pseudonym_words.h"

// Made by tools/make_near_names.py from the word list SCOWL (c) 2000-2011 Kevin Atkinson, whose licence lets it be used
// and changed for any purpose with this notice; no change by hand.
namespace plumbline::coding::pseudonym {

// clang-format off
const std::string_view kNearNames =
    "albeit alert alter alters angel angels arsons backer bailed baker banker banner barber barer bares barges "
    "barked barley barns barren barrette barter books bridge bridged bridges bright broods brook brooms bugler "
    "bummer burgers burner butlers butter button callus calmer canine canter career cargos carols carpenters "
    "carried carrier carries carted cartel caster cater chamber charges charter clambers collie collies condor "
    "cooker cooler cooped copper cordon coward crater crooks crystal curter dampen darken darker demise denies "
    "dense deters devise either eraser ether falter falters faster feather fester filler finely fished fishery "
    "fishes fishier fosters francs fright ganders gardener garrison garter gorge gramme halter halters hamper "
    "harden harder harped harried harries hawking heater heathen heathers herald hoard holes hollies homes hotter "
    "hunger hunted hunters hurray hushes inlay inter keeled killer knights launders laurel leather leopard "
    "leotard liver louse manner marchs margin maria marina marinas marine marker maroon marshal marshals martin "
    "marvel meters milder milker milled millers mutton navies night normal olive olives organ otter packer paler "
    "palmed panders parcel pardons parked parser parson patter peace peers perking person persons perter pesters "
    "peter pewters plotter ported porter porters poster potted potter potters pottery prances presto pucker "
    "punter putter retina right rooks rosemarys roster rummer salmon salter saunters scarlet scarlets seven "
    "sevens sharper shelled sheller simmer sinner skinned skinnier slanders sliver slummer start stellar steward "
    "sucker summed summers tailor talker tanker tanned tarter tennis theres throne totter toward trances tremor "
    "tucked tuner turned vector victors victory violent violets wager waiter waiters walked walker walkers "
    "wanders wanner warden warred warren warrens water waters wayward weather weight welter welters wheeled "
    "winner winters wintery";
// clang-format on

}  // namespace plumbline::coding::pseudonym
