#include "instruments/domain/key_catalogue.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace plumbline::instruments {
namespace {

// The same error with every place put under `prefix`.
absl::Status WithPrefix(const absl::Status& status, const std::string& prefix) {
  std::optional<ErrorDetail> detail = GetErrorDetail(status);
  if (!detail.has_value()) return status;
  for (FieldViolation& violation : detail->violations) violation.field = absl::StrCat(prefix, ": ", violation.field);
  return MakeError(status.code(), absl::StrCat(prefix, ": ", status.message()), *std::move(detail));
}

}  // namespace

absl::StatusOr<KeyCatalogue> KeyCatalogue::Create(std::vector<InstrumentKey> keys) {
  KeyCatalogue catalogue;
  for (InstrumentKey& key : keys) {
    const std::string name = absl::StrCat(InstrumentName(key.id), "@", key.version);
    if (const absl::Status status = ValidateKey(key); !status.ok()) return WithPrefix(status, name);
    const int version = key.version;
    const std::string id = key.id;
    if (!catalogue.keys_[id].emplace(version, std::move(key)).second) {
      return InvalidField(absl::StrCat(name, ": version"), absl::StrCat(version), "this version stands twice");
    }
  }
  return catalogue;
}

absl::StatusOr<const InstrumentKey*> KeyCatalogue::Find(std::string_view id, int version) const {
  if (version < 0) return InvalidField("instrument_version", absl::StrCat(version), "must be 0 (the newest) or more");
  const auto versions = keys_.find(id);
  if (versions == keys_.end()) return NotFound(InstrumentName(id));
  if (version == 0) return &versions->second.rbegin()->second;
  const auto key = versions->second.find(version);
  if (key == versions->second.end()) return NotFound(absl::StrCat(InstrumentName(id), "@", version));
  return &key->second;
}

std::vector<const InstrumentKey*> KeyCatalogue::Newest() const {
  std::vector<const InstrumentKey*> newest;
  newest.reserve(keys_.size());
  for (const auto& [id, versions] : keys_) newest.push_back(&versions.rbegin()->second);
  return newest;
}

std::string InstrumentName(std::string_view id) {
  return absl::StrCat("instruments/", absl::string_view(id.data(), id.size()));
}

}  // namespace plumbline::instruments
