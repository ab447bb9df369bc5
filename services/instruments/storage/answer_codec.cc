#include "instruments/storage/answer_codec.h"

#include <charconv>

namespace plumbline::instruments {
namespace {

absl::Status Damaged() { return absl::InternalError("stored answers cannot be read"); }

}  // namespace

std::string EncodeAnswers(const std::vector<Answer>& answers) {
  std::string text;
  for (const Answer& answer : answers) {
    if (!text.empty()) text += ' ';
    text += answer.item;
    text += '=';
    if (!answer.value.has_value()) continue;
    char digits[32];
    const auto end = std::to_chars(digits, digits + sizeof digits, *answer.value).ptr;  // shortest that reads back
    text.append(digits, end);
  }
  return text;
}

absl::StatusOr<std::vector<Answer>> DecodeAnswers(std::string_view text) {
  std::vector<Answer> answers;
  while (!text.empty()) {
    const size_t blank = std::min(text.find(' '), text.size());
    const std::string_view entry = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    const size_t equals = entry.find('=');
    if (equals == std::string_view::npos || equals == 0) return Damaged();
    Answer& answer = answers.emplace_back();
    answer.item = entry.substr(0, equals);
    const std::string_view digits = entry.substr(equals + 1);
    if (digits.empty()) continue;
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return Damaged();
    answer.value = value;
  }
  return answers;
}

}  // namespace plumbline::instruments
