#include "coding/domain/turn_edits.h"

#include <cmath>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline::coding {
namespace {

class Editor {
 public:
  Editor(const RoleMap& roles, const TranscriptLimits& limits, std::vector<Turn> turns)
      : roles_(roles), limits_(limits), turns_(std::move(turns)) {}

  absl::Status Apply(const TurnEdit& edit, const std::string& place) {
    const bool merge = edit.kind == TurnEdit::Kind::kMerge;
    const int last = static_cast<int>(turns_.size()) - (merge ? 1 : 0);
    if (edit.turn < 1 || edit.turn > last) {
      return InvalidField(place + ".turn", absl::StrCat(edit.turn),
                          absl::StrCat("must be 1 to ", last, merge ? ": the last turn has none after it" : ""));
    }
    const auto at = static_cast<size_t>(edit.turn - 1);
    switch (edit.kind) {
      case TurnEdit::Kind::kSplit:
        return Split(edit, at, place);
      case TurnEdit::Kind::kMerge:
        Merge(at);
        return absl::OkStatus();
      case TurnEdit::Kind::kSetSpeaker:
        break;
    }
    done_.push_back(
        absl::StrCat("turn ", edit.turn, ": speaker \"", turns_[at].speaker, "\" to \"", edit.speaker, "\""));
    return SetSpeaker(edit, turns_[at], place);
  }

  absl::Status Finish() {
    if (turns_.size() > limits_.max_turns) {
      return InvalidField("edits", absl::StrCat(turns_.size(), " turns"),
                          absl::StrCat("may leave at most ", limits_.max_turns, " turns"));
    }
    std::set<std::string_view> labels;
    for (size_t i = 0; i < turns_.size(); ++i) {
      turns_[i].number = static_cast<int>(i) + 1;
      labels.insert(turns_[i].speaker);
    }
    if (labels.size() > limits_.max_speakers) {
      return InvalidField("edits", absl::StrCat(labels.size(), " speakers"),
                          absl::StrCat("may leave at most ", limits_.max_speakers, " speakers"));
    }
    return absl::OkStatus();
  }

  std::vector<Turn>& turns() { return turns_; }
  std::vector<std::string>& done() { return done_; }

 private:
  absl::Status Split(const TurnEdit& edit, size_t at, const std::string& place) {
    Turn& first = turns_[at];
    const std::string_view text = first.text;
    const bool inside = edit.offset > 0 && edit.offset < text.size();
    if (!inside || (static_cast<unsigned char>(text[edit.offset]) & 0xC0) == 0x80) {
      return InvalidField(place + ".offset", absl::StrCat(edit.offset),
                          absl::StrCat("must be 1 to ", text.size() - 1, ", and the first byte of a character"));
    }
    Turn second = first;
    second.text = CollapseSpace(text.substr(edit.offset));
    std::string before = CollapseSpace(text.substr(0, edit.offset));
    if (IsSoundOnly(second.text) || IsSoundOnly(before)) {
      return InvalidField(place + ".offset", absl::StrCat(edit.offset), "must leave words on both sides");
    }
    if (first.start_ms && first.end_ms) {
      const double part = static_cast<double>(edit.offset) / static_cast<double>(text.size());
      second.start_ms = *first.start_ms + std::llround(part * static_cast<double>(*first.end_ms - *first.start_ms));
    } else {
      second.start_ms.reset();
    }
    first.end_ms = second.start_ms;
    first.text = std::move(before);
    done_.push_back(absl::StrCat("split turn ", edit.turn, " at byte ", edit.offset));
    if (!edit.speaker.empty()) RETURN_IF_ERROR(SetSpeaker(edit, second, place));
    turns_.insert(turns_.begin() + static_cast<std::ptrdiff_t>(at) + 1, std::move(second));
    return absl::OkStatus();
  }

  void Merge(size_t at) {
    Turn& first = turns_[at];
    Turn& second = turns_[at + 1];
    done_.push_back(absl::StrCat("merged turn ", at + 2, " of \"", second.speaker, "\" into turn ", at + 1, " at byte ",
                                 first.text.size()));
    first.text += ' ';
    first.text += second.text;
    if (!first.start_ms && !first.end_ms) first.start_ms = second.start_ms;
    if (second.end_ms && (!first.end_ms || *second.end_ms > *first.end_ms)) first.end_ms = second.end_ms;
    if (first.start_ms && first.end_ms && *first.end_ms < *first.start_ms) first.end_ms = first.start_ms;
    turns_.erase(turns_.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }

  absl::Status SetSpeaker(const TurnEdit& edit, Turn& turn, const std::string& place) {
    const std::string label = CollapseSpace(edit.speaker);
    bool text = FirstInvalidUtf8(edit.speaker) == std::string_view::npos;
    for (const char c : edit.speaker) text = text && static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
    if (label.empty() || label.size() > limits_.max_label_bytes || !text) {
      return InvalidField(place + ".speaker", text ? edit.speaker : std::string(),
                          absl::StrCat("must be a label of 1 to ", limits_.max_label_bytes, " bytes of text"));
    }
    turn.role = edit.role ? *edit.role : RoleOf(label);
    turn.speaker = label;
    turn.suggested_by.clear();
    turn.confidence = 0;
    return absl::OkStatus();
  }

  Role RoleOf(const std::string& label) const {
    for (const Turn& turn : turns_) {
      if (turn.speaker == label && turn.role != Role::kUnknown) return turn.role;
    }
    return roles_.RoleOf(label);
  }

  const RoleMap& roles_;
  const TranscriptLimits& limits_;
  std::vector<Turn> turns_;
  std::vector<std::string> done_;
};

}  // namespace

absl::StatusOr<std::vector<std::string>> ApplyTurnEdits(const std::vector<TurnEdit>& edits, const RoleMap& roles,
                                                        const TranscriptLimits& limits, std::vector<Turn>& turns) {
  Editor editor(roles, limits, turns);
  for (size_t i = 0; i < edits.size(); ++i) RETURN_IF_ERROR(editor.Apply(edits[i], absl::StrCat("edits[", i, "]")));
  RETURN_IF_ERROR(editor.Finish());
  turns = std::move(editor.turns());
  return std::move(editor.done());
}

}  // namespace plumbline::coding
