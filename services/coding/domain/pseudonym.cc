#include "coding/domain/pseudonym.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "coding/domain/pseudonym_search.h"
#include "coding/domain/pseudonym_turns.h"
#include "coding/domain/words.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline::coding {
namespace {

using pseudonym::Document;
using pseudonym::DocumentText;
using pseudonym::Lexicon;
using pseudonym::Search;
using pseudonym::Stretch;
using pseudonym::Token;

constexpr std::array<const char*, 9> kKindNames = {"PERSON",  "DATE-OF-BIRTH", "PHONE",  "EMAIL", "POSTCODE",
                                                   "ADDRESS", "NHS-NUMBER",    "SCHOOL", "ID"};
// A greater number in the text of a placeholder is taken for no placeholder of ours.
constexpr int64_t kMaxWritten = 1'000'000;

void CheckName(const std::string& place, const std::string& value, const IdentityLimits& limits,
               Violations& violations) {
  constexpr char kHidden[] = "(not shown)";
  if (value.size() > limits.max_bytes) {
    violations.Add(place, kHidden, absl::StrCat("may have at most ", limits.max_bytes, " bytes"));
  } else if (FirstInvalidUtf8(value) != std::string_view::npos) {
    violations.Add(place, kHidden, "must be UTF-8");
  } else {
    const size_t words = pseudonym::FoldWords(value).size();
    if (words == 0) violations.Add(place, kHidden, "must hold a letter or a digit");
    if (words > limits.max_words) {
      violations.Add(place, kHidden, absl::StrCat("may have at most ", limits.max_words, " words"));
    }
  }
}

void CheckIdentity(const std::string& place, const Identity& identity, const IdentityLimits& limits,
                   Violations& violations) {
  const bool person = identity.kind == PseudonymKind::kPerson;
  if (person) {
    if (identity.given_name.empty() && identity.family_name.empty()) {
      violations.Add(place, "(not shown)", "a person needs a given_name or a family_name");
    }
    if (!identity.text.empty()) violations.Add(place + ".text", "(not shown)", "is not for a person");
    if (!identity.given_name.empty()) CheckName(place + ".given_name", identity.given_name, limits, violations);
    if (!identity.family_name.empty()) CheckName(place + ".family_name", identity.family_name, limits, violations);
  } else {
    if (!identity.given_name.empty() || !identity.family_name.empty()) {
      violations.Add(place, "(not shown)", "given_name and family_name are for a person");
    }
    if (identity.text.empty()) {
      violations.AddMissing(place + ".text");
    } else {
      CheckName(place + ".text", identity.text, limits, violations);
    }
  }
  if (identity.also.size() > limits.max_also) {
    violations.Add(place + ".also", absl::StrCat(identity.also.size(), " names"),
                   absl::StrCat("may be at most ", limits.max_also));
    return;
  }
  for (size_t i = 0; i < identity.also.size(); ++i) {
    CheckName(absl::StrCat(place, ".also[", i, "]"), identity.also[i], limits, violations);
  }
}

// Nothing longer is looked at: a text may hold any number of brackets.
constexpr size_t kLongestPlaceholder = 41;

// A placeholder that starts at `at`; the byte after it, or npos.
size_t ReadPlaceholder(std::string_view text, size_t at, std::pair<PseudonymKind, int64_t>& out) {
  const std::string_view from_here = text.substr(at, kLongestPlaceholder);
  const size_t length = from_here.find(']');
  if (length == std::string_view::npos) return std::string_view::npos;
  const size_t close = at + length;
  const std::string_view inside = text.substr(at + 1, length - 1);
  const size_t dash = inside.rfind('-');
  if (dash == std::string_view::npos) return std::string_view::npos;
  const auto kind = PseudonymKindFromString(inside.substr(0, dash));
  const std::string_view digits = inside.substr(dash + 1);
  int64_t number = 0;
  if (!kind || !absl::SimpleAtoi(absl::string_view(digits.data(), digits.size()), &number)) {
    return std::string_view::npos;
  }
  if (number < 1 || number > kMaxWritten) return std::string_view::npos;
  out = {*kind, number};
  return close + 1;
}

// Placeholders that stand in the text already are left alone, and their numbers given to nobody new. What they are made
// of says nothing about the words beside them: "[PHONE-1]" announces no number.
void KeepWritten(Search& search, Findings& findings) {
  for (const DocumentText& text : search.document.texts) {
    size_t token = text.first;
    for (size_t at = text.text.find('['); at != std::string_view::npos; at = text.text.find('[', at + 1)) {
      std::pair<PseudonymKind, int64_t> written;
      const size_t end = ReadPlaceholder(text.text, at, written);
      if (end == std::string_view::npos) continue;
      findings.written.insert(written);
      while (token < text.last && search.token(token).begin < at) ++token;
      for (; token < text.last && search.token(token).end <= end; ++token) {
        search.token(token).taken = true;
        search.token(token).classes = 0;
      }
    }
  }
}

// Entities in the order of their first mention, mentions by text.
Findings Collect(Search search, const std::map<size_t, Stretch*>& stretches, size_t utterances, Findings findings) {
  std::sort(search.found.begin(), search.found.end(), [](const Search::Found& a, const Search::Found& b) {
    return std::pair(a.text, a.mention.begin) < std::pair(b.text, b.mention.begin);
  });
  findings.texts.resize(utterances);
  std::vector<size_t> order(search.entities.size(), SIZE_MAX);
  for (size_t f = 0; f < search.found.size(); ++f) {
    const Search::Found& found = search.found[f];
    Mention mention = found.mention;
    size_t& place = order[mention.entity];
    if (place == SIZE_MAX) {
      place = findings.entities.size();
      findings.entities.push_back(std::move(search.entities[mention.entity]));
    }
    mention.entity = place;
    const DocumentText& text = search.document.texts[found.text];
    if (text.label) {
      findings.labels[std::string(text.text)].push_back(mention);
    } else {
      const bool last = f + 1 == search.found.size() || search.found[f + 1].text != found.text;
      const size_t next = last ? text.text.size() : search.found[f + 1].mention.begin;
      PlaceMention(*stretches.at(found.text), search.document, text, mention, next, findings.texts);
    }
    if (!text.note) ++findings.counts[{findings.entities[place].kind, found.rule}];
  }
  return findings;
}

}  // namespace

