#include "coding/service/pseudonymizer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym_captions.h"
#include "common/base/error_fields.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

// The enum's values follow PseudonymKind.
std::optional<PseudonymKind> KindFromProto(v1::PseudonymKind kind) {
  if (kind < v1::PSEUDONYM_KIND_PERSON || kind > v1::PSEUDONYM_KIND_ID) return std::nullopt;
  return kPseudonymKinds[static_cast<size_t>(kind) - 1];
}

Identity FromProto(const v1::Identity& from, const std::string& place, Violations& violations) {
  Identity identity;
  if (from.kind() != v1::PSEUDONYM_KIND_UNSPECIFIED) {
    const auto kind = KindFromProto(from.kind());
    if (!kind) violations.Add(place + ".kind", absl::StrCat(static_cast<int>(from.kind())), "is not a known kind");
    identity.kind = kind.value_or(PseudonymKind::kPerson);
  }
  identity.given_name = from.given_name();
  identity.family_name = from.family_name();
  identity.text = from.text();
  identity.also.assign(from.also().begin(), from.also().end());
  return identity;
}

Hidden Describe(const PseudonymChoice& choice, Findings findings, std::vector<int64_t> numbers) {
  Hidden hidden;
  hidden.local = std::move(numbers);
  hidden.record = {kPseudonymRules, false, choice.family, findings.words, std::move(findings.counts)};
  hidden.entities = std::move(findings.entities);
  hidden.written = std::move(findings.written);
  return hidden;
}

// Gives what was found before the number it had then. Numbers of before that stand in the text are free for nobody, so
// the others do not meet them.
void KeepNumbers(const Hidden& before, const Findings& findings, std::vector<int64_t>& numbers) {
  std::map<std::pair<PseudonymKind, std::string_view>, int64_t> known;
  for (size_t i = 0; i < before.entities.size(); ++i) {
    known.emplace(std::pair(before.entities[i].kind, std::string_view(before.entities[i].forms[0])), before.local[i]);
  }
  for (size_t i = 0; i < findings.entities.size(); ++i) {
    const auto found = known.find({findings.entities[i].kind, findings.entities[i].forms[0]});
    if (found != known.end()) numbers[i] = found->second;
  }
}

// Makes of what was found later what was found in all. Entities of both stand twice, with one number.
void AddBefore(const Hidden& before, Hidden& later) {
  later.entities.insert(later.entities.begin(), before.entities.begin(), before.entities.end());
  later.local.insert(later.local.begin(), before.local.begin(), before.local.end());
  for (const auto& [what, mentions] : before.record.counts) later.record.counts[what] += mentions;
  later.record.words = before.record.words;  // the later ones are the same words, with placeholders
  later.written = before.written;            // the later ones hold placeholders that were put there meanwhile
}

Hidden Unsearched(const PseudonymChoice& choice) {
  Hidden hidden;
  hidden.record.off = true;
  hidden.record.family = choice.family;
  return hidden;
}

}  // namespace

