#ifndef PLUMBLINE_INSTRUMENTS_STORAGE_ANSWER_CODEC_H_
#define PLUMBLINE_INSTRUMENTS_STORAGE_ANSWER_CODEC_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "instruments/domain/response.h"

namespace plumbline::instruments {

// A sheet of answers as one text, so that a response is one row: "1=7 2=2.5 4a=". An item id has no "=" and no blank;
// values keep every digit. Order is kept.
std::string EncodeAnswers(const std::vector<Answer>& answers);

// What EncodeAnswers wrote. INTERNAL for anything else.
absl::StatusOr<std::vector<Answer>> DecodeAnswers(std::string_view text);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_STORAGE_ANSWER_CODEC_H_
