#include <string>

#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym_typed.h"
#include "coding/service/convert.h"
#include "common/base/error.h"
#include "common/operations/convert.h"

// Codes and what a coder sees.
namespace plumbline::coding {

v1::Code ToProto(const Code& code, FrameKind kind) {
  v1::Code out;
  out.set_version(code.version);
  *out.mutable_submit_time() = operations::ToProto(code.submit_time);
  out.set_skip_reason(code.skip_reason);
  if (IsSkip(code)) return out;
  if (kind == FrameKind::kNominatedList || kind == FrameKind::kBinary) out.set_outcomes_focused(code.outcomes_focused);
  out.set_nomination(code.nomination);
  for (const std::string& entry : code.present) out.add_present_entries(entry);
  for (const auto& [entry, rating] : code.ratings) (*out.mutable_ratings())[entry] = rating;
  out.set_category(code.category);
  if (code.number) out.set_number(*code.number);
  return out;
}

v1::Item ToProto(const CoderItem& item, FrameKind kind) {
  v1::Item out;
  out.set_id(item.item_id);
  out.set_position(item.position);
  out.set_text(item.text);
  out.set_context(item.context);
  out.set_second_text(item.second_text);
  for (const Passage& passage : item.passages) {
    v1::Passage& to = *out.add_passages();
    to.set_number(passage.number);
    to.set_voice(passage.voice);
    to.set_text(passage.text);
  }
  if (item.code) *out.mutable_code() = ToProto(*item.code, kind);
  return out;
}

v1::Suggestion ToProto(const Suggestion& suggestion, const SuggestionRules& rules) {
  v1::Suggestion out;
  out.set_outcomes_focused(suggestion.outcomes_focused);
  out.set_nomination(suggestion.nomination);
  for (const FiredRule& fired : suggestion.fired) {
    v1::SuggestionReason& to = *out.add_reasons();
    to.set_rule(fired.rule);
    to.set_reason(fired.reason);
    to.set_words(fired.words);
  }
  out.set_rules(RulesName(rules));
  return out;
}

HandedInCode FromProto(const v1::Code& code, bool present, std::string_view place, Violations& violations) {
  HandedInCode out;
  if (!present) {
    violations.AddMissing(place);
    return out;
  }
  out.outcomes_focused_given = code.has_outcomes_focused();
  out.code.outcomes_focused = code.outcomes_focused();
  out.code.nomination = code.nomination();
  // A reason may name somebody whom the item does not.
  out.code.skip_reason = HideInReason(code.skip_reason());
  for (int i = 0; i < code.present_entries_size(); ++i) {
    if (!out.code.present.insert(code.present_entries(i)).second) {
      violations.Add(absl::StrCat(absl::string_view(place.data(), place.size()), ".present_entries[", i, "]"),
                     code.present_entries(i), "stands twice");
    }
  }
  for (const auto& [entry, rating] : code.ratings()) out.code.ratings[entry] = rating;
  out.code.category = code.category();
  if (code.has_number()) out.code.number = code.number();
  return out;
}

}  // namespace plumbline::coding