absl::StatusOr<PseudonymChoice> ReadPseudonymChoice(const v1::PseudonymOptions& options, const std::string& prefix,
                                                    std::string_view session, const std::string& session_field) {
  Violations violations;
  PseudonymChoice choice;
  choice.family = options.family();
  if (!choice.family.empty() && !IsValidResourceId(choice.family)) {
    violations.Add(prefix + ".family", "(not shown)", kResourceIdRule);
  }
  switch (options.mode()) {
    case v1::PSEUDONYM_MODE_UNSPECIFIED:
    case v1::PSEUDONYM_MODE_RULES:
      break;
    case v1::PSEUDONYM_MODE_OFF:
      choice.off = true;
      if (options.identities_size() > 0) {
        violations.Add(prefix + ".identities", absl::StrCat(options.identities_size(), " identities"),
                       "must be empty when the mode is OFF");
      }
      break;
    default:
      violations.Add(prefix + ".mode", absl::StrCat(static_cast<int>(options.mode())), "is not a known mode");
  }
  std::vector<Identity> identities;
  identities.reserve(static_cast<size_t>(options.identities_size()));
  for (int i = 0; i < options.identities_size(); ++i) {
    identities.push_back(FromProto(options.identities(i), absl::StrCat(prefix, ".identities[", i, "]"), violations));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  auto compiled = IdentityList::Compile(identities);
  if (!compiled.ok()) {
    return RenameFields(compiled.status(), [&](const std::string& field) { return absl::StrCat(prefix, ".", field); });
  }
  choice.identities = *std::move(compiled);
  CheckNamesNobody(choice, session, session_field, violations);
  CheckNamesNobody(choice, choice.family, prefix + ".family", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return choice;
}

void CheckNamesNobody(const PseudonymChoice& choice, std::string_view id, const std::string& field,
                      Violations& violations) {
  if (choice.identities.NamedIn(id)) violations.Add(field, "(not shown)", "must not hold a name that is listed");
}

Hidden HideIdentifiers(const PseudonymChoice& choice, std::vector<Cue>& cues) {
  if (choice.off) return Unsearched(choice);
  const CaptionTexts texts(cues);
  Findings findings = FindIdentifiers(texts.utterances(), choice.identities);
  std::vector<int64_t> numbers = LocalNumbers(findings);
  texts.Replace(findings, numbers, cues);
  return Describe(choice, std::move(findings), std::move(numbers));
}

Hidden HideIdentifiers(const PseudonymChoice& choice, Transcript& transcript, const std::optional<Hidden>& captions) {
  if (choice.off) return Unsearched(choice);
  Findings findings = FindIdentifiers(UtterancesOf(transcript), choice.identities);
  std::vector<int64_t> numbers = LocalNumbers(findings);
  if (captions) KeepNumbers(*captions, findings, numbers);
  ReplaceIdentifiers(findings, numbers, transcript);
  Hidden hidden = Describe(choice, std::move(findings), std::move(numbers));
  if (captions) AddBefore(*captions, hidden);
  return hidden;
}

Hidden HideIdentifiers(const PseudonymChoice& choice, std::vector<Question>& questions) {
  if (choice.off) return Unsearched(choice);
  std::vector<Utterance> utterances;
  utterances.reserve(questions.size());
  for (const Question& question : questions) utterances.push_back({"", false, question.text, false});
  Findings findings = FindIdentifiers(utterances, choice.identities);
  const std::vector<int64_t> numbers = LocalNumbers(findings);
  for (size_t i = 0; i < questions.size(); ++i) {
    questions[i].text = ReplaceMentions(questions[i].text, findings.texts[i], findings.entities, numbers);
  }
  return Describe(choice, std::move(findings), numbers);
}

absl::StatusOr<PseudonymRecord> KeptRecord(PseudonymReader& reader, const std::string& session,
                                           const PseudonymRecord& searched) {
  auto known = reader.GetPseudonymRecord(session);
  if (absl::IsNotFound(known.status())) return searched;
  RETURN_IF_ERROR(known.status());
  if (!searched.family.empty() && searched.family != known->family) {
    return InvalidField("pseudonyms.family", searched.family,
                        absl::StrCat("must be that of the import of transcripts/", session, ", ",
                                     known->family.empty() ? "which names none" : known->family));
  }
  known->off = known->off || searched.off;
  return known;
}

std::string PseudonymScope(const std::string& family, const std::string& session) {
  return family.empty() ? absl::StrCat("transcripts/", session) : absl::StrCat("families/", family);
}

absl::StatusOr<PseudonymBook*> PseudonymMemory::Open(const std::string& scope) {
  if (const auto it = books_.find(scope); it != books_.end()) return &it->second;
  std::vector<PseudonymRow> rows;
  if (hash_ != nullptr) {
    ASSIGN_OR_RETURN(rows, store_.ListPseudonyms(scope));
  }
  ASSIGN_OR_RETURN(PseudonymCounters next, store_.GetPseudonymCounters(scope));
  // Without a key the forms themselves tell names apart, for as long as this object lives.
  const auto keys_of = [hash = hash_, scope](const std::string& form) {
    return hash == nullptr ? std::vector<std::string>{form} : hash->Digests(absl::StrCat(scope, "\n", form));
  };
  const auto added = books_.emplace(scope, PseudonymBook(std::move(rows), std::move(next), keys_of));
  return &added.first->second;
}

absl::StatusOr<PlaceholderMap> PseudonymMemory::Number(const std::string& scope, const Hidden& hidden) {
  PlaceholderMap map;
  if (hidden.entities.empty()) return map;
  ASSIGN_OR_RETURN(PseudonymBook * book, Open(scope));
  Findings findings;
  findings.entities = hidden.entities;
  findings.written = hidden.written;
  const std::vector<int64_t> numbers = book->Number(findings);
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != hidden.local[i]) map[{hidden.entities[i].kind, hidden.local[i]}] = numbers[i];
  }
  return map;
}

