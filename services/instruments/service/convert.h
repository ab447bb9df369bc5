#ifndef PLUMBLINE_INSTRUMENTS_SERVICE_CONVERT_H_
#define PLUMBLINE_INSTRUMENTS_SERVICE_CONVERT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "instruments/domain/instrument_key.h"
#include "instruments/domain/response.h"
#include "instruments/domain/scoring.h"
#include "instruments/domain/summary.h"
#include "instruments/storage/instruments_store.h"
#include "plumbline/instruments/v1/instruments.pb.h"

// Between messages and the domain. What comes in is checked in form here and in substance by the domain.
namespace plumbline::instruments {

// The id in "instruments/{instrument}"; INVALID_ARGUMENT naming `field`.
absl::StatusOr<std::string> InstrumentIdFromName(std::string_view name, std::string_view field);
absl::StatusOr<std::string> ResponseIdFromName(std::string_view name);

std::vector<Answer> FromProto(const google::protobuf::RepeatedPtrField<v1::Answer>& answers);
std::vector<GroupMembers> FromProto(const google::protobuf::RepeatedPtrField<v1::Group>& groups);

v1::ScoreDirection ToProto(Direction direction);
v1::Instrument ToProto(const InstrumentKey& key);
v1::Score ToProto(const Score& score);
v1::Response ToProto(const StoredResponse& response);

// A new response as it will be stored.
StoredResponse ToStored(const ScoredResponse& scored, const InstrumentKey& key, std::string id, absl::Time now);

// Tokens of lists: where the next page starts. A token holds the filter it was made for, so that it cannot be used for
// another; INVALID_ARGUMENT, field "page_token", for what is not ours. The start of the first page is "".
std::string EncodePageToken(std::string_view filter, std::string_view after);
absl::StatusOr<std::string> DecodePageToken(std::string_view filter, const std::string& token);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_SERVICE_CONVERT_H_
