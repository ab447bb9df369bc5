#include "coding/domain/pseudonym_words.h"

#include <array>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"

namespace plumbline::coding::pseudonym {
namespace {

struct List {
  uint32_t classes;
  std::string_view words;  // separated by spaces or line ends
};

constexpr List kLists[] = {
    {kOrdinary,
     "a about above across actually after again against ago ah aint all almost alone already alright also although "
     "always am an and another any anybody anymore anyone anything anyway are arent around as ask asked asking at away "
     "back bad be because been before behind being below best better between big bit both boy boys brilliant but by "
     "bye call called came can cant cause changed child children come comes coming could couldnt course did didnt "
     "different do does doesnt doing done dont down each early either else em enough erm even ever every everybody "
     "everyone everything exactly family feel feeling feels felt few fine first five folks for four from gave get gets "
     "getting girl girls give given gives go goes going gone gonna good got gotta great guys had hadnt half happened "
     "happening happy hard has hasnt have havent having he hed hell hello help her here heres hers herself hes hi him "
     "himself his home hope hoping house how hows huge i id if ill im important in inside into is isnt it itd itll its "
     "itself ive just keep kept kid kids kind knew know known knows ladies lads last late later least left less let "
     "lets like liked likes little live lived lives living long look looked looking looks lot lots love lovely made "
     "make makes making man many matter may maybe me mean means meant might mine more most moved much must my myself "
     "name names near need needed needs never new next nice nine no nobody none nope not nothing now obviously of off "
     "oh ok okay old on once one ones only onto or other others our ours out outside over own part people per perhaps "
     "person place please pretty probably put quite rather ready really right round run said same sat saw say saying "
     "says seconds see seem seemed seems seen she shed shell shes should shouldnt since six so some somebody someone "
     "something sometimes somewhere soon sorry sort speak speaking spoke started starting still stop stopped stuff "
     "such "
     "suppose supposed sure take taken takes taking talk talked talking team tell telling ten than thank thanks that "
     "thatd thatll thats the their theirs them themselves then there theres these they theyd theyll theyre theyve "
     "thing "
     "things think thinking third this those though thought three through time times to today together told tomorrow "
     "tonight too took towards tried try trying turn two under until up upset upstairs us use used very visit wait "
     "walked want wanted wanting wants was wasnt way we wed week weeks well went were werent weve what whatever whats "
     "when whenever where whether which while who whole whos whose why will with without woman women wonder wont work "
     "worked worker working works worried would wouldnt wow yeah year years yep yes yesterday yet you youd youll young "
     "your youre yours yourself youve back busy calling changed concerned dead due fair free gone here key kinda "
     "literally local loud mad most mud nan nana not ok open our point possible private question quick related same "
     "scared short sick single special spelled spelt stuck taking tired true unknown used wrong written minute minutes "
     "hour hours day days month months mile miles metre metres pounds pence "
     "percent points times places steps stops"},
    {kNameWord,
     "abbot abbott amber angel april archer art ash august autumn bailey baker banks barber basil bass bay bell berry "
     "bill bird bishop bishops blessing bloom blue bob bond booth bowl boyd bright brook brooke brooks brown buck bud "
     "butcher butler carol carter cash cast chance chase chip christian church clay clement cliff coal cole cook "
     "cooper "
     "coral cotton crane cross crystal daisy dale dawn day dean destiny drake drew duke earl faith fern field fields "
     "fisher flora flower forest forrest foster fox frank french frost gale gene gill ginger glen gold good grace "
     "grant "
     "gray green grey guy hall harmony hart harvest harvey hazel heather henna herb hill holly honey hope house hunt "
     "hunter iris ivy jack jasmine jay jean jet jewel joy judge june kerb king kit knight lamb lance lane lark laurel "
     "law lawn lee liberty light lily little long love lucky luke mark marks marsh marshal marshall mason max may mead "
     "melody mercy mike miles mill miller mills miner moody moon moor moss nelly nick norm norman north ocean olive "
     "opal page paige parish park parker pat patience paul peace pearl penny pepper perry peter phil piers pip piper "
     "poppy porter potter power precious prince princess rain ray read reading red reed rex rice rich river rivers rob "
     "robin rock rod roman rosemary rose rosie rowan ruby rust sandy savage scarlet scott sean self sharp sherry sky "
     "skye small smart snow star stern stone storm street strong sue summer summers sunny swan swift tanner taylor "
     "temple terrace terry thorn tiger tom tony trinity turner twin vale van venus verity victor violet walker wall "
     "ward warren waters wayne webb weir west white will wills win winter wise wolf wood woods wren young"},
    {kTitle, "mr mrs ms mx dr prof aunty auntie uncle pc dc dcs wpc"},
    {kWeakTitle,
     "miss doctor professor nurse sister judge sir lady aunt nanny nanna nan nana granny grandma grandad "
     "grandpa gran pastor reverend rev imam detective sergeant constable officer cousin"},
    {kKin,
     "son daughter brother sister mum mother dad father partner boyfriend girlfriend husband wife baby cousin nephew "
     "niece stepdad stepfather stepmum stepmother stepson stepdaughter grandson granddaughter friend mate ex child boy "
     "girl lad twin twins kid fiance fiancee neighbour girl lodger sibling"},
    {kGreeting, "hi hello hey hiya thanks thankyou bye goodbye dear cheers"},
    {kPossessive, "my his her their your our its mums dads childs partners babys"},
    {kPersonVerb,
     "said says is was has had does did told asked wants wanted likes liked went came lives lived goes gets got thinks "
     "thought feels felt needs loves hates knows knew came rang called phoned texted isnt wasnt doesnt didnt hasnt "
     "cant wont would could can will should and also just never always really still might must moved left started "
     "tried turned"},
    {kNotName,
     "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
     "september october november december british english welsh scottish irish polish romanian muslim christian "
     "catholic hindu sikh jewish european african asian american indian pakistani bangladeshi somali nigerian turkish "
     "mum mummy mom dad daddy mam nan nana nanny gran granny grandma grandad god jesus christmas easter eid ramadan "
     "diwali zoom teams facebook instagram whatsapp snapchat tiktok youtube google covid england wales scotland "
     "ireland london britain uk europe camhs nhs senco sendco gp cp cin mash dv okay yeah yes no i im ill ive id "
     "everybody everyone all guys folks there both again mate love darling sweetheart mums dads social children "
     "family service services programme project early signs strengthening supervisor worker sir madam miss"},
    {kTopDomain, "com org net uk co gov ac info edu io me biz eu sch nhs"},
    {kMailHost, "gmail hotmail outlook yahoo icloud googlemail btinternet aol live msn protonmail sky ymail"},
    {kSchoolWord,
     "school academy primary secondary junior juniors infant infants nursery college high grammar community church of "
     "england c e ce rc catholic the and preschool centre st saint saints trust free special"},
    {kFiller, "um uh er erm then and dash"},
    {kStreet, "road rd street avenue ave lane crescent terrace gardens grove mews"},
    {kWeakStreet,
     "close drive way court place hill rise square walk row view green park st boulevard parade estate house lodge "
     "mansions wharf quay croft end meadow meadows fields"},
    {kLabelWord,
     "speaker participant interviewer interviewee facilitator host moderator unknown male female man woman voice "
     "person "
     "child mum mom mummy mother dad daddy father parent carer supervisor supervisee worker social student manager "
     "team "
     "leader senior practice practitioner consultant clinician therapist teacher health visitor nurse doctor gp police "
     "officer interpreter observer researcher other others all both everyone group narrator caller client patient user "
     "service lead chair support family young guardian foster adopter grandparent grandmother grandfather grandma "
     "grandad nan sister brother sibling son daughter friend partner boy girl baby staff keyworker key coordinator "
     "adviser advisor counsellor coach colleague mentor assistant duty respondent subject one two three four five six "
     "a b c d e f the of and no not identified unidentified new sw ssw asw hv fsw"},
    {kMonthBefore,
     "in since until till by from last next this early late mid of during every around before after to between for "
     "through end"},
    {kHundred, "hundred thousand"},
};

struct Valued {
  uint32_t classes;
  int first;
  int8_t step;
  std::string_view words;  // each word has the value of the one before plus `step`
};

constexpr Valued kValued[] = {
    {kMonth, 1, 1, "january february march april may june july august september october november december"},
    {kMonth, 1, 1, "jan feb mar apr may jun jul aug sept oct nov dec"},
    {kUnit, 0, 1, "zero one two three four five six seven eight nine"},
    {kUnit, 0, 0, "oh o nought naught nil"},
    {kTeen, 10, 1, "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"},
    {kTens, 20, 10, "twenty thirty forty fifty sixty seventy eighty ninety"},
    {kOrdinal, 1, 1,
     "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
     "fifteenth "
     "sixteenth seventeenth eighteenth nineteenth twentieth"},
    {kOrdinal, 30, 0, "thirtieth"},
    {kRepeat, 2, 0, "double"},
    {kRepeat, 3, 0, "treble triple"},
    {kTrigger, static_cast<int8_t>(Trigger::kBirth), 0, "born dob dobs birthday birthdays birthdate birth"},
    {kTrigger, static_cast<int8_t>(Trigger::kPhone), 0, "phone mobile mob telephone landline ring tel whatsapp"},
    {kTrigger, static_cast<int8_t>(Trigger::kNhs), 0, "nhs nhsno nhsnumber chi"},
    {kTrigger, static_cast<int8_t>(Trigger::kId), 0,
     "reference ref passport case account insurance licence upn ni nino mosaic sort"},
    {kTrigger, static_cast<int8_t>(Trigger::kPostcode), 0, "postcode postal postcodes"},
    {kTrigger, static_cast<int8_t>(Trigger::kAddress), 0, "address live lives lived living moved flat"},
    {kTrigger, static_cast<int8_t>(Trigger::kEmail), 0, "email emails mail"},
};

template <typename Each>
void ForEachWord(std::string_view words, const Each& each) {
  for (size_t begin = 0; begin < words.size();) {
    size_t end = words.find(' ', begin);
    if (end == std::string_view::npos) end = words.size();
    if (end > begin) each(words.substr(begin, end - begin));
    begin = end + 1;
  }
}

struct Entry {
  std::string_view word;
  WordInfo info;
};

using Table = absl::flat_hash_map<uint64_t, Entry>;

const Table& Words() {
  static const Table* const table = [] {
    auto* made = new Table;
    const auto add = [made](std::string_view word, uint32_t classes) -> WordInfo& {
      Entry& entry = (*made)[HashWord(word)];
      entry.word = word;
      entry.info.classes |= classes;
      return entry.info;
    };
    for (const List& list : kLists) {
      ForEachWord(list.words, [&](std::string_view word) { add(word, list.classes); });
    }
    for (const Valued& list : kValued) {
      int value = list.first;
      ForEachWord(list.words, [&](std::string_view word) {
        add(word, list.classes).value = static_cast<int8_t>(value);
        value += list.step;
      });
    }
    return made;
  }();
  return *table;
}

}  // namespace

WordInfo Lookup(std::string_view word, uint64_t hash) {
  const Table& table = Words();
  const auto it = table.find(hash);
  return it == table.end() || it->second.word != word ? WordInfo{} : it->second.info;
}

bool IsNearName(std::string_view word) {
  static const auto* const words = [] {
    auto* made = new absl::flat_hash_set<uint64_t>;
    ForEachWord(kNearNames, [&](std::string_view near) { made->insert(HashWord(near)); });
    return made;
  }();
  return words->contains(HashWord(word));
}

}  // namespace plumbline::coding::pseudonym