absl::Status PseudonymMemory::Save() {
  for (const auto& [scope, book] : books_) {
    RETURN_IF_ERROR(store_.SetPseudonymCounters(scope, book.next()));
    if (hash_ == nullptr) continue;
    RETURN_IF_ERROR(store_.AddPseudonyms(scope, book.added()));
    RETURN_IF_ERROR(store_.DeletePseudonyms(scope, book.superseded()));
  }
  return absl::OkStatus();
}

v1::PseudonymKind ToProto(PseudonymKind kind) {
  return static_cast<v1::PseudonymKind>(static_cast<int>(kind) + v1::PSEUDONYM_KIND_PERSON);
}

v1::PseudonymSummary ToProto(const PseudonymRecord& record) {
  v1::PseudonymSummary out;
  out.set_mode(record.off ? v1::PSEUDONYM_MODE_OFF : v1::PSEUDONYM_MODE_RULES);
  out.set_rules_version(record.rules);
  out.set_family(record.family);
  out.set_word_count(record.words);
  for (const auto& [what, mentions] : record.counts) {
    v1::PseudonymCount& count = *out.add_counts();
    count.set_kind(ToProto(what.first));
    count.set_rule(what.second);
    count.set_mentions(mentions);
  }
  return out;
}

PseudonymRecord FromProto(const v1::PseudonymSummary& summary) {
  PseudonymRecord record{
      summary.rules_version(), summary.mode() == v1::PSEUDONYM_MODE_OFF, summary.family(), summary.word_count(), {}};
  for (const v1::PseudonymCount& count : summary.counts()) {
    if (const auto kind = KindFromProto(count.kind())) record.counts[{*kind, count.rule()}] = count.mentions();
  }
  return record;
}

PlaceholderMap FromProto(const google::protobuf::RepeatedPtrField<v1::PlaceholderNumber>& numbers) {
  PlaceholderMap map;
  for (const v1::PlaceholderNumber& number : numbers) {
    if (const auto kind = KindFromProto(number.kind())) map[{*kind, number.local()}] = number.number();
  }
  return map;
}

void ToProto(const PlaceholderMap& numbers, google::protobuf::RepeatedPtrField<v1::PlaceholderNumber>& out) {
  for (const auto& [local, number] : numbers) {
    v1::PlaceholderNumber& to = *out.Add();
    to.set_kind(ToProto(local.first));
    to.set_local(local.second);
    to.set_number(number);
  }
}

std::string AuditDetail(const PseudonymRecord& record) {
  if (record.off) return "pseudonyms=off";
  int mentions = 0;
  for (const auto& [what, count] : record.counts) mentions += count;
  return absl::StrCat("pseudonyms=", mentions, " pseudonym_rules=", record.rules);
}

}  // namespace plumbline::coding