const char* ToString(PseudonymKind kind) { return kKindNames[static_cast<size_t>(kind)]; }

std::optional<PseudonymKind> PseudonymKindFromString(std::string_view text) {
  for (const PseudonymKind kind : kPseudonymKinds) {
    if (text == ToString(kind)) return kind;
  }
  return std::nullopt;
}

std::string Placeholder(PseudonymKind kind, int64_t number) {
  return absl::StrCat("[", ToString(kind), "-", number, "]");
}

IdentityList::IdentityList() : lexicon_(std::make_shared<const Lexicon>()) {}

absl::StatusOr<IdentityList> IdentityList::Compile(const std::vector<Identity>& identities,
                                                   const IdentityLimits& limits) {
  Violations violations;
  if (identities.size() > limits.max_identities) {
    return InvalidField("identities", absl::StrCat(identities.size(), " identities"),
                        absl::StrCat("may be at most ", limits.max_identities));
  }
  for (size_t i = 0; i < identities.size(); ++i) {
    CheckIdentity(absl::StrCat("identities[", i, "]"), identities[i], limits, violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  auto lexicon = std::make_shared<Lexicon>();
  for (const Identity& identity : identities) {
    if (identity.kind == PseudonymKind::kPerson) {
      lexicon->AddPerson(identity);
    } else {
      lexicon->AddText(identity);
    }
  }
  IdentityList list;
  list.lexicon_ = std::move(lexicon);
  return list;
}

bool IdentityList::NamedIn(std::string_view resource_id) const {
  std::vector<std::string> runs;
  for (const std::string& word : pseudonym::FoldWords(resource_id)) {
    bool inside = false;
    for (const char c : word) {
      const bool letter = c < '0' || c > '9';
      if (letter && !inside) runs.emplace_back();
      if (letter) runs.back() += c;
      inside = letter;
    }
  }
  return lexicon_->NamedIn(runs);
}

Findings FindIdentifiers(const std::vector<Utterance>& utterances, const IdentityList& identities) {
  Search search;
  Findings findings;
  std::vector<Stretch> stretches = pseudonym::SpeakerStretches(utterances);
  std::map<size_t, Stretch*> stretch_of;  // by text
  std::set<std::string_view> labels;
  std::vector<bool> roles;  // by text
  for (Stretch& stretch : stretches) {
    const Utterance& utterance = utterances[stretch.parts[0].utterance];
    if (!utterance.speaker.empty() && labels.insert(utterance.speaker).second) {
      roles.resize(search.document.texts.size() + 1);
      roles.back() = utterance.speaker_role;
      AddText(utterance.speaker, /*label=*/true, false, search.document);
    }
    stretch_of[search.document.texts.size()] = &stretch;
    AddStretch(utterances, stretch, search.document);
    const DocumentText& text = search.document.texts.back();
    if (!text.note) findings.words += static_cast<int>(text.last - text.first);
  }
  roles.resize(search.document.texts.size());
  KeepWritten(search, findings);
  FinishDocument(search.document);

  const Lexicon& listed = identities.lexicon();
  FindEmails(search);
  FindBirthDates(search);
  FindNumbers(search);
  FindCodes(search);
  FindListedTexts(listed, search);
  FindAddresses(search);
  FindSpelled(listed, search);
  FindListedPersons(listed, /*given_away=*/false, search);
  Lexicon named = listed;
  FindLabels(roles, listed, named, search);
  FindNamesInContext(named, search);
  FindMisspelled(listed, search);
  FindListedPersons(named, /*given_away=*/true, search);
  return Collect(std::move(search), stretch_of, utterances.size(), std::move(findings));
}

std::string ReplaceMentions(std::string_view text, const std::vector<Mention>& mentions,
                            const std::vector<PseudonymEntity>& entities, const std::vector<int64_t>& numbers) {
  std::string out;
  size_t at = 0;
  for (const Mention& mention : mentions) {
    out += text.substr(at, mention.begin - at);
    if (!mention.rest) out += Placeholder(entities[mention.entity].kind, numbers[mention.entity]) + mention.tail;
    at = mention.end;
  }
  out += text.substr(at);
  return out;
}

std::vector<int64_t> LocalNumbers(const Findings& findings) {
  std::map<PseudonymKind, int64_t> next;
  std::vector<int64_t> numbers;
  numbers.reserve(findings.entities.size());
  for (const PseudonymEntity& entity : findings.entities) {
    int64_t& number = next[entity.kind];
    do {
      ++number;
    } while (findings.written.count({entity.kind, number}) > 0);
    numbers.push_back(number);
  }
  return numbers;
}

void KeepPlaceholdersWhole(std::string_view text, size_t& begin, size_t& end) {
  const auto around = [&](size_t cut) -> std::pair<size_t, size_t> {
    if (cut == 0 || cut >= text.size()) return {cut, cut};
    // No further back than a placeholder is long: a turn may have thousands of parts.
    const size_t first = cut - std::min(cut, kLongestPlaceholder - 1);
    const size_t before = text.substr(first, cut - first).rfind('[');
    if (before == std::string_view::npos) return {cut, cut};
    const size_t open = first + before;
    std::pair<PseudonymKind, int64_t> ignored;
    const size_t close = ReadPlaceholder(text, open, ignored);
    return close == std::string_view::npos || close <= cut ? std::pair(cut, cut) : std::pair(open, close);
  };
  begin = around(begin).first;
  end = around(end).second;
}

bool MatchesPlaceholders(std::string_view replaced, std::string_view raw) {
  constexpr size_t kMostReplaced = 100;
  std::vector<std::string_view> between;  // what stands before, between and after the placeholders
  size_t from = 0;
  for (size_t at = replaced.find('['); at != std::string_view::npos; at = replaced.find('[', at + 1)) {
    std::pair<PseudonymKind, int64_t> ignored;
    const size_t end = ReadPlaceholder(replaced, at, ignored);
    if (end == std::string_view::npos) continue;
    between.push_back(replaced.substr(from, at - from));
    from = end;
  }
  const std::string_view last = replaced.substr(from);
  if (between.empty()) return replaced == raw;
  const auto has_word = [](std::string_view text) { return !Words(text).list().empty(); };
  if (!raw.starts_with(between[0]) || !raw.ends_with(last)) return false;
  if (!has_word(last) && std::none_of(between.begin(), between.end(), has_word)) return false;
  size_t at = between[0].size();
  for (size_t i = 1; i < between.size(); ++i) {
    const size_t found = raw.find(between[i], at + 1);
    if (found == std::string_view::npos || found - at > kMostReplaced) return false;
    at = found + between[i].size();
  }
  const size_t rest = raw.size() - std::min(raw.size(), at);
  return rest > last.size() && rest - last.size() <= kMostReplaced;
}

size_t BytesBesidePlaceholders(std::string_view text) {
  size_t bytes = text.size();
  for (size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    std::pair<PseudonymKind, int64_t> written;
    const size_t end = ReadPlaceholder(text, at, written);
    if (end != std::string_view::npos) bytes -= end - at;
  }
  return bytes;
}

std::string Renumber(std::string_view text, const PlaceholderMap& numbers) {
  std::string out;
  size_t from = 0;
  for (size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
    std::pair<PseudonymKind, int64_t> old;
    const size_t end = ReadPlaceholder(text, at, old);
    if (end == std::string_view::npos) continue;
    const auto number = numbers.find(old);
    if (number == numbers.end()) continue;
    out += text.substr(from, at - from);
    out += Placeholder(old.first, number->second);
    from = end;
  }
  out += text.substr(from);
  return out;
}

PlaceholderMap NumberAnew(const std::vector<std::string_view>& texts) {
  PlaceholderMap numbers;
  std::map<PseudonymKind, int64_t> last;
  for (const std::string_view text : texts) {
    for (size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
      std::pair<PseudonymKind, int64_t> found;
      if (ReadPlaceholder(text, at, found) == std::string_view::npos) continue;
      if (const auto [it, added] = numbers.emplace(found, 0); added) it->second = ++last[found.first];
    }
  }
  return numbers;
}

void Renumber(const PlaceholderMap& numbers, Transcript& transcript) {
  for (Turn& turn : transcript.turns) {
    turn.text = Renumber(turn.text, numbers);
    turn.speaker = Renumber(turn.speaker, numbers);
  }
  for (ImportWarning& warning : transcript.warnings) warning.message = Renumber(warning.message, numbers);
}

std::vector<Utterance> UtterancesOf(const Transcript& transcript, const RoleMap& default_roles) {
  std::vector<Utterance> utterances;
  utterances.reserve(transcript.turns.size() + transcript.warnings.size());
  for (const Turn& turn : transcript.turns) {
    utterances.push_back({turn.speaker, default_roles.Knows(turn.speaker), turn.text, false});
  }
  for (const ImportWarning& warning : transcript.warnings) utterances.push_back({"", false, warning.message, true});
  return utterances;
}

void ReplaceIdentifiers(const Findings& findings, const std::vector<int64_t>& numbers, Transcript& transcript) {
  const auto replaced = [&](std::string_view text, const std::vector<Mention>& mentions) {
    return ReplaceMentions(text, mentions, findings.entities, numbers);
  };
  std::vector<std::pair<std::string, std::string>> quoted;  // labels as warnings quote them
  std::map<std::string, std::string> labels;
  for (const auto& [label, mentions] : findings.labels) {
    labels[label] = replaced(label, mentions);
    quoted.emplace_back(absl::StrCat("\"", label, "\""), absl::StrCat("\"", labels[label], "\""));
  }
  size_t at = 0;
  for (Turn& turn : transcript.turns) {
    turn.text = replaced(turn.text, findings.texts[at++]);
    if (const auto label = labels.find(turn.speaker); label != labels.end()) turn.speaker = label->second;
  }
  for (ImportWarning& warning : transcript.warnings) {
    warning.message = absl::StrReplaceAll(replaced(warning.message, findings.texts[at++]), quoted);
  }
}

}  // namespace plumbline::coding
